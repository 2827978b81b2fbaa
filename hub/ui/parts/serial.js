// The number that a piece bears: asked for at once, and the scanner answers.
import { html, useEffect, useLayoutEffect, useSignal } from "../lib.js";
import { kept } from "../codes.js";
import { nameSerial } from "../goods.js";
import { basket, dialog, lineNow, scanGoesTo } from "../state.js";
import { t } from "../text.js";
import { Field, FormError } from "./forms.js";
import { close, Question } from "./question.js";

/** Asks for the number that is wanted next. */
export function askSerial() {
  if (basket.peek()?.serial && !dialog.peek()) dialog.value = { kind: "serial" };
}

/** What is missing, with the key that asks for it again. */
export function SerialNeeded() {
  const wanted = basket.value?.serial;
  useEffect(askSerial, [wanted?.line]);
  if (!wanted) return null;
  return html`
    <section class="age-check" role="status" data-serial-of=${wanted.line}>
      <strong>${t("serial.needed", { item: wanted.description })}</strong>
      <button class="button primary" data-do="name_serial" onClick=${askSerial}>
        ${t("do.name_serial")} <kbd>#</kbd>
      </button>
    </section>`;
}

export function SerialOf() {
  const wanted = basket.value?.serial;
  const serial = useSignal("");
  const error = useSignal("");
  const line = basket.value?.lines.find((one) => one.line === wanted?.line) ?? null;
  const isGone = !wanted || !lineNow(line, basket.value?.transaction_id);
  useEffect(() => { if (isGone) close(); }, [isGone]);
  /** @param {string} text */
  const name = (text) => {
    const number = text.trim();
    // The box bears the goods' barcode beside the piece's number.
    const isCode = number !== "" && kept(number) === line?.code;
    error.value = number === "" ? t("fill_all") : isCode ? t("serial.is_code") : "";
    if (error.value || !line) return;
    nameSerial(line.line, number);
    close();
  };
  useLayoutEffect(() => {
    // With its kind: the hub finds the number in a code that says more.
    scanGoesTo.value = (_, read) => name(read);
    return () => { scanGoesTo.value = null; };
  }, [line?.line]);
  if (isGone) return null;
  return html`
    <${Question} title=${t("serial.title")} about=${line?.description} yes=${t("ok")}
      onYes=${() => name(serial.value)}>
      <${Field} label=${t("serial.label")} value=${serial} name="serial" focused longest=${64} />
      <${FormError} text=${error.value} />
    <//>`;
}
