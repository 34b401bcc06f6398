/* The reader's own reading of a goal: points a year from a rate to a goal. Without scripts the table stands alone. */
(function () {
  "use strict";
  function work(form) {
    var chosen = form.elements.start.selectedOptions[0];
    var goal = Number(form.elements.goal.value);
    var years = Number(form.elements.by.value) - Number(chosen.dataset.year);
    form.elements["goal-shown"].value = goal.toFixed(1);
    form.elements.result.value = years > 0 ? ((goal - Number(chosen.value)) / years).toFixed(2) : "–";
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form.pb-own").forEach(function (form) {
      form.hidden = false;
      form.addEventListener("input", function () { work(form); });
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      work(form);
    });
  });
})();
