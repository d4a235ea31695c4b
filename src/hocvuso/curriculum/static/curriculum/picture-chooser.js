/**
 * The field of a lesson's form that holds a picture: Wagtail's chooser, showing what was chosen.
 *
 * Its state carries `preview` {url, width, height} (picture_widget.py).
 */
(() => {
  const { SnippetChooser, telepath } = window;
  if (!SnippetChooser || !telepath) return;

  class PictureChooser extends SnippetChooser {
    getStateFromHTML() {
      const state = super.getStateFromHTML();
      const image = this.chooserElement.querySelector("[data-hvs-picture]");
      if (state && image) state.preview = { url: image.getAttribute("src"), width: image.getAttribute("width"), height: image.getAttribute("height") };
      return state;
    }

    renderState(state) {
      super.renderState(state);
      const image = this.chooserElement.querySelector("[data-hvs-picture]");
      if (!image || !state || !state.preview) return;
      image.setAttribute("src", state.preview.url);
      image.setAttribute("width", state.preview.width);
      image.setAttribute("height", state.preview.height);
    }
  }

  const Base = telepath.constructors["wagtail.snippets.widgets.SnippetChooser"];
  class PictureChooserFactory extends Base {
    constructor(...given) {
      super(...given);
      this.widgetClass = PictureChooser;
    }
  }
  telepath.register("hocvuso.PictureChooser", PictureChooserFactory);
})();
