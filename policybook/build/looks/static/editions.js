/* Leads to the same page in the other editions that are published beside this one, as editions.json above them lists
   them (see .ci/publish). Where the book does not stand in the folder of an edition, or there is no list, nothing is shown. */
(function () {
  "use strict";
  var FOLDER = /\/(latest|dev|v\d[\w.-]*)\/$/;
  document.addEventListener("DOMContentLoaded", function () {
    var box = document.querySelector(".pb-editions");
    var root = new URL(document.documentElement.dataset.content_root || "./", location.href);
    var here = FOLDER.exec(root.pathname);
    if (!box || !here || !/^http/.test(root.protocol)) { return; }
    fetch(new URL("../editions.json", root)).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    }).then(function (editions) {
      var named = Array.isArray(editions) ? editions.filter(function (one) { return FOLDER.test("/" + one + "/"); }) : [];
      var newest = named.find(function (one) { return /^v/.test(one); });
      var own = here[1] === "latest" ? newest : here[1];
      if (named.length < 2 || named.indexOf(own) < 0) { return; }
      var list = box.querySelector("ul"), summary = box.querySelector("summary");
      var page = location.pathname.slice(root.pathname.length);
      named.forEach(function (edition) {
        var item = document.createElement("li"), link = document.createElement("a");
        link.href = new URL("../" + edition + "/" + page, root);
        link.textContent = edition + (edition === newest ? " (" + box.dataset.newest + ")" : "");
        if (edition === own) { link.setAttribute("aria-current", "true"); }
        link.addEventListener("click", function (event) {  /* an edition without this page shows its front page */
          if (event.ctrlKey || event.metaKey || event.shiftKey) { return; }
          event.preventDefault();
          var there = link.href + location.hash, front = new URL("../" + edition + "/", root).href;
          fetch(link.href, { method: "HEAD" }).then(function (answer) {
            location.href = answer.ok ? there : front;
          }, function () { location.href = there; });
        });
        item.append(link);
        list.append(item);
      });
      summary.textContent = own;
      summary.setAttribute("aria-label", summary.dataset.edition + " " + own + ". " + summary.getAttribute("aria-label"));
      box.hidden = false;
    }).catch(function () { /* no list: nothing is shown */ });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && box.open) {
        box.open = false;
        box.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", function (event) { if (!box.contains(event.target)) { box.open = false; } });
  });
})();
