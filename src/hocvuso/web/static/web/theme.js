(function () {
  var root = document.documentElement, tag = Element.prototype;
  function choose(name, values) {
    try {
      var value = localStorage.getItem("hvs-" + name);
      if (value && values.indexOf(value) >= 0) root.setAttribute("data-" + name, value);
    } catch (e) { /* storage is closed: the device's own settings hold */ }
  }
  choose("theme", ["light", "dark", "contrast"]);
  choose("text", ["large"]);
  choose("motion", ["less"]);
  root.setAttribute("data-scripts", "");
  // What our scripts use and browsers of 2018 lack.
  if (!tag.toggleAttribute) tag.toggleAttribute = function (name, on) {
    if (on === undefined ? !this.hasAttribute(name) : on) this.setAttribute(name, "");
    else this.removeAttribute(name);
  };
  if (!tag.replaceChildren) tag.replaceChildren = function () {
    while (this.firstChild) this.removeChild(this.firstChild);
    this.append.apply(this, arguments);
  };
})();
