// What the page does without help, this does a little better. Every page works when it never runs.
(function () {
  "use strict";
  var summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
  }
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
  // What a word processor gives with the words pasted (headings, lists) goes along in a hidden field, as long as the words
  // in the box are the ones pasted.
  document.querySelectorAll("[data-paste]").forEach(function (box) {
    var field = document.getElementById(box.dataset.paste);
    var said = document.querySelector('[data-pasted="' + box.dataset.paste + '"]');
    function keep(html) {
      field.value = html;
      said.hidden = !html;
    }
    box.addEventListener("paste", function (event) {
      var isWhole = box.selectionStart === 0 && box.selectionEnd === box.value.length;
      var html = event.clipboardData && isWhole ? event.clipboardData.getData("text/html") : "";
      var light = html.replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<xml[\s\S]*?<\/xml>/gi, "");
      window.setTimeout(function () {
        keep(light.length < 200000 ? light : "");
      });
    });
    box.addEventListener("input", function (event) {
      if (event.inputType !== "insertFromPaste") {
        keep("");
      }
    });
  });
})();
