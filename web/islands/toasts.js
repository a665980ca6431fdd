// Good news fades by itself, unless somebody is reading it; bad news stays until it is closed.
const STAYS_MS = 6000;

export function toasts(root) {
  const all = root.matches?.("[class~=toast]") ? [root] : root.querySelectorAll?.(".toast") ?? [];
  for (const toast of all) {
    if (toast.dataset.ready) continue;
    toast.dataset.ready = "1";
    const leave = () => {
      toast.classList.add("leaving");
      setTimeout(() => toast.remove(), 300);
    };
    toast.querySelector("[data-close]")?.addEventListener("click", leave);
    if (toast.dataset.toast !== "fades") continue;
    const wait = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(wait, STAYS_MS);
      else leave();
    };
    setTimeout(wait, STAYS_MS);
  }
}
