// The service worker, by Workbox: the network first, and what was kept on the phone where there is none.
// Kept is only what offline.js puts into the cache on demand; nothing is kept by merely passing through.
const { clientsClaim } = workbox.core;
const { registerRoute } = workbox.routing;
const { NetworkOnly } = workbox.strategies;

const CACHE = "vung-packs";
const COURSE = /^\/learn\/([A-Z][A-Z0-9-]{0,31})\//;

self.skipWaiting();
clientsClaim();

const kept = async (path) => (await caches.open(CACHE)).match(path);
const orElse = (path) => new NetworkOnly({ plugins: [{ handlerDidError: ({ request }) => kept(path(new URL(request.url).pathname)) }] });

registerRoute(
  ({ request, url, sameOrigin }) => sameOrigin && request.mode === "navigate" && COURSE.test(url.pathname),
  orElse((path) => `/learn/${path.match(COURSE)[1]}/pack/`),
);
registerRoute(
  ({ request, url, sameOrigin }) => sameOrigin && request.mode !== "navigate" && /^\/(static|media)\//.test(url.pathname),
  orElse((path) => path),
);
