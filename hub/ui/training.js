// Training: a register beside the real one, of which nothing counts.
import { api } from "./api.js";
import { withApproval } from "./approvals.js";
import { uuidV7 } from "./ids.js";
import { ask } from "./session.js";
import { accept, session, screen, showRefusal, tell } from "./state.js";
import { t } from "./text.js";

/**
 * Goes into training or out of it; a second person is asked where the first may not alone.
 * @param {boolean} is
 */
export async function train(is) {
  const send = (/** @type {string | null} */ token) =>
    api.train({ is, command_id: uuidV7() }, token);
  const { body, problem } = await ask(() => withApproval(send));
  if (problem) return showRefusal(problem.code, problem.detail);
  if (session.peek()?.operator.id === body.operator.id) session.value = body;
  const register = await ask(api.register);
  if (!register.problem) accept(register.body);
  screen.value = "product";
  if (!is) tell(t("training.ended"));
}

/** Forgets what was done in training. */
export async function wipeTraining() {
  const { problem } = await ask(api.wipeTraining);
  if (problem) showRefusal(problem.code, problem.detail);
  else tell(t("training.wiped"));
}
