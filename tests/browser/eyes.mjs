// What a machine can see of a screen: contrast, names, sizes, what is cut off.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/** Smallest side of what a finger has to hit, in CSS pixels. */
const TOUCH_PX_MIN = 44;
/** What a list of one row cannot help: words within a sentence. */
const INLINE = "a[href]";

const require = createRequire(import.meta.url);
let axe = "";

/** What axe-core has against the page, WCAG 2.2 AA. @param {Cashier} cashier */
async function accessFaults({ page }) {
  axe ||= readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await /** @type {any} */ (window).axe.run(document, { runOnly });
    return result.violations.flatMap((/** @type {any} */ violation) =>
      violation.nodes.map((/** @type {any} */ node) =>
        `${violation.id}: ${node.target.join(" ")} ${node.failureSummary.split("\n").at(1)}`));
  });
}

/** What is too small for a finger, cut off or wider than the screen. @param {Cashier} cashier */
function shapeFaults({ page }) {
  return page.evaluate(({ least, inline }) => {
    const faults = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) faults.push(`wider than the screen: ${root.scrollWidth}`);
    const dialog = document.querySelector("[role=dialog]");
    if (dialog && dialog.scrollWidth > dialog.clientWidth) faults.push("wider than its dialog");
    const cover = document.querySelector("[role=dialog], [role=alertdialog]");
    for (const target of (cover ?? document).querySelectorAll("button, input, select, label.choice")) {
      const box = target.closest("label.choice, .field")?.getBoundingClientRect()
        ?? target.getBoundingClientRect();
      if (box.width === 0 || target.matches(inline)) continue;
      const name = target.textContent?.trim() || target.getAttribute("name");
      if (Math.min(box.width, box.height) < least - 0.5) {
        faults.push(`too small: ${name} ${box.width}×${box.height}`);
      }
      // What scrolls on purpose may reach beyond.
      if (box.right > innerWidth + 1 && !target.closest(".scrolls, .spoken")) {
        faults.push(`beyond the screen: ${name}`);
      }
      if (target instanceof HTMLElement && target.scrollWidth > target.clientWidth + 1
        && !target.matches("input")) faults.push(`cut off: ${name}`);
    }
    return faults;
  }, { least: TOUCH_PX_MIN, inline: INLINE });
}

/**
 * Takes a picture of a screen at rest and adds what is wrong with it.
 * @param {Cashier} cashier
 * @param {string} name
 * @param {string[]} faults
 */
export async function look(cashier, name, faults) {
  // A picture shows a screen at rest.
  await cashier.page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"));
  await cashier.shot(name);
  const found = [...await accessFaults(cashier), ...await shapeFaults(cashier)];
  faults.push(...found.map((fault) => `${cashier.album} ${name}: ${fault}`));
}

/**
 * Looks at a screen at its full length: what is further down is seen too.
 * @param {Cashier} reader
 * @param {{ width: number, height: number }} viewport
 * @param {() => Promise<void>} seen
 */
export async function whole({ page }, { width, height }, seen) {
  const more = await page.evaluate(() => {
    const screen = document.querySelector(".screen");
    return screen ? screen.scrollHeight - screen.clientHeight : 0;
  });
  await page.setViewportSize({ width, height: height + more });
  await seen();
  await page.setViewportSize({ width, height });
}
