// Starts what a page asks for by data-js="name". A part that fails leaves the page working as it was without it.
import { clearSentDrafts, forgetDrafts } from "./storage.js";

const KNOWN_NAME = /^[a-z]+$/;

clearSentDrafts(document);
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", forgetDrafts);
}
for (const element of document.querySelectorAll("[data-js]")) {
  for (const name of element.dataset.js.split(" ").filter((word) => KNOWN_NAME.test(word))) {
    import(`./${name}.js`)
      .then((part) => part.start(element))
      .catch((problem) => console.warn(`${name}: ${problem.message}`));
  }
}
