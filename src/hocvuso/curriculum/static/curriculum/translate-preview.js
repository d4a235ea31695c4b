/**
 * The practice being translated, played on both phones beside its text. The server reads the YAML (`data-check`); the phones stand in
 * iframes (practice-stage.js) that are loaded when somebody opens them. What cannot be played leaves the last phone standing and says why.
 */
const token = document.querySelector("[name=csrfmiddlewaretoken]");

for (const preview of document.querySelectorAll("details[data-preview]")) {
  const text = document.getElementById(preview.dataset.preview);
  const problems = preview.querySelector("[data-problems]");
  const phones = Array.from(preview.querySelectorAll("iframe"));
  let definition = null;
  let waiting = 0;
  let asked = 0;

  /** Hand the practice to the phones that stand ready. */
  const play = () => {
    if (!definition) return;
    for (const phone of phones) {
      phone.contentWindow.postMessage({ definition, screen: definition.start, skin: phone.dataset.skin }, location.origin);
    }
  };

  const check = async () => {
    const turn = ++asked;
    const body = new FormData();
    body.append("yaml", text.value || text.closest(".hvs-sides__part").querySelector(".hvs-sides__text").textContent);
    body.append("csrfmiddlewaretoken", token.value);
    try {
      const answer = await fetch(preview.dataset.check, { method: "POST", body });
      if (!answer.ok || turn !== asked) return;
      const told = await answer.json();
      problems.replaceChildren(...told.problems.map((one) => Object.assign(document.createElement("li"), { textContent: one })));
      if (!told.definition.screens) return;
      definition = told.definition;
      play();
    } catch (error) {
      // Without the network the last phone stays; typing goes on.
    }
  };

  preview.addEventListener("toggle", () => {
    if (!preview.open) return;
    for (const phone of phones) if (!phone.src) phone.src = phone.dataset.src;
    check();
  });
  text.addEventListener("input", () => {
    if (!preview.open) return;
    clearTimeout(waiting);
    waiting = setTimeout(check, 400);
  });
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data === "stage-ready" && phones.some((phone) => phone.contentWindow === event.source)) play();
  });
}
