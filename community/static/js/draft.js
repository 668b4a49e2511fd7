// Keeps what is typed into a form on this phone, at each change, until it is saved. Per form and account.
import { account, forgetOthersDrafts, markSent, readDraft, removeDraft, writeDraft } from "./storage.js";

const NEVER_KEPT = new Set(["hidden", "password", "file", "submit", "button"]);

function keepable(form) {
  return [...form.elements].filter((control) => control.name && !NEVER_KEPT.has(control.type) && control.autocomplete !== "one-time-code");
}

function isTicked(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function collect(form) {
  return keepable(form)
    .filter((control) => !isTicked(control) || control.checked)
    .map((control) => [control.name, control.value]);
}

function isOffered(form, name, values) {
  return [...form.elements].some((control) => control.name === name && values.includes(control.value));
}

function restore(form, pairs) {
  for (const control of keepable(form)) {
    const kept = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "radio" && !isOffered(form, control.name, kept)) {
      continue; // a day gone by, a place not listed any more: what the form proposes stands
    }
    if (isTicked(control)) {
      control.checked = kept.includes(control.value);
    } else if (kept.length > 0) {
      control.value = kept[0];
    }
  }
}

function say(form) {
  const note = document.createElement("p");
  note.className = "notice notice-info";
  note.setAttribute("role", "status");
  note.textContent = form.dataset.words;
  form.prepend(note);
}

export function start(form) {
  const name = form.dataset.draft;
  if (account()) {
    forgetOthersDrafts();
  }
  const answered = form.querySelector("[aria-invalid]"); // the server gave back what was typed: that is newer
  const untouched = JSON.stringify(collect(form));
  const draft = readDraft(name);
  if (draft && !answered && JSON.stringify(draft) !== untouched) {
    restore(form, draft);
    say(form);
  }
  form.addEventListener("input", () => {
    const typed = collect(form);
    if (JSON.stringify(typed) === untouched) {
      removeDraft(name);
    } else {
      writeDraft(name, typed);
    }
  });
  form.addEventListener("submit", () => markSent(name));
}
