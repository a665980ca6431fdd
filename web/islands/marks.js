// Pointing at one mark, or at the check that names its rule, lights all marks of that rule: what applied, and
// where it was shown.
export function marks(root) {
  const light = (event, lit) => {
    const of = event.target.closest?.("mark[data-mark], [data-lights]");
    if (!of) return;
    const label = of.dataset.mark ?? of.dataset.lights;
    for (const other of root.querySelectorAll(`mark[data-mark="${CSS.escape(label)}"]`)) {
      other.classList.toggle("lit", lit);
    }
  };
  root.addEventListener("mouseover", (event) => light(event, true));
  root.addEventListener("mouseout", (event) => light(event, false));
  root.addEventListener("focusin", (event) => light(event, true));
  root.addEventListener("focusout", (event) => light(event, false));
}
