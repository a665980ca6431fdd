// Menus are <details>: one open at a time, closed by Escape and by a click elsewhere. On a narrow screen the
// navigation unfolds over the page.
export function menus(root) {
  const open = () => root.querySelectorAll("details[data-menu][open]");
  root.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
    const toggle = event.target.closest?.("[data-toggle-navigation]");
    const html = document.documentElement;
    if (toggle) {
      event.preventDefault();
      html.classList.toggle("nav-open");
      if (html.classList.contains("nav-open")) document.querySelector("#navigation a")?.focus();
    } else if (!event.target.closest?.("#navigation")) {
      html.classList.remove("nav-open");
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.documentElement.classList.remove("nav-open");
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
