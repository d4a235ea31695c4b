// The page shown without a network: which lessons this phone holds.

const list = document.getElementById("kept-lessons");
const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("kept-lesson"));

async function show() {
  if (!list || !template || !("caches" in window)) return;
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith("hvs-pages-") && name !== "hvs-saved") continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const path = new URL(request.url).pathname;
      if (!/^\/bai\/[^/]+\/$/.test(path)) continue;
      const answer = await cache.match(request);
      const page = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html");
      found.set(path, (((page.querySelector("h1") || page.querySelector("title")) && (page.querySelector("h1") || page.querySelector("title")).textContent) || path).trim());
    }
  }
  for (const [path, title] of found) {
    const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const link = row.querySelector("a");
    const words = row.querySelector(".row__title");
    if (link) link.href = path;
    if (words) words.textContent = title;
    list.append(row);
  }
  const block = list.closest("section");
  if (block) block.hidden = found.size === 0;
}

show();
