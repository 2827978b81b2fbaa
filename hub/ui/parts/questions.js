// The questions about lines and baskets.
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "../lib.js";
import * as register from "../register.js";
import { kept } from "../codes.js";
import { net } from "../counter.js";
import { basket, lineNow, scale, scanGoesTo, selected, session } from "../state.js";
import { moneyOf, parseAmount, parseQuantity, shown } from "../money.js";
import { named, t } from "../text.js";
import { Field, FormError, Keypad } from "./forms.js";
import { close, Question } from "./question.js";

/** @param {string} text @returns {import("../types.d.ts").Money | null} */
function amountOf(text) {
  const mine = session.value;
  const minor = mine ? parseAmount(text, mine.scale) : null;
  return mine && minor !== null ? moneyOf(minor, mine.currency, mine.scale) : null;
}

const decimalKey = () => ((session.value?.scale ?? 0) === 0 ? "00" : ".");

/**
 * The line that a question is about: the one selected when it was asked, whatever another tab
 * scans meanwhile. Where it is gone, so is the question.
 * @param {boolean} [isOptional] whether the question may be about the basket as well
 */
function useLine(isOptional = false) {
  const asked = useRef({ line: selected.peek(), of: basket.peek()?.transaction_id }).current;
  const line = lineNow(asked.line, asked.of);
  const isGone = basket.value?.transaction_id !== asked.of || (!line && !isOptional);
  useEffect(() => { if (isGone) close(); }, [isGone]);
  return line;
}

export function QuantityOf() {
  const line = useLine();
  const text = useSignal("");
  const error = useSignal("");
  if (!line) return null;
  const isPiece = line.quantity.unit === "piece";
  const yes = () => {
    const quantity = parseQuantity(text.value, line.quantity.unit);
    error.value = quantity ? "" : t(isPiece ? "quantity.whole" : "quantity.bad");
    if (!quantity) return;
    register.setQuantity(line.line, quantity);
    close();
  };
  return html`
    <${Question} title=${t("do.quantity")} about=${`${line.description} · ${line.quantity.amount}`}
      yes=${t("ok")} onYes=${yes}>
      <${Field} label=${t("quantity_in", { unit: named("unit", line.quantity.unit) })} value=${text}
        name="quantity" mode="none" focused longest=${8} />
      <${FormError} text=${error.value} />
      <${Keypad} value=${text} extra=${isPiece ? "00" : "."} longest=${8} />
    <//>`;
}

const SCALE_STATES = [
  "stable", "zero", "moving", "too_light", "over_capacity", "under_zero", "too_fine", "own_tare",
];

/** @param {string} state @param {boolean} hasWeight less the tare */
function scaleState(state, hasWeight) {
  if (state === "stable" && !hasWeight) return "too_light";
  return SCALE_STATES.includes(state) ? state : "fault";
}

/**
 * What the scale shows, less the tare; nothing is sold by it before it is at rest.
 * @param {{ shown: import("../types.d.ts").ScaleView, tare?: string }} props
 */
function OnScale({ shown, tare }) {
  const weight = shown.weight && net(shown.weight, tare);
  return html`
    <p class="on-scale" role="status" data-state=${shown.state}>
      <strong>${weight ? `${weight.amount} kg` : "– – –"}</strong>
      <span>${named("scale", scaleState(shown.state, weight !== null))}</span>
      ${tare && html`<span>${t("scale.tare", { tare })}</span>`}
    </p>`;
}

/** @param {{ asked: { code: string, tare?: string } }} props */
export function Weight({ asked }) {
  const text = useSignal("");
  const error = useSignal("");
  const shown = scale.value;
  const hasScale = shown !== null && shown.state !== "absent";
  const yes = () => {
    if (hasScale && text.value === "") {
      const weight = shown.weight && net(shown.weight, asked.tare);
      error.value = weight ? "" : t("scale.wait");
      if (!weight) return;
      register.weighed(asked.code, weight, shown.reading);
    } else {
      const weight = parseQuantity(text.value, "kilogram");
      error.value = weight ? "" : t("quantity.bad");
      if (!weight) return;
      register.weighed(asked.code, weight);
    }
    close();
  };
  return html`
    <${Question} title=${t("weight.title")} about=${asked.code} yes=${t("ok")} onYes=${yes}>
      ${hasScale && html`<${OnScale} shown=${shown} tare=${asked.tare} />`}
      <${Field} label=${asked.tare ? t("weight.net", { tare: asked.tare })
        : t("quantity_in", { unit: named("unit", "kilogram") })} value=${text}
        name="weight" mode="none" focused longest=${8} />
      <${FormError} text=${error.value} />
      <${Keypad} value=${text} extra="." longest=${8} />
    <//>`;
}

/** @param {{ asked: { code: string, quantity: import("../types.d.ts").Quantity | null } }} props */
export function Price({ asked }) {
  const text = useSignal("");
  const error = useSignal("");
  const yes = () => {
    const amount = amountOf(text.value);
    error.value = amount ? "" : t("amount.bad");
    if (!amount) return;
    register.keyedWithPrice(asked.code, asked.quantity, amount);
    close();
  };
  return html`
    <${Question} title=${t("price.title")} about=${asked.code} yes=${t("ok")} onYes=${yes}>
      <${Field} label=${t("price.amount")} value=${text} name="price" mode="none" focused
        longest=${12} />
      <${FormError} text=${error.value} />
      <${Keypad} value=${text} extra=${decimalKey()} />
    <//>`;
}

const METHODS = /** @type {const} */ (["percent_off", "amount_off", "new_unit_price"]);

