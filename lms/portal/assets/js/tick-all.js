// Ticking a whole list at once.
//   <fieldset data-tick-all> <p data-all hidden><button data-tick><button data-untick></p> … checkboxes
for (const root of document.querySelectorAll("[data-tick-all]")) {
  const set = (on) => root.querySelectorAll('input[type="checkbox"]').forEach((box) => (box.checked = on));
  root.querySelector("[data-all]").hidden = false;
  root.querySelector("[data-tick]").addEventListener("click", () => set(true));
  root.querySelector("[data-untick]").addEventListener("click", () => set(false));
}
