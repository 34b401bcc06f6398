/* A box that shows only the entries of a list that hold what is typed; without this script the whole list stands there. */
(function () {
  "use strict";
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[-\s]+/g, " ").trim();
  }
  function setUp(box) {
    var input = box.querySelector("input"), status = box.querySelector("[role=status]");
    var items = Array.from(document.querySelectorAll(box.dataset.pbFilter + " > [data-pb-words]"));
    var words = items.map(function (item) { return fold(item.dataset.pbWords); });
    function show() {
      var wanted = fold(input.value), left = 0;
      items.forEach(function (item, n) {
        item.hidden = wanted !== "" && words[n].indexOf(wanted) < 0 && words[n].replace(/ /g, "").indexOf(wanted) < 0;
        if (!item.hidden) { left += 1; }
      });
      status.textContent = wanted ? left + " of " + items.length : "";
    }
    input.addEventListener("input", show);
    window.addEventListener("hashchange", function () {  // a link may lead to an entry that is filtered out
      var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.closest("[hidden]")) { input.value = ""; show(); target.scrollIntoView(); }
    });
    box.hidden = false;
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-pb-filter]").forEach(setUp);
  });
})();
