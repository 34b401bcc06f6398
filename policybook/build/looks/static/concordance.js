/* The concordance: every place of a word, or of a term of the coding scheme, with what stands before and after it.

   It looks through the sentences that the pages of the documents show (search/concordance.js), folded as the search
   folds them. What is asked for stands in the address, so that it can be linked to. */
(function () {
  "use strict";
  var AT_ONCE = 100, ROOM = {zh: 34, en: 70}, KEY = 60, FIELDS = ["word", "concept", "document", "place", "era", "theme", "sort"];
  var common, data, box, form, status, table, more, csv, found = [];

  window.policybookConcordance = function (said) { data = said; };

  /* Joins the sentences of a passage to one text; where one is left out, a mark stands that no word finds. */
  function joined(passage) {
    var document_ = data.documents.find(function (one) { return one.id === passage[0]; });
    var chinese = document_.language === "zh", text = "", last = 0;
    var sentences = passage[3].map(function (one) {
      var number = Number(one[0].split(".")[1]), gap = number > last + 1 ? box.dataset.gap : "";
      last = number;
      text += gap && (chinese || !text ? gap : " " + gap);
      text += text && !chinese ? " " : "";
      var from = text.length, themes = one[2].map(function (mention) { return data.concepts[mention[0]].theme; });
      text += one[1];
      return {id: one[0], from: from, mentions: one[2], themes: themes};
    });
    return {document: document_, places: passage[1], era: passage[2], sentences: sentences, text: text,
            folded: common.fold(text).split(common.fold(box.dataset.gap)).join("\u0000".repeat(box.dataset.gap.length)),
            chinese: chinese};
  }

  function spansOf(passage, asked) {
    var spans = [];
    if (asked.concept) {
      passage.sentences.forEach(function (sentence) {
        sentence.mentions.forEach(function (one) {
          if (data.concepts[one[0]].id === asked.concept) { spans.push([sentence.from + one[1], sentence.from + one[2], one[3]]); }
        });
      });
    } else if (asked.pattern) {
      asked.pattern.lastIndex = 0;
      for (var match; (match = asked.pattern.exec(passage.folded)) && match[0];) { spans.push([match.index, match.index + match[0].length, 0]); }
    }
    return spans;
  }
  function linesOf(asked) {
    var lines = [];
    data.passages.forEach(function (passage) {
      if (asked.document && passage.document.id !== asked.document || asked.era && passage.era !== asked.era ||
          asked.place && passage.places.indexOf(asked.place) < 0) { return; }
      spansOf(passage, asked).forEach(function (span) {
        var sentence = passage.sentences.filter(function (one) { return one.from <= span[0]; }).pop();
        if (!sentence || asked.theme && sentence.themes.indexOf(asked.theme) < 0) { return; }
        var before = passage.text.slice(0, span[0]), after = passage.text.slice(span[1]);
        lines.push({passage: passage, sentence: sentence.id, keyword: passage.text.slice(span[0], span[1]), doubtful: span[2],
                    left: cut(before, passage.chinese, true), right: cut(after, passage.chinese, false),
                    before: keyOf(before.slice(-KEY), passage.chinese, true), after: keyOf(after.slice(0, KEY), passage.chinese, false)});
      });
    });
    var order = new Intl.Collator(["zh", "en"]), key = {left: "before", right: "after"}[asked.sort];
    return key ? lines.sort(function (one, other) { return order.compare(one[key], other[key]); }) : lines;
  }
  /* What a line is sorted by: what stands next to the keyword first. */
  function keyOf(text, chinese, backwards) {
    var parts = common.fold(text).match(chinese ? /[\p{L}\p{N}]/gu : /[\p{L}\p{N}']+/gu) || [];
    return (backwards ? parts.reverse() : parts).join(chinese ? "" : " ");
  }
  /* So much of a text as a line has room for, cut between words. */
  function cut(text, chinese, atEnd) {
    var room = chinese ? ROOM.zh : ROOM.en;
    if (text.length <= room) { return text; }
    var kept = atEnd ? text.slice(-room) : text.slice(0, room);
    kept = chinese ? kept : kept.replace(atEnd ? /^\S*\s/ : /\s\S*$/, atEnd ? "" : " ");
    return atEnd ? "…" + kept : kept.trimEnd() + "…";
  }

  function addressOf(line) { return "documents/" + line.passage.document.id + ".html#" + line.sentence; }
  function rowOf(line) {
    var about = line.passage.document, row = document.createElement("tr"), cells = ["left", "term", "right", "where"].map(function (name) {
      var cell = document.createElement("td");
      cell.className = "pb-kwic-" + name;
      cell.setAttribute("role", "cell");
      if (name !== "where" && line.passage.chinese) { cell.lang = "zh"; }
      row.append(cell);
      return cell;
    });
    row.setAttribute("role", "row");
    function tagged(name, text) {  // a cell that is Chinese as a whole says so once
      return line.passage.chinese ? Object.assign(document.createElement(name), {textContent: text}) : common.tag(name, text);
    }
    cells[0].append(tagged("span", line.left));
    cells[1].append(tagged("mark", line.keyword));
    if (line.doubtful) { cells[1].append(common.tag("span", " " + box.dataset.doubtful, {className: "pb-quiet", lang: "en"})); }
    cells[2].append(tagged("span", line.right));
    cells[3].append(common.tag("a", about.title, {href: common.base + addressOf(line), title: about.title}),
                    common.tag("span", about.date + " ¶" + line.sentence.replace(/^p0*/, ""), {className: "pb-quiet"}));
    return row;
  }

  /* What is asked for: of the fields only what they hold; anything else in an address is nothing. */
  function asked() {
    var values = {};
    FIELDS.forEach(function (name) { values[name] = form.elements[name].value.trim(); });
    var typed = common.fold(common.straight(values.word)), words = common.wordsOf(typed.replace(/"/g, " "));
    values.pattern = words.length ? common.finder(common.phraseOf(words, /^".*"$/.test(typed))) : null;
    return values;
  }
  function take(query) {
    FIELDS.forEach(function (name) {
      form.elements[name].value = query.get(name) || "";
      if (form.elements[name].selectedIndex < 0) { form.elements[name].value = ""; }
    });
    show();
  }
  function note() {
    var query = new URLSearchParams();
    FIELDS.forEach(function (name) { if (form.elements[name].value.trim()) { query.set(name, form.elements[name].value.trim()); } });
    try { history.replaceState(null, "", (String(query) ? "?" + query : location.pathname) + "#concordance"); }
    catch (_) { /* a page that may not change its address shows the lines all the same */ }
  }

  function show() {
    var wanted = asked(), chosen = form.elements.concept.selectedOptions[0], concept = wanted.concept && chosen;
    var name = concept ? chosen.dataset.zh + " " + chosen.textContent : "“" + wanted.word + "”";
    found = linesOf(wanted);
    var documents = new Set(found.map(function (one) { return one.passage.document.id; })).size;
    var said = !wanted.concept && !wanted.pattern ? box.dataset.ask : box.dataset[!found.length ? "none" : found.length === 1 ? "one" : "some"];
    said += found.length > AT_ONCE ? " " + box.dataset.first.replace("{n}", AT_ONCE) : "";
    var values = {n: found.length, d: documents, t: data.documents.length, q: name};
    status.replaceChildren.apply(status, common.withLanguage(said.replace(/\{([ndtq])\}/g, function (_, key) { return values[key]; })));
    offerTerm(wanted.pattern && common.fold(wanted.word));
    table.tBodies[0].replaceChildren();
    table.hidden = csv.hidden = !found.length;
    box.querySelector(".pb-examples").hidden = Boolean(wanted.concept || wanted.pattern);
    showMore();
  }
  /* What is typed may be the name of a term, which the other language has other words for. */
  function offerTerm(typed) {
    var place = box.querySelector(".pb-as-term"), term = typed && Array.from(form.elements.concept.options).find(function (one) {
      return one.value && [one.dataset.zh, one.textContent.split(" – ")[0]].some(function (name) { return common.fold(name) === typed; });
    });
    place.hidden = !term;
    if (term) { place.querySelector("a").setAttribute("href", "?concept=" + term.value + "#concordance"); }
  }
  function showMore() {
    var rows = table.tBodies[0];
    rows.append.apply(rows, found.slice(rows.rows.length, rows.rows.length + AT_ONCE).map(rowOf));
    more.hidden = rows.rows.length >= found.length;
  }

  /* CSV (RFC 4180) in which no cell can act as a spreadsheet formula, as the book's other files are. */
  function toCsv(rows) {
    return rows.map(function (row) {
      return row.map(function (cell) {
        return '"' + (/^\s*[=+\-@＝＋－＠]/.test(cell) ? "'" : "") + String(cell).replace(/"/g, '""') + '"';
      }).join(",") + "\r\n";
    }).join("");
  }
  function save() {
    var rows = found.map(function (line) {
      var about = line.passage.document;
      return [line.left, line.keyword, line.right, about.id, about.title, about.date, about.id + ":" + line.sentence, addressOf(line)];
    });
    rows.unshift(["left", "keyword", "right", "document", "title", "date", "sentence", "address"]);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + toCsv(rows)], {type: "text/csv;charset=utf-8"}));
    link.download = "concordance.csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function listen() {
    var waiting;
    form.addEventListener("input", function (event) {
      if (event.target.name === "word" && event.target.value) { form.elements.concept.value = ""; }
      if (event.target.name === "concept" && event.target.value) { form.elements.word.value = ""; }
      clearTimeout(waiting);
      waiting = setTimeout(function () { note(); show(); }, 150);
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); note(); show(); });
    form.addEventListener("reset", function () { setTimeout(function () { take(new URLSearchParams()); note(); }); });
    more.addEventListener("click", function () {
      var next = table.tBodies[0].rows.length;
      showMore();
      table.tBodies[0].rows[next].querySelector("a").focus();
    });
    csv.addEventListener("click", save);
    document.addEventListener("click", function (event) {  // a link to lines of this page needs no new page
      var link = event.target.closest('a[href^="?"][href$="#concordance"]');
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
      event.preventDefault();
      take(new URLSearchParams(link.search));
      note();
      document.getElementById("concordance").scrollIntoView();
      status.tabIndex = -1;
      status.focus({preventScroll: true});
    });
  }
  function start() {
    box = document.getElementById("pb-concordance");
    if (!box) { return; }
    common = window.policybookWords;
    form = box.querySelector("form"); status = box.querySelector("[role=status]"); table = box.querySelector("table");
    more = box.querySelector(".pb-show-more"); csv = box.querySelector(".pb-csv");
    box.hidden = false;
    document.querySelector(".pb-without-script").hidden = true;
    status.textContent = box.dataset.loading;
    common.load("concordance.js").then(function () {
      common.simplify(data.simplified);
      data.passages = data.passages.map(joined);
      listen();
      take(new URLSearchParams(location.search));
    }).catch(function () { status.textContent = box.dataset.failed; });
  }
  document.addEventListener("DOMContentLoaded", start);
})();
