// A payment that is with the terminal: it is waited for, asked about, or said what became of it.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { inquireCard, resolveCard } from "../register.js";
import { session, showRefusal } from "../state.js";
import { shown } from "../money.js";
import { named, t } from "../text.js";

/** @typedef {import("../types.d.ts").Basket} Basket */
/** @typedef {import("../types.d.ts").CardRequest} CardRequest */

/**
 * Says so where a request came to nothing: otherwise it would only be gone from the screen.
 * @param {Basket | null} open
 */
export function useCardOutcome(open) {
  const asked = useRef(/** @type {{ of: string, card: CardRequest, live: number } | null} */ (null));
  const card = open?.card;
  useEffect(() => {
    const before = asked.current;
    asked.current = open && card ? { of: open.transaction_id, card, live: liveIn(open) } : null;
    if (!before || card || !open || before.of !== open.transaction_id) return;
    const { kind, tender_type: tender, amount } = before.card;
    const isDone = kind === "sale" ? liveIn(open) > before.live : liveIn(open) < before.live;
    if (isDone) return;
    const words = { tender: named("tender", tender), amount: shown(amount) };
    showRefusal("card_declined", t(`card.declined.${kind}`, words));
  }, [open?.transaction_id, card?.request]);
}

/** @param {Basket} open */
const liveIn = ({ tenders }) => tenders.filter(({ voided }) => !voided).length;

/** @param {{ card: import("../types.d.ts").CardRequest, disabled: boolean }} props */
export function CardOnItsWay({ card, disabled }) {
  const reasons = session.value?.reasons.card ?? [];
  const reason = useSignal(reasons[0] ?? "");
  const tender = named("tender", card.tender_type);
  const isUnknown = card.state === "unknown";
  const heading = t(`card.${card.kind}${isUnknown ? "_unknown" : ""}`, { tender, amount: shown(card.amount) });
  return html`
    <section class="card-request" data-card=${card.state} role="status" aria-live="assertive">
      <h2>${heading}</h2>
      <p>${t(isUnknown ? "card.unknown" : "card.awaiting")}</p>
      <p class="card-where">
        ${t("card.where", { terminal: card.terminal, reference: card.reference })}
      </p>
      ${isUnknown && html`
        <button class="button primary" data-do="inquire" disabled=${disabled}
          onClick=${() => inquireCard(card.request)}>${t("card.inquire")}</button>
        <label class="field">
          <span>${t("card.why")}</span>
          <select name="card-reason" value=${reason.value}
            onChange=${(/** @type {any} */ event) => { reason.value = event.target.value; }}>
            ${reasons.map((code) => html`
              <option key=${code} value=${code}>${named("reason", code)}</option>`)}
          </select>
        </label>
        <div class="card-outcomes">
          <button class="button" data-do="was-charged" disabled=${disabled}
            onClick=${() => resolveCard(card.request, true, reason.value)}>
            ${t("card.was_done")}
          </button>
          <button class="button" data-do="was-not-charged" disabled=${disabled}
            onClick=${() => resolveCard(card.request, false, reason.value)}>
            ${t("card.was_not_done")}
          </button>
        </div>`}
    </section>`;
}
