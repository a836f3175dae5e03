// Two comforts; without this script, the pages work all the same.

// The search field offers products while somebody types.
const field = document.querySelector("[data-suggestions]");
const list = field && document.getElementById(field.getAttribute("list"));
let timer, last = "";

async function suggest() {
  const text = field.value.trim();
  if (text === last) return;
  last = text;
  const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || last !== text) return;
  const { products } = await answer.json();
  list.replaceChildren(...products.map(({ name }) => new Option(name, name)));
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, 150);
});

// On a small screen, the filters stay folded until they are wanted.
const filters = document.querySelector(".filters details");
if (filters && matchMedia("(max-width: 52rem)").matches) filters.open = filters.querySelector(".errorlist") !== null;
