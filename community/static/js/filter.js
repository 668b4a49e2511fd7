// Narrows a list on this page while typing, as the form would on the server. Says how many are left.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function isMatch(row, words) {
  const text = plain(row.dataset.find || row.textContent);
  return words.every((word) => text.includes(word));
}

export function start(form) {
  const list = document.getElementById(form.dataset.list);
  const input = form.querySelector("input[type=search]");
  const status = form.querySelector("[role=status]");
  if (!list || !input) {
    return;
  }
  const narrow = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of list.children) {
      row.hidden = !isMatch(row, words);
      left += row.hidden ? 0 : 1;
    }
    status.textContent = words.length === 0 ? "" : left === 0 ? form.dataset.none : form.dataset.some.replace("{n}", left);
  };
  input.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    narrow();
  });
  if (input.value) {
    narrow();
  }
}
