// Promotions of the tests, in the words of a store's file, and the till as they show themselves.
/** @typedef {import("./cashier.mjs").Cashier} Cashier */

/** 全脂鮮乳 936ml, 95 */
export const MILK = "0410000000410";
/** 洋芋片 原味 85g, 39, green; the tea is red */
export const CHIPS = "0410000000588";
/** 紅酒 750ml, 399 */
export const WINE = "0410000001714";

/** What the store has in force. */
export const PROMOTIONS = `
policy = "best"

[[promotions]]
id = "milk-second"
name = { zh = "鮮乳第二件 8 折", en = "Second milk 20 % off" }
[promotions.group]
slots = [{ items = { items = ["D0029"] }, count = 2 }]
award = { cheapest = 1, award = { percent_off = 20 } }

[[promotions]]
id = "red-green"
name = { zh = "紅配綠 49 元", en = "Red and green NT$49" }
[promotions.group]
slots = [
  { items = { tags = ["red"], price_from = 20 }, count = 1 },
  { items = { tags = ["green"] }, count = 1 },
]
award = { price = 49 }

[[promotions]]
id = "five-thousand"
name = { zh = "滿 5,000 折 100", en = "100 off from 5,000" }
combine = "with_others"
order = { from = 5000, award = { amount_off = 100 } }

[[promotions]]
id = "card-fifty"
name = { zh = "刷卡滿 1,000 折 50", en = "50 off by card from 1,000" }
combine = "with_others"
tenders = ["card"]
order = { from = 1000, award = { amount_off = 50 } }

[[promotions]]
id = "coupon-twenty"
name = { zh = "優惠券折 20", en = "Coupon: 20 off" }
combine = "with_others"
coupon = { code = "SAVE20" }
order = { from = 100, award = { amount_off = 20 } }

[[promotions]]
id = "member-water"
name = { zh = "會員天然水 10 元", en = "Members: water NT$10" }
who = "members"
each = { items = { items = ["D0001"] }, award = { price = 10 } }
`;

/** The large prompt, once it is this promotion's. @param {Cashier} cashier @param {string} of */
export async function prompted({ page }, of) {
  const best = page.locator(`.prompt-best[data-of="${of}"]`);
  await best.waitFor();
  // What has just come up takes neither tap nor key.
  await best.locator("[data-do=decline-prompt]").click({ trial: true });
  return {
    id: await best.getAttribute("data-prompt") ?? "",
    after: await best.getAttribute("data-after") ?? "",
    text: await best.locator(".prompt-text").textContent() ?? "",
  };
}

/** Waits until a promotion takes off so much in the totals. @param {Cashier} cashier */
export async function saves({ page }, /** @type {string} */ of, /** @type {string} */ amount) {
  await page.locator(`[data-saves="${of}"] dd`, { hasText: `−NT$${amount}` }).waitFor();
}

/** The receipt as it was printed, blanks of any number as one. @param {Cashier} cashier */
export async function receipt({ page }) {
  await page.waitForSelector("[data-receipt=yes]");
  return (await page.textContent(".receipt-paper") ?? "").replace(/[ \u3000]+/g, " ");
}
