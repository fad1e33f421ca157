// Keeps each answer on the server as it is given, and counts down. Without script the form does the same.
// While the line is broken the answer waits in this browser (IndexedDB) and is sent when the line is back;
// the page says "kept" only when the server has said so. The server's clock decides, never this one.
const form = document.querySelector("[data-autosave]");
const saved = document.querySelector("[data-saved]");
const clock = document.querySelector("[data-deadline]");
const here = location.pathname;
let latest = 0;

function store(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("vung-answers", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("answers", { keyPath: "place" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const request = act(opening.result.transaction("answers", mode).objectStore("answers"));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    };
  }).catch(() => undefined); // no such store here: the form is left, as without script
}

async function send(place, fields) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("go", "stay");
  try {
    return (await fetch(place, { method: "POST", body, redirect: "manual" })).status;
  } catch {
    return 0;
  }
}

async function keep() {
  const turn = ++latest;
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  saved.dataset.state = "going";
  await store("readwrite", (answers) => answers.put({ place: here, fields }));
  const status = await send(here, fields);
  if (turn !== latest) return; // a newer choice is on its way
  if (status === 409) location.reload(); // over, or going on in another browser: the page says which
  saved.dataset.state = status === 204 ? "kept" : "lost";
  if (status === 204) await store("readwrite", (answers) => answers.delete(here));
}

// What waits of this page and of others. Refused for good, it is forgotten: the server has said why there.
async function sendWaiting() {
  for (const { place, fields } of (await store("readonly", (answers) => answers.getAll())) ?? []) {
    const turn = latest;
    const status = await send(place, fields);
    if (status === 0 || status >= 500 || status === 403) return;
    if (turn !== latest && place === here) continue;
    await store("readwrite", (answers) => answers.delete(place));
    if (place === here) saved.dataset.state = status === 204 ? "kept" : "lost";
  }
}

if (form) {
  form.addEventListener("change", keep);
  addEventListener("online", sendWaiting);
  setInterval(() => saved.dataset.state === "lost" && sendWaiting(), 5000);
  // The wire may be cut while the button is pressed: what was chosen is on the server, or the page stays.
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    keep();
  });
  sendWaiting();
}

if (clock) {
  const end = Date.parse(clock.dataset.deadline);
  const shift = Date.parse(clock.dataset.now) - Date.now();
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now() - shift) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}

// A place on a picture chooses its number below; the numbers alone do the same.
for (const picture of document.querySelectorAll("[data-places]")) {
  const inputs = document.getElementsByName(picture.dataset.places);
  const show = () => {
    for (const input of inputs) {
      picture.querySelector(`[data-place="${input.value}"]`)?.classList.toggle("is-chosen", input.checked);
    }
  };
  picture.addEventListener("click", (event) => {
    const place = event.target.closest("[data-place]");
    if (!place) return;
    const input = [...inputs].find((one) => one.value === place.dataset.place);
    input.checked = input.type === "radio" || !input.checked;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  for (const input of inputs) input.addEventListener("change", show);
}
