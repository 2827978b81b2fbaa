// What a scanner read, its own or one at a port of the hub: where it goes.
import { buyersScan } from "./buyer.js";
import { bare } from "./codes.js";
import { command, keyed } from "./register.js";
import * as sound from "./sound.js";
import {
  dialog, isAsking, query, scanGoesTo, screen, showRefusal, wantsBadge,
} from "./state.js";
import { t } from "./text.js";

/** "3*": how many of what comes next. */
export const MULTIPLIER = /^(\d{1,4}(?:\.\d{1,3})?)\s*[*x×]\s*/;

/** What has to be answered before the next scan: its field is not the scanner's. */
const QUESTIONS = [
  "choose", "department", "quantity", "weight", "price", "discount", "void", "abandon", "post_void",
  "badge", "pin", "clock", "force_day", "price_check",
];
/** What a badge says: whoever has read it can be who it is of. */
const BADGE = /^SB[0-9A-Z]{16}$/i;

/**
 * The scanner read a code.
 * @param {string} code
 */
export function scanned(code) {
  const plain = bare(code);
  if (BADGE.test(plain) && !wantsBadge.peek()) {
    // It is shown nowhere, kept nowhere and sent nowhere.
    sound.refused();
    showRefusal("badge_not_wanted", t("badge_not_wanted"));
    return;
  }
  const takes = scanGoesTo.peek();
  if (takes) {
    takes(plain, code);
    return;
  }
  if (isAsking.peek() || QUESTIONS.includes(dialog.peek()?.kind ?? "")) {
    sound.refused();
    showRefusal("question_open", t("question_open"), plain);
    return;
  }
  dialog.value = null;
  // What the customer of the sale that is done shows late is not the next one's.
  if (screen.peek() === "receipt" && buyersScan(code)) {
    sound.refused();
    showRefusal("sale_is_done", t("sale_is_done"));
    return;
  }
  sellScanned(code);
}

/**
 * A scanned code is for the basket, whatever the screen is about: the hub says what it is. What the
 * scanner said of its kind goes along.
 * @param {string} code
 */
export function sellScanned(code) {
  screen.value = "product";
  const times = MULTIPLIER.exec(query.peek());
  if (times && !buyersScan(code)) {
    query.value = "";
    // What was typed is used up: the next key is for the screen again.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    keyed(code, times[1]);
  } else {
    command({ type: "scan_item", code, onto: "last" });
  }
}
