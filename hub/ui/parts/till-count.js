// A count, note by note and coin by coin.
import { html, useRef, useSignal } from "../lib.js";
import { useKeys } from "../keys.js";
import { session } from "../state.js";
import { countedBeside, grouped, moneyOf, parseAmount, shown } from "../money.js";
import { named, t } from "../text.js";
import { countCommand, countTotal } from "../till.js";

/**
 * The field after one, as Enter goes through them: none after the last, the first from elsewhere.
 * @template Of
 * @param {Of[]} fields @param {unknown} from
 * @returns {Of | null}
 */
export const nextOf = (fields, from) => fields[fields.findIndex((one) => one === from) + 1] ?? null;

/** @param {{ disabled: boolean, onCount: (command: any) => void }} props */
export function Count({ disabled, onCount }) {
  const pieces = useSignal(/** @type {Record<string, string>} */ ({}));
  const others = useSignal(/** @type {Record<string, string>} */ ({}));
  const mine = session.value;
  if (!mine) return null;
  const notes = mine.denominations;
  const total = countTotal(notes, pieces.value);
  const counted = countedBeside(mine.tenders, mine.currency, mine.scale);
  /** @param {typeof pieces} of @param {string} key */
  const write = (of, key) => (/** @type {any} */ event) => {
    of.value = { ...of.value, [key]: event.target.value };
  };
  const typed = counted.map((one) => ({ ...one, text: (others.value[one.id] ?? "").trim() }))
    .filter(({ text }) => text !== "")
    .map(({ text, ...one }) => ({ ...one, minor: parseAmount(text, one.scale) }));
  const isBad = total === null || typed.some(({ minor }) => minor === null || minor < 0n);
  const submit = () => {
    if (isBad || disabled) return;
    onCount(countCommand(notes, pieces.value, typed.map(({ id, minor, currency, scale }) => ({
      tender_type: id, amount: moneyOf(minor ?? 0n, currency, scale),
    }))));
  };
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  // A note is typed and Enter pressed, note after note: only the last one's ends the count.
  const enter = (/** @type {KeyboardEvent} */ event) => {
    const fields = [...form.current?.querySelectorAll("input") ?? []];
    const next = nextOf(fields, event.target);
    if (!next) return submit();
    next.focus();
    next.select();
  };
  useKeys({ keys: { Enter: enter } });
  return html`
    <form class="card" data-form="count" ref=${form}
      onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); submit(); }}>
      <div class="till-notes">
        ${notes.map(({ amount }, at) => html`
          <label class="till-note" key=${amount}>
            <span>${grouped(amount)} ×</span>
            <input name=${`note-${amount}`} inputmode="numeric" autocomplete="off" maxlength="6"
              autofocus=${at === 0} value=${pieces.value[amount] ?? ""}
              onInput=${write(pieces, amount)} />
          </label>`)}
        ${counted.map(({ id, currency }) => html`
          <label class="till-note" key=${id}>
            <span>${named("tender", id)}${currency === mine.currency ? "" : ` ${currency}`}</span>
            <input name=${`other-${id}`} inputmode="decimal" autocomplete="off" maxlength="12"
              value=${others.value[id] ?? ""} onInput=${write(others, id)} />
          </label>`)}
      </div>
      <p class="till-total" role="status">${t("till.counted_cash")}
        <strong data-counted>${total === null ? "—"
          : shown(moneyOf(total, mine.currency, mine.scale))}</strong></p>
      ${isBad && html`<p class="form-error" role="alert">${t("till.bad_count")}</p>`}
      <button class="button primary" data-do="till" disabled=${disabled || isBad}>
        ${t("till.count")} <kbd>Enter</kbd>
      </button>
    </form>`;
}
