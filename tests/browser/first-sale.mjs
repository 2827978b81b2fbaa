// The first sale in a real browser: set-up, claim, sign-on, three scans, a reload in the middle,
// cash, receipt. Prints one JSON line a check; leaves screenshots in ARTEFACTS.
import { chromium } from "playwright-core";

const { HUB_URL, SETUP_CODE, ARTEFACTS, CHROMIUM, HUB_PID, HOST_NAME } = process.env;
const MILK = process.env.CODES.split(",");
const args = ["--no-sandbox"];
let url = HUB_URL;
if (HOST_NAME) {
  args.push(`--host-resolver-rules=MAP ${HOST_NAME} 127.0.0.1`);
  url = HUB_URL.replace("127.0.0.1", HOST_NAME);
}
const browser = await chromium.launch({ executablePath: CHROMIUM, args });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "zh-TW" });
const page = await context.newPage();
const shot = (name) => page.screenshot({ path: `${ARTEFACTS}/${HOST_NAME ? "name-" : ""}${name}.png` });

/** Says that something holds, or ends the run. */
function check(name, ok, more = {}) {
  console.log(JSON.stringify({ check: name, ok, ...more }));
  if (!ok) throw new Error(name);
}

/** Types a code as a keyboard wedge does: no pause, then Enter. */
async function scan(code) {
  for (const key of code) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
}

const screen = (name) => page.waitForSelector(`[data-screen="${name}"]`, { timeout: 8000 });

try {
  await page.goto(url);
  if (SETUP_CODE) {
    await screen("setup");
    await shot("1-setup");
    await page.fill("[name=code]", SETUP_CODE);
    await page.fill("[name=operator]", "m1");
    await page.fill("[name=name]", "林經理");
    await page.fill("[name=pin]", "274951");
    await page.fill("[name=pin-again]", "274951");
    await page.keyboard.press("Enter");
  }
  check("the context is as secure as it should be",
    (await page.evaluate(() => window.isSecureContext)) === !HOST_NAME);
  await screen("claim");
  await shot("2-claim");
  await page.fill("[name=operator]", "m1");
  await page.fill("[name=pin]", "274951");
  await page.keyboard.press("Enter");
  await screen("sign-on");
  await shot("3-sign-on");
  await page.fill("[name=operator]", "m1");
  await page.fill("[name=pin]", "274951");
  await page.keyboard.press("Enter");
  await screen("product");
  const lines = () => page.locator("[data-line]");
  for (const code of MILK.slice(0, 2)) await scan(code);
  await page.waitForFunction(() => document.querySelectorAll("[data-line]").length === 2);
  await page.reload();
  await screen("product");
  await page.waitForFunction(() => document.querySelectorAll("[data-line]").length === 2);
  check("a reload in mid-basket loses nothing", (await lines().count()) === 2);
  await scan(MILK[2]);
  await page.waitForFunction(() => document.querySelectorAll("[data-line]").length === 3);
  await shot("4-product");
  const tabs = [];
  for (let tab = 0; tab < 7; tab += 1) {
    const other = await context.newPage();
    await other.goto(url);
    await other.waitForFunction(() => document.querySelectorAll("[data-line]").length === 3);
    tabs.push(other);
  }
  check("eight tabs show the same basket", tabs.length === 7);
  for (const tab of tabs) await tab.close();
  if (HUB_PID) {
    process.kill(Number(HUB_PID), "SIGSTOP");
    const begun = Date.now();
    await page.waitForSelector("[data-bar=silent]", { timeout: 3000 });
    const ms = Date.now() - begun;
    await shot("5-stopped");
    process.kill(Number(HUB_PID), "SIGCONT");
    await page.waitForSelector("[data-bar=silent]", { state: "detached", timeout: 5000 });
    check("a stopped hub is shown within a second", ms <= 1000, { ms });
  }
  await page.click("[data-do=pay]");
  await screen("payment");
  await shot("6-payment");
  await page.click("[data-tender=cash]");
  await page.click("[data-quick='1000']");
  await page.waitForSelector("[data-change]", { timeout: 5000 });
  await page.waitForSelector("[data-receipt=yes]", { timeout: 5000 });
  await shot("7-receipt");
  check("change is shown and the receipt is on the screen", true,
    { change: await page.getAttribute("[data-change]", "data-change") });
  await scan(MILK[0]);
  await screen("product");
  await page.waitForFunction(() => document.querySelectorAll("[data-line]").length === 1);
  check("a scan begins the next sale", true);
} catch (error) {
  await shot("failed");
  console.log(JSON.stringify({ check: "run", ok: false, error: String(error) }));
  process.exitCode = 1;
} finally {
  if (HUB_PID) try { process.kill(Number(HUB_PID), "SIGCONT"); } catch { /* it ended */ }
  await browser.close();
}
