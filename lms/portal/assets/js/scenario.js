// In the editor of a scenario: whoever writes where a choice leads is offered the names of the places.
const names = document.createElement("datalist");
names.id = "places-of-the-conversation";

const refresh = () => {
  const known = [...document.querySelectorAll('[data-place="name"] input')].map((field) => field.value.trim());
  names.replaceChildren(...[...new Set(known)].filter(Boolean).map((name) => new Option(name)));
};

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.('[data-place="to"] input')) {
    document.body.append(names);
    event.target.setAttribute("list", names.id);
    refresh();
  }
});
