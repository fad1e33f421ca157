// A conversation that the phone plays by itself; the server plays the same choices again when they are sent.
//   <article data-talk="id of the graph's JSON" data-scenario="reference">  with [data-turns] and [data-stage]
//   <template id="talk-turn">, "talk-now", "talk-ending"                    what is filled
// An ending that is not a failed one is told to the page as "done" (js/offline.js queues it).

function fill(name, values) {
  const part = document.getElementById(name).content.firstElementChild.cloneNode(true);
  for (const slot of part.querySelectorAll("[data-slot]")) {
    slot.textContent = values[slot.dataset.slot] ?? "";
    slot.hidden = !slot.textContent;
  }
  return part;
}

function follow(graph, way) {
  let place = graph.start;
  const turns = way.map((number) => {
    const node = graph.nodes[place];
    const choice = node.choices[number];
    place = choice.to;
    return { node, choice, care: Boolean(choice.error || choice.safety_missed) };
  });
  return { turns, node: graph.nodes[place], ending: graph.endings[place] };
}

function turn({ node, choice, care }) {
  const part = fill("talk-turn", { ...node, text: choice.text, feedback: choice.feedback });
  const manner = care ? "care" : choice.skill ? "good" : "plain";
  const feedback = part.querySelector("[data-feedback]");
  feedback.classList.add(`talk__feedback--${manner}`);
  for (const icon of feedback.querySelectorAll("[data-manner]")) icon.hidden = icon.dataset.manner !== manner;
  return part;
}

function now(node, way, go) {
  const part = fill("talk-now", node);
  const picture = part.querySelector("img");
  if (node.picture) Object.assign(picture, { src: node.picture.url, width: node.picture.width, height: node.picture.height, alt: node.picture.alternative });
  else picture.remove();
  const sound = part.querySelector("audio");
  if (node.sound) sound.src = node.sound.url;
  else sound.remove();
  const choices = node.choices.map((choice, number) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "talk__choice", textContent: choice.text });
    button.addEventListener("click", () => go([...way, number]));
    item.append(button);
    return item;
  });
  part.querySelector("[data-choices]").replaceChildren(...choices);
  part.querySelector("[data-back]").hidden = !way.length;
  return part;
}

function counted(names) {
  const times = new Map();
  for (const name of names.filter(Boolean)) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1]).map(([name, n]) => (n > 1 ? `${name} × ${n}` : name)).join(", ");
}

function over(ending, turns) {
  const part = fill("talk-ending", ending);
  part.querySelector("[data-ending]").classList.add(`talk__ending--${ending.kind}`);
  const kind = ending.kind === "failed" && turns.some(({ choice }) => choice.safety_missed) ? "missed" : ending.kind;
  for (const word of part.querySelectorAll("[data-kind]")) word.hidden = word.dataset.kind !== kind;
  for (const list of part.querySelectorAll("[data-list]")) {
    const words = counted(turns.map(({ choice }) => choice[list.dataset.list]));
    list.hidden = !words;
    list.querySelector("span").textContent = words;
  }
  part.querySelector("[data-noted]").hidden = ending.kind === "failed";
  return part;
}

function play(root) {
  const graph = JSON.parse(document.getElementById(root.dataset.talk).textContent);
  const stage = root.querySelector("[data-stage]");
  const show = (way, moved = true) => {
    const { turns, node, ending } = follow(graph, way);
    root.querySelector("[data-turns]").replaceChildren(...turns.map(turn));
    const part = ending ? over(ending, turns) : now(node, way, show);
    const turning = turns.findIndex(({ care }) => care);
    const ways = { back: way.slice(0, -1), turning: way.slice(0, turning), start: [] };
    for (const button of part.querySelectorAll("[data-go]")) {
      button.hidden = button.dataset.go === "turning" && turning < 0;
      button.addEventListener("click", () => show(ways[button.dataset.go]));
    }
    stage.replaceChildren(part);
    if (moved) part.focus();
    if (ending && ending.kind !== "failed") {
      const detail = { scenario: root.dataset.scenario, way: way.join(".") };
      root.dispatchEvent(new CustomEvent("done", { detail, bubbles: true }));
    }
  };
  show([], false);
}

for (const root of document.querySelectorAll("[data-talk]")) play(root);
