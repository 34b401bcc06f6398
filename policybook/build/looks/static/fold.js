/* How words are looked for, here and in the texts, by the search and by the concordance.

   Queries and texts are folded alike, character by character, so that a place in the one is the same place in the
   other: Traditional and full-width forms, capitals, quotation marks, dashes. A word finds its other spellings and
   endings, a number only itself. */
(function () {
  "use strict";
  var HAN = /[\u3400-\u9fff\uf900-\ufaff]/, EDGES = /^[^\p{L}\p{N}%]+|[^\p{L}\p{N}%]+$/gu, MOST_WORDS = 40;
  var QUOTES = /[\u201c\u201d\u201e\u300c\u300d\u300e\u300f\uff02\u00ab\u00bb]/g;
  var base = new URL("../", new URL(document.currentScript.src)).href, simplified = new Map(), folded = new Map();

  /* Loads a script of the folder search/ of the site; a script, so that a book opened from a folder can read it too. */
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

  /* Takes in pairs of characters, another form and the Simplified one, before anything is folded. */
  function simplify(pairs) {
    for (var n = 0; n < pairs.length; n += 2) { simplified.set(pairs[n], pairs[n + 1]); }
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

  function wordsOf(text) {
    return text.split(/\s+/).map(function (word) { return word.replace(EDGES, ""); }).filter(Boolean).slice(0, MOST_WORDS);
  }

  /* An element with a text in it, whose Chinese has its language. */
  function tag(name, text, attributes) {
    var element = Object.assign(document.createElement(name), attributes);
    element.append.apply(element, text ? withLanguage(text) : []);
    return element;
  }
  /* Pieces of a text, of which those in another language than the page's say so. */
  function withLanguage(text) {
    var chinese = document.documentElement.lang.startsWith("zh");
    return text.split(/([\u3400-\u9fff\uf900-\ufaff][\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uff65]*)/).map(function (piece) {
      var other = HAN.test(piece) ? !chinese && "zh" : chinese && /[a-z]{2}/i.test(piece) && "en";
      return other ? Object.assign(document.createElement("span"), {lang: other, textContent: piece}) : piece;
    });
  }

  window.policybookWords = {
    HAN: HAN, base: base, load: load, simplify: simplify, fold: fold, keyOf: keyOf, wordsOf: wordsOf,
    straight: function (text) { return text.replace(QUOTES, '"'); },
    patternOf: patternOf, phraseOf: phraseOf, finder: finder, tag: tag, withLanguage: withLanguage
  };
})();
