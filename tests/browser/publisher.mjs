// A store's connection to the broker, as far as it takes to say one thing: what no hub of ours says.
import { readFileSync } from "node:fs";
import { connect } from "node:tls";

/** The stream that a store's client id names; no journal of these tests has it. */
const STREAM = "0199aa00-0000-7000-8000-000000000000";
const CONNACK = 0x20;
const PUBACK = 0x40;

/** A text of a link file, which may have several lines. @param {string} file @param {string} key */
function textOf(file, key) {
  const found = new RegExp(`^${key} = (?:"""\\n?([^]*?)"""|"([^"]*)")`, "m").exec(file);
  return (found?.[1] ?? found?.[2] ?? "").replaceAll("\\n", "\n");
}

/** @param {string | Buffer} content */
function sized(content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

/** @param {number} kind @param {Buffer[]} parts of a packet of MQTT 5 */
function packet(kind, parts) {
  const body = Buffer.concat(parts);
  const length = [];
  for (let left = body.length; left > 0 || length.length === 0; left = Math.floor(left / 128)) {
    length.push((left % 128) | (left >= 128 ? 128 : 0));
  }
  return Buffer.concat([Buffer.from([kind, ...length]), body]);
}

/**
 * Publishes what a store's link file allows; done when the broker has it.
 * @param {string} linkFile
 * @param {string} level of the store's topics: "state/link"
 * @param {string} payload
 */
export async function publish(linkFile, level, payload) {
  const file = readFileSync(linkFile, "utf8");
  const [chain, store, secret] = ["chain", "store", "secret"].map((key) => textOf(file, key));
  const { hostname, port } = new URL(textOf(file, "broker").replace("mqtts:", "https:"));
  const socket = connect({
    host: hostname, port: Number(port), servername: "", ca: textOf(file, "ca"),
    cert: textOf(file, "certificate"), key: textOf(file, "key"),
    checkServerIdentity: () => undefined,
  });
  const broken = new Promise((_, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the broker closed the connection")));
  });
  broken.catch(() => {});
  /** @param {number} kind */
  const answer = (kind) => Promise.race([broken, new Promise((resolve) => {
    socket.on("data", (bytes) => { if (bytes[0] === kind) resolve(bytes); });
  })]);
  const connected = answer(CONNACK);
  // MQTT 5, a clean start with a user and a secret, 30 seconds of patience, no properties.
  socket.write(packet(0x10, [sized("MQTT"), Buffer.from([5, 0xc2, 0, 30, 0]),
    sized(`${store}-${STREAM}`), sized(store ?? ""), sized(secret ?? "")]));
  await connected;
  const taken = answer(PUBACK);
  const topic = sized(`v1/${chain}/${store}/${level}`);
  socket.write(packet(0x32, [topic, Buffer.from([0, 1, 0]), Buffer.from(payload)]));
  await taken;
  socket.end(packet(0xe0, []));
}
