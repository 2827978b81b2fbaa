// Ids made by the one who may have to retry: this page. `crypto.randomUUID` does not exist where
// the page came over plain HTTP under a host name; `crypto.getRandomValues` does.

/**
 * A UUID version 7: 48 bits of milliseconds, 74 random bits.
 * @param {number} [now] milliseconds since 1970
 * @param {(bytes: Uint8Array<ArrayBuffer>) => unknown} [fillRandom]
 */
export function uuidV7(now = Date.now(), fillRandom = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = new Uint8Array(16);
  fillRandom(bytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20),
  ].join("-");
}
