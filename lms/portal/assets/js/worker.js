// The service worker: the network first, and what was kept on the phone where there is none.
// Kept is only what offline.js puts into the cache on demand; nothing is kept by merely passing through.
const CACHE = "vung-packs";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const course = url.pathname.match(/^\/learn\/([A-Z][A-Z0-9-]{0,31})\//);
  if (request.mode === "navigate") {
    if (course) event.respondWith(fetch(request).catch(() => kept(`/learn/${course[1]}/pack/`)));
    return;
  }
  if (/^\/(static|media)\//.test(url.pathname)) {
    event.respondWith(fetch(request).catch(() => kept(url.pathname)));
  }
});

async function kept(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? Response.error();
}
