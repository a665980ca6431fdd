// A partial update that failed is said once, not once for every attempt.
import { text } from "./texts.js";

export function failures(root) {
  const say = () => {
    const region = document.getElementById("toasts");
    if (!region || region.querySelector("[data-failure]")) return;
    const toast = document.createElement("div");
    toast.className = "toast bad";
    toast.dataset.failure = "1";
    const words = document.createElement("span");
    words.className = "toast-text";
    words.textContent = text("updateFailed");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "icon-button";
    close.setAttribute("aria-label", text("close"));
    close.textContent = "×";
    close.addEventListener("click", () => toast.remove());
    toast.append(words, close);
    region.append(toast);
  };
  const unsay = () => root.querySelector("[data-failure]")?.remove();
  root.addEventListener("htmx:responseError", say);
  root.addEventListener("htmx:sendError", say);
  root.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful && unsay());
}
