/**
 * What the phone keeps: three drawers of plain objects that survive closing the tab.
 *
 * `outbox`: activities nobody has acknowledged yet, by id. `aside`: activities the server refused, by id, with the reason.
 * `meta`: everything else, by name. IndexedDB; where that is closed to us, localStorage; where that is closed too, memory,
 * and then `lasting` is false and the page says so. What waited in a poorer place moves to the better one when it opens.
 */

const NAME = "hvs-learning";
const DRAWERS = ["outbox", "aside", "meta"];
const PATIENCE = 3000;

/**
 * @typedef {Object} Store
 * @property {boolean} lasting whether it survives closing the tab
 * @property {(drawer: string, key: string) => Promise<any>} get
 * @property {(drawer: string) => Promise<Record<string, any>>} all
 * @property {(drawer: string, key: string, value: any) => Promise<void>} put resolves when it is safely written
 * @property {(drawer: string, key: string) => Promise<void>} remove
 */

/** @param {[string, any][]} pairs @returns {Record<string, any>} */
export function fromPairs(pairs) {
  return pairs.reduce((all, [key, value]) => { all[key] = value; return all; }, /** @type {Record<string, any>} */ ({}));
}

/** Open the best place there is. @returns {Promise<Store>} */
export async function openStore() {
  const plain = localStore();
  try {
    const store = await indexedStore(await openDatabase());
    if (plain) await moveAll(plain, store);
    return plain ? withSpare(store, plain) : store;
  } catch (error) {
    return plain || memoryStore();
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => { for (const drawer of DRAWERS) asked.result.createObjectStore(drawer); };
    asked.onerror = () => { clearTimeout(timer); reject(asked.error); };
    asked.onsuccess = () => {
      clearTimeout(timer);
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
  });
}

/** @param {IDBDatabase} database @returns {Promise<Store>} */
async function indexedStore(database) {
  const run = (drawer, mode, work) => new Promise((resolve, reject) => {
    const turn = database.transaction(drawer, mode);
    const asked = work(turn.objectStore(drawer));
    turn.oncomplete = () => resolve(asked.result);
    turn.onabort = turn.onerror = () => reject(turn.error || asked.error);
  });
  const store = {
    lasting: true,
    get: (drawer, key) => run(drawer, "readonly", (one) => one.get(key)),
    put: (drawer, key, value) => run(drawer, "readwrite", (one) => one.put(value, key)),
    remove: (drawer, key) => run(drawer, "readwrite", (one) => one.delete(key)),
    all: async (drawer) => {
      const [keys, values] = await Promise.all([
        run(drawer, "readonly", (one) => one.getAllKeys()), run(drawer, "readonly", (one) => one.getAll()),
      ]);
      return fromPairs(keys.map((key, place) => [String(key), values[place]]).filter((pair) => pair[1] !== undefined));
    },
  };
  await store.all("meta"); // a database that opens and cannot be read is no place to keep things
  return store;
}

/** When the phone's database is full or broken, the spare place takes what it refuses. @param {Store} store @param {Store} spare @returns {Store} */
function withSpare(store, spare) {
  return Object.assign({}, store, {
    put: (drawer, key, value) => store.put(drawer, key, value).catch(() => spare.put(drawer, key, value)),
    remove: async (drawer, key) => { await spare.remove(drawer, key); await store.remove(drawer, key); },
    get: async (drawer, key) => {
      const found = await store.get(drawer, key);
      return found === undefined || found === null ? spare.get(drawer, key) : found;
    },
    all: async (drawer) => Object.assign({}, await store.all(drawer), await spare.all(drawer)),
  });
}

/** @returns {Store | null} */
function localStore() {
  const name = (drawer, key) => `hvs-store:${drawer}:${key}`;
  try {
    localStorage.setItem("hvs-store", "1");
    localStorage.removeItem("hvs-store");
  } catch (error) {
    return null;
  }
  return {
    lasting: true,
    async get(drawer, key) { return (JSON.parse(localStorage.getItem(name(drawer, key)) || "null") === undefined || JSON.parse(localStorage.getItem(name(drawer, key)) || "null") === null ? undefined : JSON.parse(localStorage.getItem(name(drawer, key)) || "null")); },
    async put(drawer, key, value) { localStorage.setItem(name(drawer, key), JSON.stringify(value)); },
    async remove(drawer, key) { localStorage.removeItem(name(drawer, key)); },
    async all(drawer) {
      const start = name(drawer, "");
      const keys = Object.keys(localStorage).filter((one) => one.startsWith(start));
      return fromPairs(keys.map((one) => [one.slice(start.length), JSON.parse(localStorage.getItem(one) || "null")]));
    },
  };
}

/** @returns {Store} */
function memoryStore() {
  const drawers = fromPairs(DRAWERS.map((drawer) => [drawer, new Map()]));
  return {
    lasting: false,
    async get(drawer, key) { return drawers[drawer].get(key); },
    async put(drawer, key, value) { drawers[drawer].set(key, value); },
    async remove(drawer, key) { drawers[drawer].delete(key); },
    async all(drawer) { return fromPairs(Array.from(drawers[drawer])); },
  };
}

/** @param {Store} from @param {Store} to */
async function moveAll(from, to) {
  for (const drawer of DRAWERS) {
    for (const [key, value] of Object.entries(await from.all(drawer))) {
      if ((await to.get(drawer, key)) === undefined) await to.put(drawer, key, value);
      await from.remove(drawer, key);
    }
  }
}
