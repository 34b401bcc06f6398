/* Only `policybook serve --watch` sends this: a page that shows an older edition of the book is loaded again. */
(function () {
  "use strict";
  var shown = document.currentScript.src.split("?")[1], news = null;
  function listen() {  // only the tab that is looked at: a browser has few connections to one server
    if (news) { news.close(); news = null; }
    if (document.hidden) { return; }
    news = new EventSource("/-/changes");
    news.onmessage = function (said) { if (said.data !== shown) { location.reload(); } };
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
