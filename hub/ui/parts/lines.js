// The basket's lines, and those still on their way.
import { html, useLayoutEffect, useRef } from "../lib.js";
import { basket, pending, select, selected } from "../state.js";
import { grouped, isZero, negated } from "../money.js";
import { named, said, t } from "../text.js";

/** @typedef {import("../types.d.ts").Line} Line */
/** @typedef {import("../types.d.ts").Modifier} Modifier */

export function Lines() {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const lines = basket.value?.lines ?? [];
  const waiting = pending.value.filter(({ command: { type } }) => type.endsWith("_item"));
  const last = selected.value?.line;

  const isEmpty = lines.length === 0 && waiting.length === 0;

  const bringInSight = () => {
    place.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  };
  useLayoutEffect(bringInSight, [last, lines.length, basket.value?.version]);
  // Prompts that come up below take their room from the lines.
  useLayoutEffect(() => {
    if (!place.current) return undefined;
    const watch = new ResizeObserver(bringInSight);
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [isEmpty]);
  useLayoutEffect(() => {
    if (place.current && waiting.length > 0) place.current.scrollTop = place.current.scrollHeight;
  }, [waiting.length]);

  if (isEmpty) return html`<${Nothing} />`;
  return html`
    <ol class="lines" ref=${place} tabindex="0" aria-label=${t("basket")}>
      ${lines.map((line) => html`<${Row} key=${line.line} line=${line} />`)}
      ${waiting.map((entry) => {
        const isHeldUp = entry.state === "waiting" || entry.state === "asking";
        return html`
          <li key=${entry.command_id} class="line line-waiting" data-waiting=${entry.state}>
            <span class="line-name">${entry.command.code}</span>
            <span class="line-net">${t(isHeldUp ? "waiting" : "looking_up")}</span>
          </li>`;
      })}
    </ol>`;
}

/** @param {{ line: Line }} props */
function Row({ line }) {
  const isChosen = selected.value?.line === line.line;
  const classes = ["line"];
  if (line.voided) classes.push("line-voided");
  if (line.kind === "return") classes.push("line-return");
  if (line.deposit_of !== undefined) classes.push("line-deposit");
  return html`
    <li class=${classes.join(" ")} data-line=${line.line} aria-current=${isChosen && !line.voided}
      onClick=${() => { if (!line.voided) select(line.line); }}>
      <span class="line-name">
        ${line.kind === "return" && html`<em class="tag">${t("returned")}</em>`}
        ${line.voided && html`<em class="tag">${t("voided")}</em>`}
        ${line.description}
      </span>
      <span class="line-net">${grouped(line.net.amount)}</span>
      <span class="line-detail">
        <span class="line-quantity">${quantityShown(line)}</span>
        <span class="line-code">${line.code}</span>
      </span>
      ${line.serial && html`
        <span class="line-serial">${t("serial.label")} ${line.serial}</span>`}
      ${line.modifiers.map((modifier) => html`<${Off} modifier=${modifier} />`)}
    </li>`;
}

/** @param {Line} line */
function quantityShown(line) {
  const unit = named("unit", line.quantity.unit);
  return `${grouped(line.quantity.amount)} ${unit} × ${grouped(line.unit_price.amount)}`;
}

/** What a modifier takes off. @param {{ modifier: Modifier }} props */
export function Off({ modifier }) {
  if (isZero(modifier.amount)) return null;
  const { promotion } = modifier;
  const how = !promotion && modifier.method === "percent_off" ? ` ${modifier.percent}%` : "";
  return html`
    <span class="line-off" data-off=${promotion?.id}>
      <span>${promotion ? said(promotion.name) : named("reason", modifier.reason)}${how}</span>
      <span>${grouped(negated(modifier.amount).amount)}</span>
    </span>`;
}

function Nothing() {
  return html`
    <div class="nothing">
      <svg viewBox="0 0 64 40" aria-hidden="true" class="nothing-picture">
        <path d="M6 4v32M12 4v32M16 4v32M24 4v32M29 4v32M38 4v32M43 4v32M47 4v32M58 4v32" />
        <path class="beam" d="M0 20h64" />
      </svg>
      <p><strong>${t("empty.title")}</strong></p>
      <p>${t("empty.text")}</p>
    </div>`;
}
