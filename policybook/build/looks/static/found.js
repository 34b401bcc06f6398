/* Marks, where a result of the search leads, the words that were searched: those that the address names as `find`. */
(function () {
  "use strict";
  var MOST = 200, UNSEEN = /[\u200b\s]+/g, NOT_TEXT = "script, style, svg, .headerlink, .pb-paragraph, [hidden]";
  var BLOCK = "p, li, td, th, dd, dt, caption, figcaption, summary, div, section, h1, h2, h3, h4";
  function pieces(root) {
    var walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), all = [], text = "", block = null;
    while (walker.nextNode()) {
      if (walker.currentNode.parentElement.closest(NOT_TEXT)) { continue; }
      var node = walker.currentNode, plain = node.data.replace(/[\u200b]/g, "");
      if (node.parentElement.closest(BLOCK) !== block) { text += "\n"; }  // the last word of a cell and the next one's first
      block = node.parentElement.closest(BLOCK);
      all.push({node: node, from: text.length});
      text += plain.length === node.data.length ? node.data : node.data.replace(/\u200b/g, "\u0000");
    }
    return {all: all, text: text};
  }
  /* A pattern of a word as it stands in the page: spaces of any kind, and marks that nobody sees between. */
  function patternOf(word) {
    return Array.from(word.slice(0, 200).replace(UNSEEN, " "), function (char) {
      return char === " " ? "[\\s\\u0000]+" : char.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&");
    }).join("\\u0000*");
  }
  function spansIn(text, words) {
    var latin = /[\p{L}\p{N}]/u, spans = [], pattern = new RegExp(words.map(patternOf).join("|"), "g");
    for (var match; spans.length < MOST && (match = pattern.exec(text));) {
      var before = text[match.index - 1] || " ", after = text[pattern.lastIndex] || " ";
      var cut = /^[a-z0-9]/i.test(match[0]) && /[a-z0-9]/i.test(before) || /[a-z0-9]$/i.test(match[0]) && /[a-z0-9]/i.test(after);
      if (!cut && latin.test(match[0])) { spans.push([match.index, pattern.lastIndex]); }
    }
    return spans;
  }
  function mark(root, words) {
    var found = pieces(root), first = null;
    spansIn(found.text, words).reverse().forEach(function (span) {
      found.all.slice().reverse().forEach(function (piece) {
        var from = Math.max(span[0] - piece.from, 0), to = Math.min(span[1] - piece.from, piece.node.data.length);
        if (from >= to) { return; }
        var inside = piece.node.splitText(from), marked = document.createElement("mark");
        inside.splitText(to - from);
        inside.replaceWith(marked);
        marked.append(inside);
        marked.className = "pb-found";
        first = marked;
      });
    });
    return first;
  }
  function start() {
    var words = new URLSearchParams(location.search).getAll("find").filter(Boolean).slice(0, 8);
    if (!words.length) { return; }
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1))) || document.querySelector("article.bd-article");
    window.policybookMake(target || document);
    var first = target && mark(target, words.sort(function (a, b) { return b.length - a.length; }));
    if (!first) { return; }
    for (var node = first; node; node = node.parentElement) { if (node.tagName === "DETAILS") { node.open = true; } }
    requestAnimationFrame(function () {  // a passage stands where its own address leads, if the word is in view there
      var seen = target.classList.contains("pb-passage") && first.getBoundingClientRect().bottom < innerHeight;
      if (!seen) { first.scrollIntoView({block: "center", behavior: "instant"}); }
    });
  }
  document.addEventListener("DOMContentLoaded", start);
})();
