// Suggestions under the place field while typing. Without it the form offers the same places after sending.
const WAIT_MS = 200;

async function fetchPlaces(from, text, signal) {
  const answer = await fetch(`${from}?q=${encodeURIComponent(text)}`, { signal });
  return answer.ok ? answer.json() : [];
}

function makeOption(place, number, listId) {
  const option = document.createElement("li");
  option.id = `${listId}-${number}`;
  option.setAttribute("role", "option");
  option.className = "place-option";
  option.textContent = place.label;
  option.dataset.code = place.code;
  return option;
}

export function start(field) {
  const part = (name) => field.querySelector(`[data-place=${name}]`);
  const [text, seen, list, status] = ["text", "seen", "list", "status"].map(part);
  let timer;
  let asking;
  let active = -1;

  const mark = (name, value) => text.setAttribute(name, value);
  mark("role", "combobox");
  mark("aria-autocomplete", "list");
  mark("aria-controls", list.id);
  mark("aria-expanded", "false");

  const close = () => {
    list.hidden = true;
    mark("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const choose = (option) => {
    asking?.abort();
    text.value = seen.value = option.textContent;
    codeInput(field).value = option.dataset.code;
    status.textContent = "";
    close();
  };
  const show = (places) => {
    list.replaceChildren(...places.map((place, number) => makeOption(place, number, list.id)));
    status.textContent = places.length ? field.dataset.some.replace("{n}", places.length) : field.dataset.none;
    active = -1;
    list.hidden = places.length === 0 || document.activeElement !== text;
    mark("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      show(await fetchPlaces(field.dataset.from, text.value, asking.signal));
    } catch {
      close(); // no connection, or a newer question: the form still works
    }
  };
  const move = (step) => {
    const options = [...list.children];
    options[active]?.removeAttribute("aria-selected");
    active = (active + step + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    mark("aria-activedescendant", options[active].id);
  };

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = text.value.trim().length > 1 ? setTimeout(ask, WAIT_MS) : close();
  });
  text.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: active < 0 ? 0 : -1 }[event.key];
    const sends = event.key === "Enter" && active < 0; // nothing marked: the form goes as typed
    if (list.hidden || sends || (step === undefined && !["Enter", "Escape"].includes(event.key))) {
      return;
    }
    event.preventDefault();
    event.key === "Escape" ? close() : event.key === "Enter" ? choose(list.children[active]) : move(step);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => event.target.dataset.code && choose(event.target));
  text.addEventListener("blur", close);
}

// The code travels in one input: radios and selects for an older text give way to it.
function codeInput(field) {
  field.querySelector("[data-place=pick]")?.remove();
  const found = field.querySelector("[data-place=code]");
  if (found) {
    return found;
  }
  const made = Object.assign(document.createElement("input"), { type: "hidden" });
  made.name = field.querySelector("[data-place=seen]").name.replace(/_seen$/, "_code");
  made.dataset.place = "code";
  field.append(made);
  return made;
}
