// Where drafts live on this phone: one entry a form and signed-in account. Nothing here leaves the phone.
const PREFIX = "draft:";
const SENT = "draft-sent";

// A phone may refuse storage (private window, full): then there are no drafts, and nothing else breaks.
function quietly(deed, otherwise = null) {
  try {
    return deed();
  } catch {
    return otherwise;
  }
}

export function account() {
  return document.body.dataset.account || "";
}

function key(name) {
  return `${PREFIX}${account()}:${name}`;
}

export function readDraft(name) {
  return quietly(() => JSON.parse(localStorage.getItem(key(name)) || "null"));
}

export function writeDraft(name, draft) {
  quietly(() => localStorage.setItem(key(name), JSON.stringify(draft)));
}

export function removeDraft(name) {
  quietly(() => localStorage.removeItem(key(name)));
}

export function markSent(name) {
  quietly(() => sessionStorage.setItem(SENT, key(name)));
}

// After a form was sent: any page of ours but the form itself, a refusal or the sign-in means that it was saved.
export function clearSentDrafts(page) {
  const sent = quietly(() => sessionStorage.getItem(SENT));
  if (!sent || !sent.startsWith(`${PREFIX}${account()}:`) || page.querySelector("[data-error]")) {
    return;
  }
  const name = sent.slice(`${PREFIX}${account()}:`.length);
  if (!page.querySelector(`form[data-draft="${CSS.escape(name)}"]`)) {
    quietly(() => localStorage.removeItem(sent));
  }
  quietly(() => sessionStorage.removeItem(SENT));
}

// Another person on the same phone never sees them.
export function forgetDrafts() {
  quietly(() => {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) {
        localStorage.removeItem(name);
      }
    }
  });
}

export function forgetOthersDrafts() {
  const own = `${PREFIX}${account()}:`;
  quietly(() => {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && !name.startsWith(own)) {
        localStorage.removeItem(name);
      }
    }
  });
}
