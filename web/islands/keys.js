// Keys: `/` goes to the search, `?` lists the keys, `j` and `k` walk the rows of a list, Enter opens one. What
// carries `data-key` is clicked by that key: within the current row first, else where it stands outside of rows.
const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]") != null;

export function keys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (root.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      document.getElementById("keyboard-help")?.showModal();
    } else if (event.key === "j" || event.key === "k") {
      walk(root, event.key === "j" ? 1 : -1);
    } else {
      const field = root.querySelector(`[data-focus-key="${CSS.escape(event.key)}"]`);
      if (field) {
        event.preventDefault();
        field.focus();
        field.select?.();
        return;
      }
      const key = `[data-key="${CSS.escape(event.key)}"]`;
      const outside = [...root.querySelectorAll(key)].find((element) => !element.closest("[data-row]"));
      const target = currentRow(root)?.querySelector(key) ?? outside;
      if (target) {
        event.preventDefault();
        target.click();
      }
    }
  });
}

// The row one walked to, or the one the address points at, as after an answer to it.
const currentRow = (root) => root.querySelector("[data-row].current") ?? root.querySelector("[data-row]:target");

function walk(root, step) {
  const rows = [...root.querySelectorAll("[data-row]")];
  if (rows.length === 0) return;
  const now = rows.indexOf(currentRow(root));
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
  rows[now]?.classList.remove("current");
  rows[next].classList.add("current");
  const link = rows[next].querySelector("[data-row-link]");
  link?.focus({ preventScroll: true });
  rows[next].scrollIntoView({ block: "nearest" });
  const lights = rows[next].dataset.lights;
  if (lights) root.querySelector(`mark[data-mark="${CSS.escape(lights)}"]`)?.scrollIntoView({ block: "center" });
}
