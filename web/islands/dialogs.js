// `data-dialog="id"` opens the dialog or drawer of that id; a click on the ground behind closes it.
export function dialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog?.showModal && !dialog.open) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
  });
  root.addEventListener("keydown", (event) => {
    // What says it is a button must open by the space bar too.
    if (event.key === " " && event.target.matches?.("a[role=button][data-dialog]")) {
      event.preventDefault();
      event.target.click();
    }
  });
}
