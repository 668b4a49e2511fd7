// Starts what a page asks for by data-js="name". A part that fails leaves the page working as it was without it.
const KNOWN_NAME = /^[a-z]+$/;

// Drafts are looked after only where there can be any: a visitor's page asks for no more than it shows.
function hasSentDraft() {
  try {
    return sessionStorage.getItem("draft-sent") !== null;
  } catch {
    return false;
  }
}

const signOuts = document.querySelectorAll("form[data-sign-out]");
if (signOuts.length > 0 || hasSentDraft()) {
  import("./storage.js").then(({ clearSentDrafts, forgetDrafts }) => {
    clearSentDrafts(document);
    signOuts.forEach((form) => form.addEventListener("submit", forgetDrafts));
  });
}
for (const element of document.querySelectorAll("[data-js]")) {
  for (const name of element.dataset.js.split(" ").filter((word) => KNOWN_NAME.test(word))) {
    import(`./${name}.js`)
      .then((part) => part.start(element))
      .catch((problem) => console.warn(`${name}: ${problem.message}`));
  }
}
