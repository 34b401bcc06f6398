/* What is wider or longer than its place is scrolled with the keyboard too: it can be focused, while it is so. */
(function () {
  "use strict";
  function look() {
    document.querySelectorAll(".pb-scroll, .pb-chart-scroll, .pb-contents ul, .pb-dense").forEach(function (one) {
      if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) { one.tabIndex = 0; }
      else { one.removeAttribute("tabindex"); }
    });
  }
  document.addEventListener("DOMContentLoaded", look);
  window.addEventListener("resize", look);
  document.addEventListener("toggle", look, true);  // a fold that opens
})();
