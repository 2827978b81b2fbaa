// The cable of a simulated device, and what can be wrong with it.
import { html } from "../lib.js";
import { t } from "../text.js";
import { act } from "./hands.js";
import { OneOf } from "./parts.js";

const FAULTS = [
  "none", "unplugged", "hangs", "garbage", "half_frames", "slow", "wrong_settings",
];

/** @param {{ of: import("../types.d.ts").SimulatorView }} props */
export function Cable({ of }) {
  // Lines of the machine itself are there or not.
  const faults = of.kind === "signal" ? FAULTS.slice(0, 2) : FAULTS;
  const among = faults.map((fault) =>
    /** @type {[string, string]} */ ([fault, t(`cable.${fault}`)]));
  return html`
    <${OneOf} label=${t("simulators.cable")} name="cable" among=${among} value=${of.fault}
      onChoose=${(/** @type {string} */ fault) => void act(of.id, { action: "fault", fault })} />`;
}
