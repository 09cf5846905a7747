// Entry pages without a line grid, saved by autosave.js: what it asks of a grid, answered by plain fields and lines of rows.js.
(function () {
  'use strict';

  function Plain(node) {
    this.node = node;
    this.prefix = node.getAttribute('data-prefix') || 'line';
    this.count = node.querySelector('[data-rows-total]') || { name: '', value: '' };
  }

  Plain.prototype.rows = function () { return Array.prototype.slice.call(this.node.querySelectorAll('[data-row]')); };

  // The last line is the pattern of further ones: it stays.
  Plain.prototype.cut = function (n) {
    this.rows().slice(Math.max(n, 1)).forEach(function (row) { row.parentNode.removeChild(row); });
  };

  // Kept lines that the page has no place for yet.
  Plain.prototype.add = function () {
    var button = this.node.querySelector('[data-rows-add]');
    if (button) button.click();
  };

  Plain.prototype.label = function (key) {
    var field = this.node.querySelector('[name="' + this.prefix + '-0-' + key + '"]');
    return field && field.labels && field.labels[0] ? field.labels[0].firstChild.textContent.trim() : key;
  };

  // Nothing here is numbered anew, added up or marked by cell: what is wrong is told in one sentence.
  Plain.prototype.renumber = Plain.prototype.total = Plain.prototype.show = Plain.prototype.errors = function () {};

  Array.prototype.forEach.call(document.querySelectorAll('[data-plain-entry]'), function (node) {
    node.plain = new window.Autosave(node.closest('form'), new Plain(node));
  });
})();
