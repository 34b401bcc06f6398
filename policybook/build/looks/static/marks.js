/* Marked terms: what a term is, in Chinese, pinyin and English, is said beside it when it is pointed at, tapped or reached
   with the keys (Tab to a paragraph's first, the arrows from term to term); and a legend that shows the terms of some themes.

   Without this script the browser shows the same words, as a title, to those who point at a term. */
(function () {
  "use strict";
  var BLOCK = "p, li, td, th, dd, blockquote", TERM = "mark[data-concept]", common, note, shown = null, leaving;

  function blockOf(mark) { return mark.closest(BLOCK) || mark.parentElement; }
  function termsIn(block) { return Array.from(block.querySelectorAll(TERM + ":not(.pb-off)")).filter(function (one) { return blockOf(one) === block; }); }

  /* Below the term where there is room, else above it; it touches the term, so that it can be pointed at too. */
  function place() {
    if (!shown) { return; }
    var rects = shown.getClientRects(), last = rects[rects.length - 1], width = document.documentElement.clientWidth;
    if (!last) { return; }
    note.style.left = Math.max(8, Math.min(last.left, width - note.offsetWidth - 8)) + "px";
    var below = last.bottom + note.offsetHeight < innerHeight;
    note.style.top = (below ? last.bottom : rects[0].top - note.offsetHeight) + "px";
  }
  function show(mark) {
    clearTimeout(leaving);
    if (shown === mark) { return; }
    hide();
    shown = mark;
    var terms = Array.from(document.querySelectorAll("nav a")).find(function (one) { return /\/chapters\/terms\.html$/.test(one.href); });
    var words = mark.dataset.pbTerm.split(" · ");
    note.replaceChildren.apply(note, words.map(function (one, n) {
      return common.tag("span", one, {className: n === 1 ? "pb-quiet" : n ? "" : "pb-term-name"});
    }));
    if (terms) {
      note.append(common.tag("a", document.querySelector("[data-pb-lines]").dataset.pbLines,
                             {href: terms.href + "?concept=" + mark.dataset.concept + "#concordance"}));
    }
    mark.after(note);
    note.hidden = false;
    mark.setAttribute("aria-describedby", note.id);
    place();
  }
  function hide() {
    clearTimeout(leaving);
    if (shown) { shown.removeAttribute("aria-describedby"); }
    shown = null;
    note.hidden = true;
  }
  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(function () {
      if (shown && document.activeElement !== shown && !note.contains(document.activeElement)) { hide(); }
    }, 300);
  }

  function move(event) {
    var mark = event.target.closest(TERM), step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (event.key === "Escape" && shown) { hide(); return; }
    if (!mark || !step) { return; }
    var terms = termsIn(blockOf(mark)), next = terms[terms.indexOf(mark) + step];
    event.preventDefault();
    if (next) { mark.tabIndex = -1; next.tabIndex = 0; next.focus(); }
  }
  /* One term a paragraph is reached with Tab: the first that is shown. */
  function makeReachable() {
    document.querySelectorAll(TERM).forEach(function (one) { one.tabIndex = -1; });
    new Set(Array.from(document.querySelectorAll(TERM), blockOf)).forEach(function (block) {
      var first = termsIn(block)[0];
      if (first) { first.tabIndex = 0; }
    });
  }

  function setUpLegend(legend) {
    legend.hidden = false;
    legend.addEventListener("change", function () {
      var off = Array.from(legend.querySelectorAll("input:not(:checked)"), function (one) { return "pb-theme-" + one.value; });
      document.querySelectorAll(TERM).forEach(function (one) {
        one.classList.toggle("pb-off", off.some(function (name) { return one.classList.contains(name); }));
      });
      makeReachable();
    });
  }
  function start() {
    var terms = document.querySelectorAll(TERM);
    if (!terms.length) { return; }
    common = window.policybookWords;
    note = Object.assign(document.createElement("span"), {id: "pb-term", className: "pb-term", hidden: true});
    note.lang = document.documentElement.lang;
    document.body.append(note);
    terms.forEach(function (one) {
      one.dataset.pbTerm = one.title;
      one.removeAttribute("title");
    });
    makeReachable();
    document.querySelectorAll(".pb-themes").forEach(setUpLegend);
    document.addEventListener("pointerover", function (event) {
      if (event.pointerType !== "mouse") { return; }
      var mark = event.target.closest(TERM + ":not(.pb-off)");
      if (mark) { show(mark); }
      else if (note.contains(event.target)) { clearTimeout(leaving); }
      else if (shown) { leave(); }
    });
    document.addEventListener("focusin", function (event) {
      var mark = event.target.closest(TERM);
      if (mark) { show(mark); } else if (shown && !note.contains(event.target)) { hide(); }
    });
    document.addEventListener("click", function (event) {
      var mark = event.target.closest(TERM + ":not(.pb-off)");
      if (mark) { show(mark); } else if (shown && !note.contains(event.target)) { hide(); }
    });
    document.addEventListener("keydown", move);
    window.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
  }
  document.addEventListener("DOMContentLoaded", start);
})();
