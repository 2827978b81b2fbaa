// A second person allows what the cashier may not do: asking for them, and sending with their token.
import { approval, session } from "./state.js";

/** @typedef {import("./types.d.ts").Reply} Reply */

/**
 * Sends something, and where it needs somebody else's permission, again with their approval. What
 * carries an id of its own takes another one for the second time.
 * @param {(token: string | null) => Promise<Reply>} send
 * @returns {Promise<Reply>} the last answer
 */
export async function withApproval(send) {
  const reply = await send(null);
  if (reply.body?.code !== "permission_needed") return reply;
  const token = await approvalOf(reply.body.details?.permission ?? "");
  return token ? send(token) : reply;
}

/** How often somebody was asked for. */
let questions = 0;

/**
 * Asks for a second person.
 * @param {string} permission
 * @param {string} [subject] what it is wanted for
 * @returns {Promise<string | null>} the token; null where nobody approved it, or where the screen
 *   was locked meanwhile: then nobody is asked, and what was wanted counts as refused
 */
export function approvalOf(permission, subject = "") {
  if (session.peek()?.is_locked) return Promise.resolve(null);
  approval.peek()?.done(null);
  questions += 1;
  const number = questions;
  return new Promise((resolve) => {
    approval.value = {
      number,
      permission,
      subject,
      done: (token) => {
        // A late answer to a question before takes nothing from the one that is asked now.
        if (approval.peek()?.number === number) approval.value = null;
        resolve(token);
      },
    };
  });
}