export function Discount() {
  const line = useLine(true);
  const isWhole = useSignal(line === null);
  const method = useSignal(/** @type {typeof METHODS[number]} */ ("percent_off"));
  const text = useSignal("");
  const reasons = session.value?.reasons.price ?? [];
  const reason = useSignal(reasons[0] ?? "");
  const error = useSignal("");
  const methods = METHODS.filter((one) => !(isWhole.value && one === "new_unit_price"));
  const yes = () => {
    const modifier = modifierOf(method.value, text.value);
    error.value = modifier ? "" : t("amount.bad");
    if (!modifier) return;
    register.modifyPrice(isWhole.value ? null : line?.line ?? null, modifier, reason.value);
    close();
  };
  /** @param {string} to */
  const scope = (to) => {
    isWhole.value = to === "basket";
    if (isWhole.value && method.value === "new_unit_price") method.value = "percent_off";
  };
  const about = isWhole.value ? t("whole_basket") : line?.description;
  return html`
    <${Question} title=${t("do.discount")} about=${about} yes=${t("ok")} onYes=${yes}>
      <div class="asking">
        <div>
          <${Choice} name="scope" label=${t("discount.of")} value=${isWhole.value ? "basket" : "line"}
            options=${[["line", t("this_line")], ["basket", t("whole_basket")]]} onChoose=${scope} />
          <${Choice} name="method" label=${t("discount.how")} value=${method.value}
            options=${methods.map((one) => [one, t(`discount.${one}`)])}
            onChoose=${(/** @type {any} */ to) => { method.value = to; }} />
          <${Choice} name="reason" label=${t("reason")} value=${reason.value}
            options=${reasons.map((one) => [one, named("reason", one)])}
            onChoose=${(/** @type {string} */ to) => { reason.value = to; }} />
        </div>
        <div class="with-keypad">
          <${Field} label=${t(`discount.${method.value}`)} value=${text} name="value" mode="none"
            focused longest=${12} />
          <${Keypad} value=${text}
            extra=${method.value === "percent_off" ? "." : decimalKey()} />
        </div>
      </div>
      <${FormError} text=${error.value} />
    <//>`;
}

/** @param {typeof METHODS[number]} method @param {string} text */
function modifierOf(method, text) {
  if (method === "percent_off") {
    const isPercent = /^\d{1,3}(\.\d{1,2})?$/.test(text.trim());
    return isPercent ? { method, percent: text.trim() } : null;
  }
  const amount = amountOf(text);
  if (!amount) return null;
  return method === "amount_off" ? { method, amount } : { method, price: amount };
}

/**
 * A few possibilities as buttons that are radios underneath.
 * @param {{ name: string, label: string, value: string, options: [id: string, text: string][],
 *   onChoose: (value: string) => void }} props
 */
export function Choice({ name, label, value, options, onChoose }) {
  return html`
    <fieldset class="choices">
      <legend>${label}</legend>
      ${options.map(([id, text]) => html`
        <label class="choice" key=${id}>
          <input type="radio" name=${name} value=${id} checked=${value === id}
            onChange=${() => onChoose(id)} />
          <span>${text}</span>
        </label>`)}
    </fieldset>`;
}

export function VoidLine() {
  const line = useLine();
  if (!line) return null;
  const yes = () => {
    register.voidLine(line.line);
    close();
  };
  return html`
    <${Question} title=${t("void.title")} yes=${t("do.void")} isBad onYes=${yes}>
      <p class="about about-line" tabindex="-1" data-first>
        <span>${line.description}</span> <strong>${shown(line.net)}</strong>
      </p>
    <//>`;
}

export function Abandon() {
  const reasons = session.value?.reasons.abandon ?? [];
  const reason = useSignal(reasons[0] ?? "");
  const total = basket.value?.totals.total;
  const yes = () => {
    register.abandon(reason.value);
    close();
  };
  return html`
    <${Question} title=${t("abandon.title")} about=${total && shown(total)} yes=${t("do.abandon")}
      isBad onYes=${yes}>
      <p>${t("abandon.text")}</p>
      <${Choice} name="reason" label=${t("reason")} value=${reason.value}
        options=${reasons.map((one) => [one, named("reason", one)])}
        onChoose=${(/** @type {string} */ to) => { reason.value = to; }} />
    <//>`;
}

export function ReturnItem() {
  const reasons = session.value?.reasons.return ?? [];
  const code = useSignal("");
  const count = useSignal("1");
  const reason = useSignal(reasons[0] ?? "");
  const error = useSignal("");
  useLayoutEffect(() => {
    scanGoesTo.value = (_, read) => { code.value = kept(read); };
    return () => { scanGoesTo.value = null; };
  }, []);
  const yes = () => {
    const quantity = parseQuantity(count.value, "piece");
    error.value = code.value.trim() && quantity ? "" : t("fill_all");
    if (error.value || !quantity) return;
    register.returned(code.value.trim(), quantity, reason.value);
    close();
  };
  return html`
    <${Question} title=${t("return.title")} yes=${t("do.return")} isBad onYes=${yes}>
      <div class="pair">
        <${Field} label=${t("return.code")} value=${code} name="code" focused longest=${64} />
        <${Field} label=${t("quantity_in", { unit: named("unit", "piece") })} value=${count}
          name="quantity" mode="numeric" longest=${5} />
      </div>
      <${Choice} name="reason" label=${t("reason")} value=${reason.value}
        options=${reasons.map((one) => [one, named("reason", one)])}
        onChoose=${(/** @type {string} */ to) => { reason.value = to; }} />
      <${FormError} text=${error.value} />
    <//>`;
}
