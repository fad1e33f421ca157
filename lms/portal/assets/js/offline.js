// Keeping a course on the phone, and sending once what was done there: lessons, unmarked checks, scenarios.
//   <section data-offline data-pack="/learn/B5/pack/" data-worker="/sw.js">  buttons and words of the course page
//   <main data-queue="/learn/queue/" data-enrolment="…">  the kept page, and a lesson's
//   <button data-finish="lesson key">, <article data-lesson="lesson key"> around <section data-check="number">
const CACHE = "vung-packs";
const QUEUE = "vung-queue";

const read = () => JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
const write = (queue) => localStorage.setItem(QUEUE, JSON.stringify(queue));
// What the server calls it in its answer (lms/learning/records.py).
const name = (item) => item.scenario ?? (item.check === undefined ? item.lesson : `${item.lesson}/${item.check}`);
const same = (a, b) => a.enrolment === b.enrolment && name(a) === name(b);

function show(root, name) {
  for (const part of root.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== name;
}

// What a page needs to be read: its styles with their fonts, its scripts, its pictures in the size for a phone.
async function needs(path) {
  const response = await fetch(path, { credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.clone().text(), "text/html");
  const parts = [...page.querySelectorAll('link[rel="stylesheet"], link[rel="icon"]')].map((link) => link.getAttribute("href"));
  parts.push(...[...page.querySelectorAll("script[src], img[src]")].map((node) => node.getAttribute("src")));
  parts.push(...[...page.querySelectorAll("[data-needs]")].flatMap((node) => node.dataset.needs.split(" ").filter(Boolean)));
  for (const sheet of parts.filter((part) => /\.css/.test(part))) {
    const text = await (await fetch(sheet)).text();
    for (const found of text.matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
      if (!found[1].startsWith("data:")) parts.push(new URL(found[1], new URL(sheet, location)).pathname);
    }
  }
  return { response, parts: [...new Set(parts)].map((part) => new URL(part, location).pathname) };
}

async function keep(root) {
  show(root, "busy");
  try {
    await navigator.serviceWorker.register(root.dataset.worker);
    const { response, parts } = await needs(root.dataset.pack);
    const cache = await caches.open(CACHE);
    await Promise.all(parts.map((part) => cache.add(part)));
    await cache.put(root.dataset.pack, response);
    show(root, "kept");
  } catch {
    show(root, "failed");
  }
}

async function course(root) {
  root.hidden = false;
  root.querySelector("[data-keep]").addEventListener("click", () => keep(root));
  root.querySelector("[data-again]").addEventListener("click", () => keep(root));
  root.querySelector("[data-forget]").addEventListener("click", async () => {
    await (await caches.open(CACHE)).delete(root.dataset.pack);
    show(root, "open");
  });
  show(root, (await (await caches.open(CACHE)).match(root.dataset.pack)) ? "kept" : "open");
}

let sending = false;

export async function send(address) {
  const queue = read();
  if (!queue.length || sending) return;
  sending = true;
  try {
    const { token } = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const scenarios = queue.filter((one) => one.scenario);
    const checks = queue.filter((one) => one.check !== undefined);
    const lessons = queue.filter((one) => !one.scenario && one.check === undefined);
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify({ lessons, checks, scenarios }) });
    const { stored, refused } = await answer.json();
    const settled = new Set([...stored, ...refused]);
    write(read().filter((one) => !settled.has(name(one))));
  } catch {
    // No network, or signed out: the queue stays, and the page says how much of it.
  } finally {
    sending = false;
  }
}

function tell(root) {
  const queue = read();
  for (const place of root.querySelectorAll("[data-waiting]")) {
    place.hidden = !queue.length;
    place.querySelector("[data-number]").textContent = queue.length;
  }
}

async function add(root, item) {
  write([...read().filter((one) => !same(one, item)), item]);
  tell(root);
  await send(root.dataset.queue);
  tell(root);
}

function pack(root) {
  const enrolment = root.dataset.enrolment;
  const waiting = (item) => read().find((one) => same(one, item));
  for (const button of root.querySelectorAll("[data-finish]")) {
    const item = { enrolment, lesson: button.dataset.finish };
    const done = () => {
      button.disabled = true;
      button.nextElementSibling.hidden = false;
    };
    if (waiting(item)) done();
    button.hidden = false;
    button.addEventListener("click", () => {
      done();
      add(root, item);
    });
  }
  // The first answer is the one that counts; how often it was tried counts on.
  const tried = (section) => {
    const lesson = section.closest("[data-lesson]").dataset.lesson;
    const answers = [...section.querySelectorAll(":scope > details")];
    const item = { enrolment, lesson, check: Number(section.dataset.check), answer: answers.findIndex((one) => one.open), times: 1 };
    const before = waiting(item);
    if (item.answer >= 0) add(root, before ? { ...before, times: before.times + 1 } : item);
  };
  for (const section of root.querySelectorAll("[data-check]")) {
    for (const answer of section.querySelectorAll(":scope > details")) {
      answer.addEventListener("toggle", () => answer.open && tried(section));
    }
  }
  root.addEventListener("done", (event) => add(root, { enrolment, ...event.detail }));
}

const able = "serviceWorker" in navigator && "caches" in window;
for (const root of document.querySelectorAll("[data-offline]")) if (able) course(root);
for (const root of document.querySelectorAll("[data-queue]")) {
  if (root.dataset.enrolment) pack(root);
  const go = async () => {
    await send(root.dataset.queue);
    tell(root);
  };
  window.addEventListener("online", go);
  tell(root);
  go();
}
