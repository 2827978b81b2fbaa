// Ids made by the one who may have to retry: this page. `crypto.randomUUID` does not exist where
// the page came over plain HTTP under a host name; `crypto.getRandomValues` does.

/**
 * A UUID version 7: 48 bits of milliseconds, 74 random bits.
 * @param {number} [now] milliseconds since 1970
 * @param {(bytes: Uint8Array) => unknown} [fillRandom]
 */
export function uuidV7(now = Date.now(), fillRandom = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = new Uint8Array(16);
  fillRandom(bytes);
  let rest = BigInt(now);
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20),
  ].join("-");
}
