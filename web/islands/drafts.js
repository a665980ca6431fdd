// Forms with `data-draft="key"` keep what is typed in this browser until it is saved, offer it back, and warn
// before leaving. Passwords, files and the version one edits are never kept.
import { text } from "./texts.js";

const PREFIX = "lianbing.draft.";
const WAIT_MS = 400;
// A rule or a note is far smaller; more than this is not a draft.
const CHARS_MAX = 200_000;

const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);
const fields = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));

function read(form) {
  return fields(form)
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);
}

function write(form, pairs) {
  const left = pairs.map(([name, value]) => ({ name, value }));
  const take = (name, value) => {
    const at = left.findIndex((pair) => pair.name === name && (value === undefined || pair.value === value));
    return at < 0 ? undefined : left.splice(at, 1)[0].value;
  };
  for (const field of fields(form)) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = take(field.name, field.value) !== undefined;
    else field.value = take(field.name) ?? field.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};

// Which forms were sent, until the next page shows how it ended.
const SENT = "lianbing.sent";

/** A draft that was sent goes once a page comes that does not show its form with other contents. */
function forgetSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const form = [...document.querySelectorAll("form[data-draft]")].find((other) => PREFIX + other.dataset.draft === key);
  if (!form || JSON.stringify(stored(key)) === JSON.stringify(read(form))) localStorage.removeItem(key);
}

export function drafts(root) {
  forgetSent();
  const forms = root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll?.("form[data-draft]") ?? [];
  for (const form of forms) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "1";
    keep(form, PREFIX + form.dataset.draft);
  }
}

function keep(form, key) {
  const first = JSON.stringify(read(form));
  // A form that came back with errors holds what was typed already.
  const failed = form.querySelector("[aria-invalid=true], .notice.bad") || form.parentElement?.querySelector(".conflict");
  const draft = stored(key);
  if (draft && !failed && JSON.stringify(draft) !== first) offer(form, key, draft);
  let timer = 0;
  let changed = Boolean(failed);
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = JSON.stringify(read(form));
      if (now.length > CHARS_MAX) return;
      try {
        if (now === first) localStorage.removeItem(key);
        else localStorage.setItem(key, now);
      } catch {
        // Full or forbidden: the warning before leaving remains.
      }
    }, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(timer);
    sessionStorage.setItem(SENT, key);
  });
  addEventListener("beforeunload", (event) => {
    if (!changed || !form.isConnected || JSON.stringify(read(form)) === first) return;
    event.preventDefault();
  });
}

function offer(form, key, draft) {
  const note = document.createElement("div");
  note.className = "notice info draft";
  note.setAttribute("role", "status");
  const words = document.createElement("div");
  words.textContent = text("draftFound");
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      note.remove();
    });
    return made;
  };
  note.append(
    words,
    button(text("draftRestore"), () => write(form, draft)),
    button(text("draftDrop"), () => localStorage.removeItem(key)),
  );
  form.prepend(note);
}
