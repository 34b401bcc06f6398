/* The search page of a language: looks through the texts of the book for the words in the box at the top of the page, folded as
   fold.js folds them. A term of the coding scheme finds also the other words for it, in both languages. */
(function () {
  "use strict";
  var AT_ONCE = 20, others = new Map(), records = [], ready, own = "", common = window.policybookWords, HAN = common.HAN;
  var base = common.base, load = common.load, fold = common.fold, keyOf = common.keyOf, wordsOf = common.wordsOf;
  var patternOf = common.patternOf, phraseOf = common.phraseOf, finder = common.finder, tag = common.tag;
  var withLanguage = common.withLanguage;

  window.policybookSearch = {
    index: function (said) {
      common.simplify(said.simplified);
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

  /* What a query asks for, each of which a text must hold: its words, the phrase they make, and other words for it. */
  function wantedOf(query) {
    var wanted = [], rest = fold(common.straight(query)).replace(/"([^"]*)"/g, function (_, phrase) {
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
    function elsewhere(one) { return Number(own && !one.record.address.startsWith(own)); }  // pages of the language asked in come first
    records.forEach(function (record) {
      var points = score(record.folded, wanted);
      if (points) { found.push({record: record, points: points, wanted: wanted}); }
    });
    return found.sort(function (one, other) {
      return kinds.indexOf(one.record.kind) - kinds.indexOf(other.record.kind) || elsewhere(one) - elsewhere(other) || other.points - one.points ||
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
    own = place.dataset.own;
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
      status.textContent = said.replace("[n]", found.length).replace("[q]", box.value.trim());
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
    window.addEventListener("keydown", function (event) {  // the theme's key leads to the box; it leads not out of it again
      if ((event.ctrlKey || event.metaKey) && event.key === "k" && document.activeElement === box) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    }, true);
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
