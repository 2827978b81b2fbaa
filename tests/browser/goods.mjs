// Goods of the demonstration store, and a few that are hard on a page.
import { readFileSync } from "node:fs";

/** 天然水 600ml, 15 */
export const WATER = "0410000000014";
/** 綠茶 無糖 600ml, 25 */
export const TEA = "0410000000083";
/** 現煮拿鐵 大杯, 60 */
export const COFFEE = "0410000000267";
/** Its check digit fits and nobody sells it. */
export const UNKNOWN = "4006381333931";

/** A name that a careless page would run. */
export const HOSTILE_NAME = `<img src=x onerror="document.title='pwned'"><b>茶</b>`;
export const HOSTILE = "0420000000013";
export const LONG = "0420000000020";
export const NO_PRICE = "0420000000037";
export const WEIGHED = "0420000000044";

const DEMO = new URL("../../hub/assets/demo-catalogue.csv", import.meta.url);
const LONG_NAME = "阿里山高山烏龍茶禮盒 春茶 手採 150公克×2入 附提袋 "
  + "Superlongunbrokenbrandnamewithoutanyspaces 限量典藏版";

/** The demonstration catalogue with the hard ones at its end. */
export function hardCatalogue() {
  const quoted = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;
  const rows = [
    ["X0001", HOSTILE, "", quoted(HOSTILE_NAME), "飲料", "茶", "", "", "piece", "20"],
    ["X0002", LONG, "", quoted(LONG_NAME), "飲料", "茶", "", "", "piece", "123456"],
    ["X0003", NO_PRICE, "", "手工麵包", "食品", "麵包", "", "", "piece", ""],
    ["X0004", WEIGHED, "", "香蕉", "食品", "水果", "", "", "kilogram", "49"],
  ].map((row) => [...row, "taxable", "", "", "", ""].join(","));
  return `${readFileSync(DEMO, "utf8").trimEnd()}\n${rows.join("\n")}\n`;
}

/** Two drinks with one barcode, 30 and 35 */
export const SHARED = "0420000000051";
/** Cola 25 with a deposit of 2 on its bottle */
export const COLA = "0420000000068";
/** A telephone that bears a number of its own, 9,900 */
export const PHONE = "0420000000082";

const ROWS = `
S1,${SHARED},,冬瓜茶 600ml,飲料,茶,,,piece,30,taxable,,,,,,
S2,${SHARED},,冬瓜檸檬 600ml,飲料,茶,,,piece,35,taxable,,,,,,
K1,${COLA},,可樂 玻璃瓶,飲料,汽水,,,piece,25,taxable,,,,,K2,
K2,,,空瓶押金,押金,,,,piece,2,none,,,,,,
P1,${PHONE},,手機 128GB,電器,手機,,,piece,9900,taxable,,,,,,required
B1,,,購物袋,雜項,袋,,,piece,1,taxable,,,,,,
`;

/** The demonstration catalogue with goods that take more than a scan. */
export function lineCatalogue() {
  const [header, ...rows] = readFileSync(DEMO, "utf8").trimEnd().split("\n");
  const own = rows.map((row) => `${row},,`);
  return `${header},deposit_item,serial\n${own.join("\n")}${ROWS}`;
}

/** Keys for goods without a code. */
export const DEPARTMENTS = `
[[departments]]
id = "熟食"
label = { zh = "熟食", en = "Deli" }
tax_class = "taxable"
amount_min = "5"
amount_max = "500"

[[departments]]
id = "蔬果"
label = { zh = "蔬果", en = "Produce" }
tax_class = "none"
`;

/**
 * A way of paying, as `hub.toml` has it: what is notes and coins gives change and opens the drawer.
 * @param {string} id @param {"cash" | "card" | "voucher" | "foreign"} kind @param {string} [more]
 */
export function tender(id, kind, more = "") {
  const isNotes = kind === "cash" || kind === "foreign";
  return `
[[tenders]]
id = "${id}"
kind = "${kind}"
gives_change = ${isNotes}
opens_drawer = ${isNotes}
${more}
`;
}
