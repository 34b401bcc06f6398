/* Only `policybook serve --watch` sends this: a page of an older edition of the book is loaded again. It asks once a
   second, for a line that stays open would take up one of the six that a browser has for a server. */
(function () {
  "use strict";
  var shown = document.currentScript.src.split("?")[1];
  function compare(edition) { if (edition !== shown) { location.reload(); } }
  setInterval(function () {
    if (document.hidden) { return; }
    fetch("/-/edition").then(function (said) { return said.text(); }).then(compare, function () {});
  }, 1000);
})();
