/* Folds, and the drawings of figures. A link to what is in a fold opens it. What a page keeps aside, so that a simple
   device can show it (long folds, the drawing for the other width), is made when it is wanted. */
(function () {
  "use strict";
  var TELEPHONE = 43.9, kept = "template.pb-kept";
  /* Make whatever is kept aside in an element, or that of it which holds this id. */
  function make(root, id) {
    root.querySelectorAll(kept).forEach(function (one) {
      if (!id || one.content.getElementById(id)) {
        one.replaceWith(one.content);
        watch();
      }
    });
  }
  function openTarget() {
    var id = location.hash && decodeURIComponent(location.hash.slice(1));
    if (!id) { return; }
    if (!document.getElementById(id)) { make(document, id); }
    var target = document.getElementById(id);
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target && target.closest("details")) { target.scrollIntoView(); }
  }

  /* Each figure is drawn for a wide column and for a telephone: one of the two is shown, the other kept aside. */
  function draw(figure, name) {
    var other = figure.querySelector("template." + name);
    if (!other) { return; }
    var shown = figure.querySelector("div.pb-wide, div.pb-narrow"), aside = document.createElement("template");
    var drawn = document.createElement("div");
    aside.className = shown.className;
    aside.content.append.apply(aside.content, shown.childNodes);
    drawn.className = other.className;
    drawn.append(other.content);
    other.replaceWith(aside);
    shown.replaceWith(drawn);
  }
  var sizes = new ResizeObserver(function (changes) {
    var rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    changes.forEach(function (change) {
      if (change.contentRect.width) { draw(change.target, change.contentRect.width > TELEPHONE * rem ? "pb-wide" : "pb-narrow"); }
    });
  });
  function watch() {
    document.querySelectorAll("figure.pb-chart").forEach(function (figure) { sizes.observe(figure); });
  }

  window.policybookMake = make;
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("figure.pb-chart").forEach(function (figure) { draw(figure, "pb-wide"); });
  });
  document.addEventListener("toggle", function (event) { if (event.target.open) { make(event.target); } }, true);
  document.addEventListener("DOMContentLoaded", function () { openTarget(); watch(); });
})();
