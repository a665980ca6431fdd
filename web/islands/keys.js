// Keys: `/` goes to the search, `?` lists the keys, `j` and `k` walk the rows of a list, Enter opens one.
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
      }
    }
  });
}

function walk(root, step) {
  const rows = [...root.querySelectorAll("tr[data-row]")];
  if (rows.length === 0) return;
  const now = rows.findIndex((row) => row.classList.contains("current"));
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
  rows[now]?.classList.remove("current");
  rows[next].classList.add("current");
  const link = rows[next].querySelector("[data-row-link]");
  link?.focus({ preventScroll: true });
  rows[next].scrollIntoView({ block: "nearest" });
}
