/* The search page: pagefind's own interface, started with the words that the search field sent. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  if (!document.getElementById("pb-search")) { return; }
  if (location.protocol === "file:" || typeof PagefindUI === "undefined") {
    document.getElementById("pb-search-local").hidden = false;
    return;
  }
  var search = new PagefindUI({
    element: "#pb-search",
    bundlePath: new URL("pagefind/", location.href).pathname,
    baseUrl: new URL("./", location.href).pathname,
    showImages: false,
    showSubResults: false,
    pageSize: 20,
    autofocus: true,
    resetStyles: false
  });
  var words = new URLSearchParams(location.search).get("q");
  if (words) { search.triggerSearch(words); }
});
