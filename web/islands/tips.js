// A tooltip that appears at once, on focus as well as under the pointer, and keeps its line breaks. It shows
// what `title` says; without script the browser shows the same.
export function tips(root) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let held = null;

  const hide = () => {
    if (!held) return;
    held.title = tip.textContent;
    held = null;
    tip.hidden = true;
  };
  const show = (event) => {
    const element = event.target.closest?.("[title]");
    if (!element || element === held || element.closest("svg")) return;
    hide();
    if (!element.title) return;
    held = element;
    tip.textContent = element.title;
    element.removeAttribute("title");
    (element.closest("dialog[open]") ?? document.body).append(tip);
    tip.hidden = false;
    const at = element.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const above = at.top - size.height - 6;
    tip.style.top = `${above > 4 ? above : at.bottom + 6}px`;
    tip.style.left = `${Math.max(4, Math.min(at.left, innerWidth - size.width - 4))}px`;
  };
  const leave = (event) => {
    if (held && !held.contains(event.relatedTarget)) hide();
  };
  root.addEventListener("mouseover", show);
  root.addEventListener("focusin", show);
  root.addEventListener("mouseout", leave);
  root.addEventListener("focusout", leave);
  root.addEventListener("scroll", hide, { capture: true, passive: true });
  root.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
