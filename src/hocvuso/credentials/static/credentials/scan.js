// <hvs-scan data-target="id of the text box">: a button that reads a QR code with the camera and sends the form.
// Leaves quietly where the browser cannot read codes: the text box is always there.

class Scan extends HTMLElement {
  connectedCallback() {
    if (!("BarcodeDetector" in window) || !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia)) return;
    this.hidden = false;
    this.button = /** @type {HTMLButtonElement} */ (this.querySelector("button"));
    this.video = /** @type {HTMLVideoElement} */ (this.querySelector("video"));
    this.status = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
    this.button.addEventListener("click", () => { this.stream ? this.stop() : this.start(); });
  }

  disconnectedCallback() { this.stop(); }

  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch (error) {
      this.status.textContent = this.dataset.denied || "";
      return;
    }
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    this.status.textContent = this.dataset.searching || "";
    await this.video.play();
    // @ts-ignore BarcodeDetector is not in the type library yet
    this.look(new BarcodeDetector({ formats: ["qr_code"] }));
  }

  /** @param {{detect: (source: HTMLVideoElement) => Promise<Array<{rawValue: string}>>}} detector */
  async look(detector) {
    while (this.stream) {
      try {
        const [code] = await detector.detect(this.video);
        if (code && code.rawValue) return this.found(code.rawValue);
      } catch (error) { /* a frame that cannot be read: the next one may */ }
      await new Promise((later) => { setTimeout(later, 200); });
    }
  }

  /** @param {string} text */
  found(text) {
    this.stop();
    const box = /** @type {HTMLInputElement} */ (document.getElementById(this.dataset.target || ""));
    box.value = text;
    (box.form && box.form.requestSubmit) ? box.form.requestSubmit() : (box.form && box.form.submit());
  }

  stop() {
    for (const track of ((this.stream && this.stream.getTracks()) || [])) track.stop();
    this.stream = undefined;
    if (this.video) this.video.hidden = true;
    if (this.status) this.status.textContent = "";
  }
}

customElements.define("hvs-scan", Scan);
