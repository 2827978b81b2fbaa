// What is sent from a form is done once, however often somebody presses Enter because no answer
// came: until there is one, the same form sends the same id.

/** @typedef {import("./types.d.ts").Reply} Reply */
/** @typedef {(token: string | null) => Promise<Reply>} Send */

/** @param {Reply} reply whether it says what became of the request */
const isAnswer = ({ status }) => status < 500;

/**
 * @param {() => string} newId
 * @param {(send: Send) => Promise<Reply>} withApproval asks a second person where one is needed
 */
export function once(newId, withApproval) {
  /** @type {{ words: string, id: string, token: string | null } | null} */
  let kept = null;
  return {
    /** The form is another now: what it says is meant anew. */
    forget() { kept = null; },

    /**
     * @param {unknown} words what the form says: other words are another deed
     * @param {(id: string, token: string | null) => Promise<Reply>} send
     * @returns {Promise<Reply>} the last answer
     */
    async send(words, send) {
      const said = JSON.stringify(words);
      if (kept?.words !== said) kept = { words: said, id: newId(), token: null };
      let mine = kept;
      // What went out with an approval is asked for with the same one: it may have been done.
      const again = mine.token ? await send(mine.id, mine.token) : null;
      const isApproved = again !== null && again.body?.code !== "permission_needed";
      const reply = isApproved ? again : await withApproval((token) => {
        if (token) {
          mine = { words: said, id: newId(), token };
          kept = mine;
        }
        return send(mine.id, token);
      });
      if (isAnswer(reply) && kept === mine) kept = null;
      return reply;
    },
  };
}
