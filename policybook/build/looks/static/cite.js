/* The dialog with the reference of a page, or of a part of it, in every style. What can be cited and how each style
   writes it stands in the page's record, PAGE.cite.js, a script, so that a book opened from a folder has it too; it is
   read when a reference is first asked for. Title, address and the reader's day are filled in here. */
(function () {
  "use strict";
  var TITLE = "\ue000", ADDRESS = "\ue001", LINKS = "a.headerlink, a.pb-permalink, a.pb-paragraph, a.pb-table-number";
  var STOPS = /[.?!。？！…]$/, TEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  var loading, dialog, beside, style = "gb-t-7714", shown = [];
  window.policybookCite = function (record) { window.policybookCite.record = record; };

  function load() {
    loading = loading || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = document.querySelector("link[rel=alternate][type='application/x-bibtex']").href.replace(/\.bib$/, ".cite.js");
      script.onload = function () { done(window.policybookCite.record); };
      script.onerror = function () { loading = null; failed(); };
      document.head.append(script);
    });
    return loading;
  }

  /* Where the page stands: at the address of its edition, else where the reader has it, else within the book. */
  function address(record, anchor) {
    var published = document.querySelector("link[rel=canonical]"), there = published ? published.getAttribute("href") : "";
    if (there.indexOf("://") < 0) {
      there = location.protocol === "file:" ? record.page + ".html" : location.href.split(/[?#]/)[0];
    }
    return there + (anchor ? "#" + anchor : "");
  }
  function tex(text) {
    return text.replace(/[\\~^&%$#_{}]/g, function (char) {
      return TEX[char] || (char === "{" ? "\\textbraceleft{}" : char === "}" ? "\\textbraceright{}" : "\\" + char);
    });
  }
  /* A form with its signs filled in, as its style writes a title, an address and a day; `noted` stands in a note. */
  function fill(form, name, titles, where, key, noted) {
    var now = new Date(), day = [now.getFullYear(), now.getMonth() + 1, now.getDate()], bib = /^bib/.test(name);
    var two = day.map(function (part) { return String(part).padStart(2, "0"); });
    var words = now.toLocaleDateString("en-US", { month: "long", day: "numeric", year: "numeric" });
    var title = bib ? titles.tex : name === "chicago" || noted ? titles.headline : /^(gb|apa)/.test(name)
      ? titles.plain.replace(/([\p{L}\p{N}])'(?=[\p{L}\p{N}\s]|$)/gu, "$1’") : titles.plain;
    if (name === "csl-json") { title = JSON.stringify(title).slice(1, -1); }
    function put(text, sign, with_) { return text.split(sign).join(with_); }
    form = put(form, TITLE + ".", STOPS.test(title) ? title : title + ".");
    form = put(form, TITLE, title);
    if (where.indexOf("://") < 0) {  /* of a book in a folder: the name of a page is no address */
      form = put(put(form, "UR  - " + ADDRESS + "\n", ""), "  url = {" + ADDRESS + "}", "  howpublished = {" + ADDRESS + "}");
    }
    if (bib) { form = put(put(form, "url = {" + ADDRESS + "}", "url = {" + where + "}"), ADDRESS, tex(where)); }
    form = put(put(form, ADDRESS, where), "KEY0KEY", key);
    form = put(put(form, "9876-10-11", two.join("-")), "9876/10/11", two.join("/"));
    return put(form, "October 11, 9876", words).replace(/9876,(\s+)10,(\s+)11/g, day[0] + ",$1" + day[1] + ",$2" + day[2]);
  }

  /* The words of a passage or a sentence and what stands around them, as the Web Annotation Data Model quotes a text. */
  function quoted(record, part) {
    if (["passage", "sentence"].indexOf(part[1]) < 0) { return null; }
    var texts = [], passage = part[1] === "passage";
    Object.keys(record.quotes).forEach(function (name) {
      var pieces = record.quotes[name];
      if (!passage) { texts = texts.concat(pieces.map(function (one) { return [one[0], one[0] ? one[1] : ""]; })); return; }
      texts.push([name, pieces.every(function (one) { return one[0]; }) ? pieces.map(function (one) {
        return one[1] + (/[\x00-\x7f]$/.test(one[1]) ? " " : "");
      }).join("").trim() : ""]);
    });
    var at = texts.findIndex(function (one) { return one[0] === part[0]; });
    if (at < 0 || !texts[at][1]) { return null; }
    function text(n) { return texts[n] ? Array.from(texts[n][1]) : []; }
    return { type: "TextQuoteSelector", prefix: text(at - 1).slice(-32).join(""), exact: texts[at][1],
      suffix: text(at + 1).slice(0, 32).join("") };
  }

  /* Of a part its own reference and the book's, by style; a document's comes first. */
  function references(record, anchor) {
    var at = record.parts.findIndex(function (part) { return part[0] === anchor; });
    var part = at < 0 ? ["", record.page === "index" ? "book" : "page", record.title] : record.parts[at];
    var titles = { plain: part[2], headline: record.set[at + 1][0], tex: record.set[at + 1][1] };
    var kind = part[1] === "page" && record.page === "index" ? "book" : part[1];
    var own = record.forms.source && ["page", "passage", "sentence"].indexOf(kind) >= 0;
    var key = kind === "book" ? "policybook" : "policybook-" + record.page + (at < 0 ? "" : "--" + anchor);
    function made(form, name) {
      var noted = form === record.forms.source && /^(ris|csl)/.test(name), quote = name === "csl-json" && quoted(record, part);
      var text = fill(form[name], name, titles, address(record, at < 0 ? "" : anchor), key.replace(/[^A-Za-z0-9-]/g, "-"), noted);
      if (!quote) { return text; }
      return JSON.stringify(JSON.parse(text).map(function (item) { item.custom = Object.assign({}, item.custom, { selector: quote }); return item; }), null, 1);
    }
    return { title: part[2], key: key.replace(/[^A-Za-z0-9-]/g, "-"), in: function (name) {
      var book = made(record.forms[kind] || record.forms.section, name);
      return own ? [["source", made(record.forms.source, name)], ["book", book]] : [["", book]];
    } };
  }

  function show(record, anchor) {
    var found = references(record, anchor), panel = dialog.querySelector("[role=tabpanel]");
    dialog.querySelector(".pb-cite-what").textContent = found.title;
    dialog.querySelectorAll("[role=tab]").forEach(function (tab) {
      var chosen = tab.dataset.style === style;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) { panel.setAttribute("aria-labelledby", tab.id); }
    });
    shown = found.in(style);
    panel.replaceChildren.apply(panel, shown.map(function (one) {
      var block = dialog.querySelector("template").content.firstElementChild.cloneNode(true), head = block.querySelector("h3");
      if (one[0]) { head.textContent = dialog.dataset[one[0]]; } else { head.remove(); }
      block.querySelector("pre").textContent = one[1];
      block.querySelector("button").onclick = function () { copy(one[1], block.querySelector("pre")); };
      return block;
    }));
    [["bib", "biblatex", "\n\n"], ["ris", "ris", "\n"]].forEach(function (file) {
      var link = dialog.querySelector("a[data-file=" + file[0] + "]");
      var text = found.in(file[1]).map(function (one) { return one[1]; }).join(file[2]) + "\n";
      if (link.href.indexOf("blob:") === 0) { URL.revokeObjectURL(link.href); }
      link.href = URL.createObjectURL(new Blob([text], { type: link.type + ";charset=utf-8" }));
      link.download = found.key + "." + file[0];
    });
    tell("");
  }
  function tell(text) { dialog.querySelector("[role=status]").textContent = text; }
  function copy(text, there) {
    function selected() {  /* a page of a folder may not write to the clipboard */
      var range = document.createRange(), selection = getSelection();
      range.selectNodeContents(there);
      selection.removeAllRanges();
      selection.addRange(range);
      return document.execCommand("copy");
    }
    var written = navigator.clipboard ? navigator.clipboard.writeText(text).then(function () { return true; }, selected)
      : Promise.resolve(selected());
    written.then(function (done) { tell(done ? dialog.dataset.copied : dialog.dataset.selected); });
  }

  function open(anchor) {
    load().then(function (record) {
      var choice = dialog.querySelector("select"), here = decodeURIComponent(location.hash.slice(1));
      var parts = [["", "", record.title]].concat(record.parts.filter(function (part) {
        return part[1] !== "page" && (part[0] === anchor || part[0] === here);
      }));
      choice.replaceChildren.apply(choice, parts.map(function (part) { return new Option(part[2], part[0]); }));
      choice.value = parts.some(function (part) { return part[0] === anchor; }) ? anchor : "";
      choice.parentElement.hidden = parts.length < 2;
      choice.onchange = function () { show(record, choice.value); };
      if (!dialog.querySelector("[role=tab]")) { makeTabs(record, choice); }
      show(record, choice.value);
      dialog.showModal();
    }, function () { window.alert(dialog.dataset.failed); });
  }
  function makeTabs(record, choice) {
    var list = dialog.querySelector("[role=tablist]");
    Object.keys(record.styles).forEach(function (name) {
      var tab = document.createElement("button");
      tab.type = "button";
      tab.id = "pb-cite-" + name;
      tab.dataset.style = name;
      tab.textContent = record.styles[name];
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "pb-cite-panel");
      tab.onclick = function () { style = name; show(record, choice.value); };
      list.append(tab);
    });
    list.addEventListener("keydown", function (event) {
      var tabs = Array.from(list.children), at = tabs.indexOf(document.activeElement);
      var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (at < 0 || to === undefined) { return; }
      event.preventDefault();
      tabs[(to + tabs.length) % tabs.length].focus();
      document.activeElement.click();
    });
  }

  /* A button beside whatever has an address: of figures and tables for good, elsewhere where the reader points or is. */
  function button(anchor) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "pb-cite";
    made.textContent = dialog.dataset.cite;
    made.setAttribute("aria-haspopup", "dialog");
    made.dataset.anchor = anchor;
    return made;
  }
  function place(event) {
    var link = event.target.closest && event.target.closest(LINKS);
    if (!link || (link.getAttribute("href") || "")[0] !== "#") { return; }
    var anchor = decodeURIComponent(link.getAttribute("href").slice(1));
    beside = beside || button("");
    if (beside.dataset.anchor === anchor && beside.isConnected) { return; }
    beside.dataset.anchor = anchor;
    beside.className = "pb-cite pb-cite-beside";
    beside.lang = document.documentElement.lang;
    beside.setAttribute("aria-label", dialog.dataset.place);
    link.after(beside);
  }
  document.addEventListener("DOMContentLoaded", function () {
    var own = document.querySelector(".pb-cite-open"), article = document.querySelector(".bd-article");
    dialog = document.getElementById("pb-cite");
    if (!own || !dialog || !dialog.showModal) { return; }
    own.hidden = false;
    own.onclick = function () { open(decodeURIComponent(location.hash.slice(1))); };
    article.querySelectorAll("figure[id] .pb-downloads").forEach(function (one) {
      one.append(" ", button(one.closest("figure").id));
    });
    article.querySelectorAll("p > a.pb-download").forEach(function (one) {
      var above = one.parentElement.previousElementSibling;
      var table = above && (above.matches("[id^=table-]") ? above : above.querySelector("[id^=table-]"));
      if (table) { one.after(" ", button(table.id)); }
    });
    article.addEventListener("click", function (event) {
      var asked = event.target.closest("button.pb-cite");
      if (asked) { open(asked.dataset.anchor); }
    });
    article.addEventListener("pointerover", place);
    article.addEventListener("focusin", place);
    dialog.addEventListener("click", function (event) { if (event.target === dialog) { dialog.close(); } });
  });
})();
