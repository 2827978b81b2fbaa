// The store's time, set by somebody's watch while the hub's clock is not trusted.
import { html, useEffect, useSignal } from "../lib.js";
import { api } from "../api.js";
import { withApproval } from "../approvals.js";
import { isOk } from "../http.js";
import { ask } from "../session.js";
import { tell } from "../state.js";
import { t } from "../text.js";
import { Field, FormError } from "./forms.js";
import { close, Question } from "./question.js";

export function Clock() {
  const local = useSignal("");
  const error = useSignal("");
  useEffect(() => {
    void api.clock().catch(() => null).then((reply) => {
      if (reply && isOk(reply) && !local.value) local.value = reply.body.local.slice(0, 16);
    });
  }, []);
  const yes = async () => {
    const { problem } = await ask(() =>
      withApproval((token) => api.setClock({ local: local.value }, token)));
    error.value = problem?.detail ?? "";
    if (problem) return;
    tell(t("clock.set"));
    close();
  };
  return html`
    <${Question} title=${t("clock.title")} about=${t("clock.about")} yes=${t("ok")} onYes=${yes}>
      <${Field} label=${t("clock.local")} value=${local} name="local" type="datetime-local" focused />
      <${FormError} text=${error.value} />
    <//>`;
}
