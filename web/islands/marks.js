// Pointing at one mark lights the others of the same rule: what applied, and where it was shown.
export function marks(root) {
  const light = (event, lit) => {
    const mark = event.target.closest?.("mark[data-mark]");
    if (!mark) return;
    for (const other of root.querySelectorAll(`mark[data-mark="${CSS.escape(mark.dataset.mark)}"]`)) {
      other.classList.toggle("lit", lit);
    }
  };
  root.addEventListener("mouseover", (event) => light(event, true));
  root.addEventListener("mouseout", (event) => light(event, false));
  root.addEventListener("focusin", (event) => light(event, true));
  root.addEventListener("focusout", (event) => light(event, false));
}
