// Everything that runs in the browser. Pages are complete without it; each island only adds to what is there,
// and starts again on whatever htmx swaps in.

import htmx from "htmx.org";

import { dialogs } from "./dialogs.js";
import { drafts } from "./drafts.js";
import { failures } from "./failures.js";
import { keys } from "./keys.js";
import { marks } from "./marks.js";
import { menus } from "./menus.js";
import { send } from "./send.js";
import { theme } from "./theme.js";
import { tips } from "./tips.js";
import { toasts } from "./toasts.js";

document.documentElement.classList.add("js");
// Islands outside this bundle (a player, a board) find htmx here.
window.htmx = htmx;

const begin = () => {
  for (const island of [dialogs, menus, keys, marks, send, theme, tips, failures]) island(document);
  htmx.onLoad((root) => {
    drafts(root);
    toasts(root);
    root.querySelector?.("[data-focus]")?.focus();
  });
};

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
