/* The register of documents: its table, which stands whole where no script runs, is searched, sorted, leafed through.

   With scripts a browser makes no elements of what is in <noscript>: so many rows as are shown are made of its text. */
(function () {
  "use strict";
  var AT_ONCE = 50;
  function fold(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " "); }

  function setUp(box) {
    var aside = document.querySelector("noscript.pb-register-rows");
    if (!aside) { return; }
    var made = new DOMParser().parseFromString(aside.textContent, "text/html");
    var input = box.querySelector("input"), status = box.querySelector("[role=status]"), turn = box.querySelector(".pb-register-turn");
    var all = Array.from(made.querySelectorAll("tbody > tr")), found = all, first = 0;
    var words = new Map(all.map(function (row) { return [row, fold(row.textContent)]; }));
    var body = made.querySelector("tbody");
    body.replaceChildren();
    Array.from(made.body.childNodes).forEach(function (node) { turn.before(document.importNode(node, true)); });
    body = box.querySelector("tbody");

    function say(text, values) { return text.replace(/\{(\w)\}/g, function (_, key) { return values[key].toLocaleString(); }); }
    function show() {
      var last = Math.min(first + AT_ONCE, found.length);
      body.replaceChildren.apply(body, found.slice(first, last).map(function (row) { return document.importNode(row, true); }));
      turn.hidden = found.length <= AT_ONCE;
      turn.querySelector("span").textContent = say(box.dataset.page, {a: first + 1, b: last});
      turn.querySelectorAll("button").forEach(function (button) {
        button.disabled = Number(button.dataset.turn) < 0 ? first === 0 : last === found.length;
      });
    }
    function look() {
      var wanted = fold(input.value).split(" ").filter(Boolean);
      found = all.filter(function (row) { return wanted.every(function (word) { return words.get(row).indexOf(word) >= 0; }); });
      first = 0;
      status.textContent = say(box.dataset[!found.length ? "none" : wanted.length ? "some" : "all"], {n: found.length, t: all.length});
      show();
    }
    /* Leads to the row of a document that has no page, whichever part of the table it is in. */
    function goTo() {
      var id = decodeURIComponent(location.hash.slice(1)), there = all.findIndex(function (row) { return row.id === id; });
      if (there < 0) { return; }
      if (found.indexOf(all[there]) < 0) { input.value = ""; look(); }
      first = Math.floor(found.indexOf(all[there]) / AT_ONCE) * AT_ONCE;
      show();
      var row = document.getElementById(id);
      row.classList.add("pb-register-found");
      row.scrollIntoView({block: "center"});
    }
    function valueOf(row, column) {
      var text = row.cells[column].textContent.trim();
      return row.cells[column].classList.contains("pb-number") ? Number(text.replace(/[^\d.-]/g, "")) : text;
    }
    function sort(head, column) {
      var down = head.getAttribute("aria-sort") === "ascending", sign = down ? -1 : 1;
      box.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      all.sort(function (one, other) {
        var a = valueOf(one, column), b = valueOf(other, column);
        return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
      });
      look();
    }
    box.querySelectorAll("thead th").forEach(function (head, column) {
      var button = Object.assign(document.createElement("button"), {type: "button"});
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () { sort(head, column); });
    });
    turn.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      first += Number(button.dataset.turn) * AT_ONCE;
      show();
      box.scrollIntoView();
    });
    input.addEventListener("input", look);
    window.addEventListener("hashchange", goTo);
    box.hidden = false;
    look();
    goTo();
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-pb-register]").forEach(setUp);
  });
})();
