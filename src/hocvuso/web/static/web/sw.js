// The service worker: pages that are the same for everybody, and the files they need, work without a network.
// VERSION and SHELL are written above this line by the server.
//
// What may be kept is decided by the server, page by page: only an answer marked `Cache-Control: public` is stored.
// Files with a hash in their name never change and are kept for good; pages are asked for first and answered from the
// phone after three seconds.

const PAGES = "hvs-pages-" + VERSION;
const FILES = "hvs-files";
const SAVED = "hvs-saved"; // what the person asked to keep: nothing here is cleared but by them
const PATIENCE = 3000;
const MOST_FILES = 400;
const NEVER = /^(\/en)?\/(api|chung-nhan|tai-khoan|dieu-hanh|kiem-tra|lop|quan-tri|soan|tai-lieu|thu-nghiem|vao|suc-khoe|media)(\/|$)/;
const HASHED = /(\.[0-9a-f]{8,64}\.[a-z0-9]+$)|(\/[0-9a-f]{32,64}([./]|$))/;
// Addresses inside pages, style sheets and modules: anything of /static/, anything with a content hash, relative imports.
const INSIDE = /["'(=\s](\/static\/[^"'\s)#?<>]+|\/[A-Za-z0-9_\-./]*[0-9a-f]{32,64}[A-Za-z0-9_\-./]*|\.{1,2}\/[A-Za-z0-9_\-./]+\.(?:js|json|css|svg|woff2))["')\s#>]/g;
const OFFLINE = "/ngoai-mang/";
// A certificate's QR code leads to its page; without a network the kept page checks what stands behind the #.
const VERIFY = /^(\/en)?\/xac-minh\//;
const VERIFY_OFFLINE = "/xac-minh/khong-mang/";

addEventListener("install", (event) => {
  event.waitUntil(keepAll(SHELL).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("hvs-pages-") && name !== PAGES) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("message", (event) => {
  if (event.data === "keep-lessons") event.waitUntil(keepLessons());
  // A page that works without a network asks to be kept, with the files it needs.
  if (event.data && Array.isArray(event.data.keep)) event.waitUntil(keepAll(event.data.keep));
  if (event.data && event.data.save) event.waitUntil(saveLessons(event.data.save, event.ports[0]));
});

addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.has("range")) return;
  if (NEVER.test(url.pathname)) {
    // Never kept, always from the server; only where nobody answers, our own page says so.
    if (request.mode === "navigate") event.respondWith(fetch(request).catch((error) => awayPage(url.pathname, error)));
    return;
  }
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (HASHED.test(url.pathname)) event.respondWith(keptFirst(request));
  else event.respondWith(networkFirst(event, request, FILES));
});

/** A page: the network for three seconds, then what is kept, then the page that says what still works. */
async function page(event) {
  try {
    return await networkFirst(event, event.request, PAGES);
  } catch (error) {
    return awayPage(new URL(event.request.url).pathname, error);
  }
}

/** The page that says what still works, in the language of the address; the error itself where it was not kept. */
async function awayPage(path, error) {
  if (VERIFY.test(path)) {
    const checker = (path.startsWith("/en/") && (await kept("/en" + VERIFY_OFFLINE))) || (await kept(VERIFY_OFFLINE));
    if (checker) return checker;
  }
  const away = (path.startsWith("/en/") && (await kept("/en" + OFFLINE))) || (await kept(OFFLINE));
  if (away) return away;
  throw error;
}

async function networkFirst(event, request, cacheName) {
  const fromNetwork = fetch(request).then(async (answer) => {
    if (mayKeep(answer, request)) await put(cacheName, request.url, answer.clone());
    return answer;
  });
  event.waitUntil(fromNetwork.catch(() => {}));
  const stored = await kept(request.url);
  if (!stored) return fromNetwork;
  const late = new Promise((resolve) => setTimeout(() => resolve(stored), PATIENCE));
  return Promise.race([fromNetwork.then((answer) => (answer.status >= 500 ? stored : answer)).catch(() => stored), late]);
}

async function keptFirst(request) {
  const stored = await kept(request.url);
  if (stored) return stored;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") await put(FILES, request.url, answer.clone());
  return answer;
}

async function kept(address) {
  const url = new URL(address, location.origin);
  url.hash = "";
  // What was saved long ago stands behind what was seen since.
  const exact = (await (await caches.open(PAGES)).match(url.href, { ignoreVary: true })) || (await caches.match(url.href, { ignoreVary: true }));
  if (exact || !url.search) return exact;
  url.search = "";
  return caches.match(url.href, { ignoreVary: true });
}

