/** The studio's recorder: microphone → WebM or M4A, put into the form's file field. Without a recorder a file can still be brought. */
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-recorder]"));

function begin() {
  if (!form || !window.MediaRecorder || !navigator.mediaDevices) return;
  const place = form.querySelector("[data-recorder-part]");
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[data-record]"));
  const told = form.querySelector("[data-told]");
  const heard = /** @type {HTMLAudioElement} */ (form.querySelector("[data-heard]"));
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const words = /** @type {HTMLTemplateElement} */ (form.querySelector("template[data-strings]"));
  const start = button.textContent;
  /** @type {MediaRecorder | null} */
  let recorder = null;
  const tell = (key) => {
    const found = words.content.querySelector(`[data-key="${key}"]`);
    if (told) told.textContent = found ? found.textContent : "";
  };
  if (place) place.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const type = ["audio/webm;codecs=opus", "audio/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
      const parts = [];
      recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24000 });
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        recorder = null;
        button.textContent = start;
        const kind = (type || "audio/webm").split(";")[0];
        const blob = new Blob(parts, { type: kind });
        heard.src = URL.createObjectURL(blob);
        heard.hidden = false;
        const held = new DataTransfer();
        held.items.add(new File([blob], kind === "audio/mp4" ? "giong-doc.m4a" : "giong-doc.webm", { type: kind }));
        field.files = held.files;
        tell("listen");
      };
      recorder.start();
      button.textContent = button.dataset.stop || "";
      tell("recording");
    } catch (error) {
      recorder = null;
      tell("refused");
    }
  });
}

begin();
