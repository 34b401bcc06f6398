/* The search page: looks through the texts of the book for the words in the box at the top of the page.

   Queries and texts are folded alike, character by character, so that a place in the one is the same place in the
   other: Traditional and full-width forms, capitals, quotation marks, dashes. A word finds its other spellings and
   endings, a number only itself, and a term of the coding scheme also the other words for it, in both languages. */
(function () {
  "use strict";
  var QUOTES = /[\u201c\u201d\u201e\u300c\u300d\u300e\u300f\uff02\u00ab\u00bb]/g, HAN = /[\u3400-\u9fff\uf900-\ufaff]/;
  var EDGES = /^[^\p{L}\p{N}%]+|[^\p{L}\p{N}%]+$/gu, MOST_WORDS = 40, AT_ONCE = 20;
  var base = new URL("../", new URL(document.currentScript.src)).href;
  var simplified = new Map(), folded = new Map(), others = new Map(), records = [], ready;

  window.policybookSearch = {
    index: function (said) {
      for (var n = 0; n < said.simplified.length; n += 2) { simplified.set(said.simplified[n], said.simplified[n + 1]); }
      said.terms.forEach(function (group) {
        group.forEach(function (word) {
          var key = keyOf(fold(word));
          others.set(key, (others.get(key) || []).concat(group));
        });
      });
      ready = Promise.all(Array.from({length: said.parts}, function (_, number) { return load(number + ".js"); }));
    },
    part: function (some) {
      some.forEach(function (one) {
        records.push({address: one[0], title: one[1], text: one[2], kind: one[3], folded: fold(one[2]), order: records.length});
      });
    }
  };

  function load(name) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = base + "search/" + name;
      script.async = false;  // one after the other: texts have an order
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  function foldOne(char) {
    var plain = char.normalize("NFKC");
    plain = plain.length === 1 ? plain : char;
    plain = simplified.get(plain) || plain;
    var low = plain.toLowerCase();
    plain = low.length === 1 ? low : plain;
    return /[\u2018\u2019]/.test(plain) ? "'" : /[\s\u2010-\u2015\u2212-]/.test(plain) ? " " : plain;
  }
  function fold(text) {
    return text.replace(/[^a-z0-9 ]/g, function (char) {
      if (!folded.has(char)) { folded.set(char, foldOne(char)); }
      return folded.get(char);
    });
  }

  /* The spellings of an English word: British and American, and it without the ending of a plural. */
  function spellings(word) {
    var found = [word];
    function add(changed) { if (found.indexOf(changed) < 0) { found.push(changed); } }
    [[/([^aeiou]s?[^aeiou]?)our/, "$1or"], [/([a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$/, "$1iz$2"],
      [/([a-z]{3})tre(s?)$/, "$1ter$2"], [/ll(ed|ing|er|ers)$/, "l$1"], [/ogramme/, "ogram"], [/([a-z]{3})ence$/, "$1ense"],
      [/([a-z]{2})or(?=[a-z]*$)/, "$1our"], [/([a-z]{3})iz(e|ed|es|er|ers|ing|ation|ations)$/, "$1is$2"],
      [/([a-z]{3})ter(s?)$/, "$1tre$2"], [/([a-z]{2}[aeiou])l(ed|ing|er|ers)$/, "$1ll$2"], [/ogram(?!me)/, "ogramme"],
      [/([a-z]{3})ense$/, "$1ence"]].forEach(function (rule) { add(word.replace(rule[0], rule[1])); });
    found.slice().forEach(function (one) {
      if (/[a-z]{2}ies$/.test(one)) { add(one.slice(0, -3) + "y"); add(one.slice(0, -3) + "ie"); }
      else if (/(s|x|z|ch|sh)es$/.test(one)) { add(one.slice(0, -2)); }
      else if (/[a-z]{2}[^s]s$/.test(one)) { add(one.slice(0, -1)); }
      else if (/[a-z]{2}[^aeiou]y$/.test(one)) { add(one.slice(0, -1) + "ies"); }
    });
    return found;
  }
  /* One spelling for a term, by which it is looked up. */
  function keyOf(term) {
    return term.replace(/[a-z]+/g, function (word) { return spellings(word).sort()[0]; });
  }

  function escaped(text) { return text.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&"); }
  function patternOf(word, exact) {
    if (/^[a-z]+$/.test(word)) {
      var ways = exact ? [word] : spellings(word);
      return "(?<![a-z0-9])(?:" + ways.map(escaped).join("|") + ")" + (exact || word.length < 4 ? "(?:'?s)?(?![a-z])" : "[a-z]*");
    }
    var before = /^\d/.test(word) ? "(?<!\\d)(?<!\\d[.,])" : /^[a-z]/.test(word) ? "(?<![a-z0-9])" : "";
    var after = /\d$/.test(word) ? "(?!\\d)(?![.,]\\d)" : /[a-z]$/.test(word) ? "(?![a-z])" : "";
    return before + escaped(word).replace(/%$/, " ?%") + after;
  }
  function phraseOf(words, exact) { return words.map(function (word) { return patternOf(word, exact); }).join("[ ,]+"); }
  function finder(pattern) { return new RegExp(pattern, "g"); }

  /* What a query asks for, each of which a text must hold: its words, the phrase they make, and other words for it. */
  function wantedOf(query) {
    var wanted = [], rest = fold(query.replace(QUOTES, '"')).replace(/"([^"]*)"/g, function (_, phrase) {
      var words = wordsOf(phrase);
      if (words.length) { wanted.push({all: [finder(phraseOf(words, true))], phrase: finder(phraseOf(words, true)), others: []}); }
      return " ";
    });
    var words = wordsOf(rest), phrase = words.length > 1 ? finder(phraseOf(words)) : null;
    for (var from = 0; from < words.length;) {
      var to = Math.min(words.length, from + 6);
      while (to > from + 1 && !others.has(keyOf(words.slice(from, to).join(" ")))) { to -= 1; }
      wanted.push(wordsWanted(words.slice(from, to)));
      from = to;
    }
    return {parts: wanted, phrase: phrase};
  }
  function wordsWanted(words) {
    var same = others.get(keyOf(words.join(" "))) || [];
    var forms = Array.from(new Set(same.map(fold))).filter(function (form) { return form !== words.join(" "); });
    return {
      words: words, all: words.map(function (word) { return finder(patternOf(word)); }), phrase: finder(phraseOf(words)),
      others: forms.length ? [finder(forms.map(function (form) { return phraseOf(wordsOf(form)); }).join("|"))] : []
    };
  }
  function wordsOf(text) {
    return text.split(/\s+/).map(function (word) { return word.replace(EDGES, ""); }).filter(Boolean).slice(0, MOST_WORDS);
  }

  function holds(text, pattern) { pattern.lastIndex = 0; return pattern.test(text); }
  function score(text, wanted) {
    var sum = 0;
    for (var part of wanted.parts) {
      if (holds(text, part.phrase)) { sum += 4; }
      else if (part.all.every(function (one) { return holds(text, one); })) { sum += 2; }
      else if (part.others.some(function (one) { return holds(text, one); })) { sum += 1; }
      else { return 0; }
    }
    return sum + (wanted.phrase && holds(text, wanted.phrase) ? 4 : 0);
  }
  function find(query) {
    var wanted = wantedOf(query);
    if (!wanted.parts.length) { return []; }
    var kinds = ["passage", "page", "method"], found = [];
    records.forEach(function (record) {
      var points = score(record.folded, wanted);
      if (points) { found.push({record: record, points: points, wanted: wanted}); }
    });
    return found.sort(function (one, other) {
      return kinds.indexOf(one.record.kind) - kinds.indexOf(other.record.kind) || other.points - one.points ||
        one.record.order - other.record.order;
    });
  }
  /* A run of Chinese that no text holds is tried again as the words it is made of. */
  function findSomehow(query) {
    var found = find(query);
    if (found.length || !HAN.test(query) || !Intl.Segmenter || /["\u201c]/.test(query)) { return found; }
    var pieces = Array.from(new Intl.Segmenter("zh", {granularity: "word"}).segment(fold(query)), function (one) { return one.segment; });
    return pieces.some(function (one) { return HAN.test(one) && one.length === 1; }) ? [] : find(pieces.join(" "));
  }

  /* Where in the text the words stand: [from, to] each, none across another. */
  function spansOf(one) {
    var patterns = [], spans = [];
    one.wanted.parts.forEach(function (part) { patterns = patterns.concat(part.phrase, part.all, part.others); });
    patterns.forEach(function (pattern) {
      pattern.lastIndex = 0;
      for (var match; spans.length < 400 && (match = pattern.exec(one.record.folded));) {
        var span = [match.index, match.index + match[0].length];
        if (spans.every(function (other) { return span[1] <= other[0] || other[1] <= span[0]; })) { spans.push(span); }
        if (!match[0]) { pattern.lastIndex += 1; }
      }
    });
    return spans.sort(function (a, b) { return a[0] - b[0]; });
  }

  function tag(name, text, attributes) {
    var element = Object.assign(document.createElement(name), attributes);
    element.append.apply(element, text ? withLanguage(text) : []);
    return element;
  }
  function withLanguage(text) {
    return text.split(/([\u3400-\u9fff\uf900-\ufaff][\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uff65]*)/).map(function (piece) {
      return HAN.test(piece) ? Object.assign(document.createElement("span"), {lang: "zh", textContent: piece}) : piece;
    });
  }
  function excerpt(text, spans) {
    var start = Math.max(0, spans[0][0] - (HAN.test(text[spans[0][0]]) ? 40 : 90)), end = start + (HAN.test(text[spans[0][0]]) ? 130 : 280);
    while (start > 0 && /[a-z0-9]/i.test(text[start - 1])) { start -= 1; }
    while (end < text.length && /[a-z0-9]/i.test(text[end])) { end += 1; }
    var shown = document.createElement("p"), at = start;
    if (start) { shown.append("… "); }
    spans.filter(function (span) { return start <= span[0] && span[1] <= end; }).forEach(function (span) {
      shown.append.apply(shown, withLanguage(text.slice(at, span[0])).concat(tag("mark", text.slice(span[0], span[1]))));
      at = span[1];
    });
    shown.append.apply(shown, withLanguage(text.slice(at, end)).concat(end < text.length ? " …" : ""));
    return shown;
  }
  function item(one) {
    var spans = spansOf(one), address = one.record.address.split("#"), text = one.record.text;
    var words = Array.from(new Set(spans.map(function (span) { return text.slice(span[0], span[1]); }))).slice(0, 8);
    var query = new URLSearchParams(words.map(function (word) { return ["find", word]; }));
    var entry = document.createElement("li");
    entry.className = "pb-found-" + one.record.kind;
    entry.append(tag("a", one.record.title, {href: base + address[0] + "?" + query + "#" + address[1]}), excerpt(text, spans));
    return entry;
  }

  function start() {
    var place = document.getElementById("pb-search"), box = document.querySelector("form.bd-search input");
    if (!place || !box) { return; }
    var status = place.querySelector("[role=status]"), list = place.querySelector("ol"), more = place.querySelector("button");
    var found = [], shown = 0, waiting;
    function showMore() {
      found.slice(shown, shown + AT_ONCE).forEach(function (one) { list.append(item(one)); });
      shown = list.children.length;
      more.hidden = shown >= found.length;
    }
    function show() {
      found = findSomehow(box.value);
      shown = 0;
      list.replaceChildren();
      var said = !box.value.trim() ? "" : found.length ? place.dataset[found.length === 1 ? "one" : "some"] : place.dataset.none;
      status.textContent = said.replace("{n}", found.length).replace("{q}", box.value.trim());
      showMore();
    }
    more.addEventListener("click", function () {
      var next = shown;
      showMore();
      list.children[next].querySelector("a").focus();
    });
    box.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        history.replaceState(null, "", "?" + new URLSearchParams({q: box.value}));
        show();
      }, 150);
    });
    box.form.addEventListener("submit", function (event) {
      event.preventDefault();
      history.replaceState(null, "", "?" + new URLSearchParams({q: box.value}));
      show();
    });
    box.value = new URLSearchParams(location.search).get("q") || "";
    if (!box.value) { box.focus(); }
    status.textContent = place.dataset.loading;
    load("index.js").then(function () { return ready; }).then(show, function () { status.textContent = place.dataset.failed; });
  }
  document.addEventListener("DOMContentLoaded", start);
})();
