// One more blank line of a paper: the last one is copied, emptied and numbered. Without script a saved page has new blank lines.
(function () {
  'use strict';
  var MOST = 100;
  Array.prototype.forEach.call(document.querySelectorAll('[data-rows]'), function (panel) {
    var button = panel.querySelector('[data-rows-add]');
    var total = panel.querySelector('[data-rows-total]');
    if (!button || !total) return;
    button.hidden = false;

    function renumber(text, n) {
      return text.replace(/line-\d+-/, 'line-' + n + '-');
    }

    button.addEventListener('click', function () {
      var rows = panel.querySelectorAll('[data-row]');
      var last = rows[rows.length - 1];
      var n = rows.length;
      if (!last || n >= MOST) return;
      var row = last.cloneNode(true);
      Array.prototype.forEach.call(row.querySelectorAll('[name],[id],[for]'), function (part) {
        ['name', 'id', 'for'].forEach(function (key) {
          if (part.hasAttribute(key)) part.setAttribute(key, renumber(part.getAttribute(key), n));
        });
        if (part.name) part.value = '';
      });
      Array.prototype.forEach.call(row.querySelectorAll('.prow-n, label .visually-hidden'), function (part) {
        part.textContent = String(n + 1);
      });
      last.parentNode.insertBefore(row, last.nextSibling);
      total.value = String(n + 1);
      var first = row.querySelector('select,input:not([type=hidden]),textarea');
      if (first) first.focus();
    });
  });
})();
