// A field in which one speaks: Enter sends it; with Shift or Ctrl it begins a new line. While an input method is
// composing a word, Enter belongs to it.
export function send(root) {
  root.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("textarea[data-send]");
    if (!field || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
    else if (field.value.trim() !== "") field.form.requestSubmit();
  });
}
