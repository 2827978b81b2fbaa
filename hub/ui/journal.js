// Looking for receipts in the electronic journal, page by page. No drawing here.

/** @typedef {Record<string, string>} Wanted what is known of a receipt */

/**
 * @template Answer
 * @param {(wanted: Wanted) => Promise<Answer>} send
 */
export function finder(send) {
  let newest = 0;
  /** @type {Wanted} */
  let sought = {};
  /** @param {string} cursor @returns {Promise<Answer | null>} */
  const read = async (cursor) => {
    newest += 1;
    const own = newest;
    const answer = await send({ ...sought, cursor });
    // An older answer says nothing about what is looked for now.
    return own === newest ? answer : null;
  };
  return {
    /** The first page. @param {Wanted} wanted */
    find: (wanted) => {
      sought = wanted;
      return read("");
    },
    /** A further page of the same, whatever has been typed since. @param {number} cursor */
    more: (cursor) => read(String(cursor)),
  };
}
