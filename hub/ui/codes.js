// A code as a scanner sent it: it may be told to say the kind (an AIM identifier) before the code.

/** What a scanner may be told to say of the kind of code, before the code itself. */
const AIM = /^\][A-Za-z][0-9A-Za-z]/;
/** The kinds of which that alone says that a code is of GS1 elements. */
const GS1 = /^\](?:C1|e[0-9A-Za-z]|d2|Q3|J1)/;

/** A code without what the scanner added to it. @param {string} read */
export const bare = (read) => read.trim().replace(AIM, "").trim();

/** A code as the journal keeps it: that it is of GS1 elements stays. @param {string} read */
export const kept = (read) => (GS1.test(read.trim()) ? read.trim() : bare(read));
