// The theme changes at once; the server keeps it.
export function theme(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target.closest?.("[data-theme-form]");
    const button = event.submitter;
    if (!form || button?.name !== "theme") return;
    event.preventDefault();
    document.documentElement.dataset.theme = button.value;
    const scheme = button.value === "auto" ? "light dark" : button.value;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", scheme);
    for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    form.closest("details").open = false;
    fetch(form.action, { method: "POST", body: new URLSearchParams({ theme: button.value, return: "/" }), redirect: "manual" });
  });
}
