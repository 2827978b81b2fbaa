// Starts the page and says which screen is shown.
import { computed, effect, html, render } from "/shared/lib.js";
import * as text from "/shared/text.js";
import * as session from "./session.js";
import { isWall, needsSetup, route, session as current, view } from "./state.js";
import { ConnectionBar, Header } from "./parts/frame.js";
import { Aside } from "./screens/aside.js";
import { Chain } from "./screens/chain.js";
import { Entry, Setup } from "./screens/entry.js";
import { People } from "./screens/people.js";
import { Policy } from "./screens/policy.js";
import { Promotions } from "./screens/promotions.js";
import { SaleScreen } from "./screens/sale.js";
import { Store } from "./screens/store.js";
import { Wall } from "./screens/wall.js";

/** @type {Record<string, (props: any) => unknown>} */
const SCREENS = {
  setup: Setup,
  "sign-in": Entry,
  wall: Wall,
  chain: Chain,
  store: Store,
  sale: SaleScreen,
  promotions: Promotions,
  policy: Policy,
  aside: Aside,
  people: People,
};

const shownScreen = computed(() => {
  if (!current.value) {
    if (needsSetup.value === null) return "starting";
    return needsSetup.value ? "setup" : "sign-in";
  }
  return isWall.value ? "wall" : route.value.screen;
});

function App() {
  const name = shownScreen.value;
  const Current = SCREENS[name];
  const { store, transaction, promotion } = route.value;
  return html`
    <div class="page" data-screen=${name} data-ready=${view.value ? "yes" : "no"}>
      <${ConnectionBar} />
      ${current.value && !isWall.value && html`<${Header} />`}
      <main class="screen" id="main" tabindex=${isWall.value ? 0 : -1}>
        ${!Current && html`<p class="starting">${text.t("starting")}</p>`}
        ${Current && html`<${Current} key=${`${name}/${store}/${transaction}/${promotion}`} />`}
      </main>
    </div>`;
}

async function start() {
  await text.begin();
  effect(() => {
    document.title = current.value?.chain.name || text.t("title");
  });
  effect(() => {
    document.documentElement.dataset.wall = shownScreen.value === "wall" ? "yes" : "no";
  });
  render(html`<${App} />`, /** @type {Element} */ (document.getElementById("app")));
  await session.begin();
}

void start();