/** Only whole answers of this site that the server calls public; a page that came by way of another address is not kept. */
function mayKeep(answer, request) {
  if (!answer.ok || answer.status !== 200 || answer.type !== "basic" || answer.redirected) return false;
  if (/^\/static\//.test(new URL(request.url).pathname)) return true;
  return /\bpublic\b/.test(answer.headers.get("Cache-Control") || "");
}

async function put(cacheName, address, answer) {
  const url = new URL(address, location.origin);
  url.hash = "";
  if (cacheName === PAGES) url.search = "";
  try {
    await (await caches.open(cacheName)).put(url.href, answer);
  } catch (error) { /* the phone is full: the page is shown all the same */ }
}

/** Fetch a page or file, keep it, and keep what it names inside, once each. */
async function keep(address, seen, afresh) {
  const url = new URL(address, location.origin);
  url.hash = "";
  if (seen.has(url.href) || url.origin !== location.origin || NEVER.test(url.pathname)) return;
  seen.add(url.href);
  const isFile = HASHED.test(url.pathname) || url.pathname.startsWith("/static/");
  let answer = isFile ? await caches.match(url.href, { ignoreVary: true }) : undefined;
  if (!answer || (afresh && !HASHED.test(url.pathname))) {
    // A page is asked for as nobody: it is the same for everybody, and an officer's session would make the answer private.
    const request = new Request(url.href, { credentials: isFile ? "same-origin" : "omit", headers: isFile ? {} : { Accept: "text/html" } });
    const fresh = await fetchInTime(request);
    if (!mayKeep(fresh, request) && !(isFile && fresh.ok)) {
      await fresh.text(); // an answer nobody reads would hold its connection
      return;
    }
    await put(isFile ? FILES : PAGES, url.href, fresh.clone());
    answer = fresh;
  }
  const kind = answer.headers.get("Content-Type") || "";
  if (!/html|javascript|css/.test(kind)) return;
  const text = await answer.clone().text();
  const named = [];
  text.replace(INSIDE, (whole, address) => { named.push(address); return whole; });
  for (const found of named) {
    try { await keep(new URL(found, url.href).href, seen, false); } catch (error) { /* one file less; the rest goes on */ }
  }
}

/** Fetch in the background; a half-dead network is given up after twenty seconds. */
async function fetchInTime(request) {
  const stop = "AbortController" in self ? new AbortController() : null;
  const timer = setTimeout(() => { if (stop) stop.abort(); }, 20000);
  try {
    return await fetch(request, stop ? { signal: stop.signal } : {});
  } finally {
    clearTimeout(timer);
  }
}

/** Keep lessons for good: each a list of addresses. Tells the page after every lesson how far it is. */
async function saveLessons(lessons, port) {
  const seen = new Set();
  const copied = new Set();
  let done = 0;
  try {
    const cache = await caches.open(SAVED);
    for (const addresses of lessons) {
      for (const address of addresses) await keep(address, seen, true);
      for (const address of seen) {
        if (copied.has(address)) continue;
        const answer = await kept(address);
        if (answer) await cache.put(address, answer);
        copied.add(address);
      }
      done += 1;
      port.postMessage({ done });
    }
    port.postMessage({ done, over: true });
  } catch (error) {
    port.postMessage({ done, over: true, full: Boolean(error && error.name === "QuotaExceededError") });
  }
}

async function keepAll(addresses) {
  const seen = new Set();
  for (const address of addresses) {
    try { await keep(address, seen, true); } catch (error) { /* asked for again on the next visit */ }
  }
}

let keeping = null;

/** Keep every current lesson, its practices and releases, when the list has changed since the last time. */
function keepLessons() {
  if (!keeping) keeping = fetchLessons().catch(() => {}).then(() => { keeping = null; });
  return keeping;
}

async function fetchLessons() {
  const answer = await fetchInTime(new Request("/api/v1/offline-list", { headers: { Accept: "application/json" } }));
  const list = await answer.json();
  if (!answer.ok || !list.urls) return;
  const pages = await caches.open(PAGES);
  const mark = location.origin + "/ngoai-mang/da-giu.json";
  const done = await pages.match(mark);
  const wanted = JSON.stringify(list);
  if (done && (await done.text()) === wanted) return;
  const seen = new Set();
  let whole = true;
  for (const address of list.urls) {
    try { await keep(address, seen, true); } catch (error) { whole = false; }
  }
  if (whole) await pages.put(mark, new Response(wanted));
  await forgetOldFiles();
  for (const client of await clients.matchAll()) client.postMessage({ kept: list.urls.length, whole });
}

async function forgetOldFiles() {
  const files = await caches.open(FILES);
  const keys = await files.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_FILES))) await files.delete(key);
}
