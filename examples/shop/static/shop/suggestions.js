// Offers products while somebody types in the search field; without this script, the field works all the same.
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
