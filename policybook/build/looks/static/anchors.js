/* Addresses of earlier editions, which a page lists at its end: who comes with one is led to where its words are now,
   or reads that they are gone. What has an address of its own now is left only for who comes from outside the book
   while no later edition has published it; links within the book mean what they say. */
(function () {
  "use strict";
  function outside() {
    var root = new URL(document.documentElement.dataset.content_root || "./", location.href).href;
    return location.protocol !== "file:" && document.referrer.indexOf(root) !== 0;
  }
  function tell(row, place) {
    var note = document.createElement("p");
    document.querySelectorAll(".pb-earlier-note").forEach(function (old) { old.remove(); });
    note.className = "pb-earlier-note";
    note.setAttribute("role", "status");
    note.append.apply(note, Array.from(row.childNodes).map(function (node) { return node.cloneNode(true); }));
    place = place.closest("table") || place.closest("p") || place;
    place.before(note);
    note.scrollIntoView({ block: "center" });
  }
  function look(arrived) {
    var list = document.querySelector(".pb-earlier"), hash = decodeURIComponent(location.hash.slice(1));
    var rows = list ? Array.from(list.querySelectorAll("[data-old]")) : [];
    function of(anchor) { return rows.filter(function (row) { return row.dataset.old === anchor; }).pop(); }
    var own = of(hash), row = own || of(hash.split(".")[0]), live = document.getElementById(hash);
    if (!hash || !row) { return; }
    live = live && !list.contains(live) ? live : null;
    var link = row.querySelector("a[href]");
    if (!link || (live && !(arrived && "leads" in row.dataset && outside()))) {
      if (live) { tell(row, live); }
      return;
    }
    var to = new URL(link.getAttribute("href"), location.href), within = to.hash + (own ? "" : hash.slice(hash.indexOf(".")));
    if (to.pathname !== location.pathname) {
      location.replace(to.href);
      return;
    }
    var place = document.getElementById(decodeURIComponent(within.slice(1))) || document.getElementById(decodeURIComponent(to.hash.slice(1)));
    if (place) {
      history.replaceState(null, "", "#" + place.id);
      tell(row, place);
    }
  }
  document.addEventListener("DOMContentLoaded", function () { look(true); });
  window.addEventListener("hashchange", function () { look(false); });
})();
