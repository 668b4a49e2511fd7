// Copies data-copy; with data-js="share" hands it to the phone's own share sheet. Shown only where it works.
const SHOWN_MS = 4000;

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => {
    button.textContent = label;
  }, SHOWN_MS);
}

export function start(button) {
  if (!navigator.clipboard) {
    return;
  }
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button).catch(() => selectText(button)));
}

// Where copying is refused, the address is at least marked, ready for the finger.
function selectText(button) {
  const link = button.closest(".share")?.querySelector(".share-link");
  if (link) {
    getSelection().selectAllChildren(link);
  }
}
