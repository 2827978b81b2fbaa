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
