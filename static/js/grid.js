// The line grid: keys, block paste from Excel, adding and taking lines out, amounts and totals. Saving is in autosave.js.
(function () {
  'use strict';
  var Money = window.Money;
  var DECIMALS = { money: 2, quantity: 3, integer: 0 };

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function Grid(node) {
    this.node = node;
    this.body = node.querySelector('[data-grid-body]');
    this.pattern = node.querySelector('template[data-grid-row]');
    this.count = node.querySelector('[data-grid-count]');
    this.prefix = this.count.name.replace(/-TOTAL$/, '');
    var self = this;
    node.addEventListener('keydown', function (event) { self.key(event); });
    node.addEventListener('paste', function (event) { self.paste(event); });
    node.addEventListener('input', function (event) { self.taken(event.target); self.total(); });
    node.addEventListener('change', function (event) { self.taken(event.target); self.tidy(event.target); self.total(); });
    node.addEventListener('click', function (event) { self.click(event); });
    this.told = all(node, 'td.bad .cell').map(function (cell) {
      return { input: cell, message: cell.closest('td').querySelector('.errs').textContent };
    });
    this.total();
  }

  Grid.prototype.rows = function () { return all(this.body, '[data-grid-line]'); };
  // What a block from Excel covers: computed columns count, though nothing is written in them.
  Grid.prototype.slots = function (row) { return all(row, 'input.cell, select.cell, output[data-key]'); };
  Grid.prototype.cells = function (row) { return all(row, 'input.cell, select.cell'); };

  // What a column is called.
  Grid.prototype.label = function (key) {
    var input = this.node.querySelector('[data-key="' + key + '"]');
    return input ? input.closest('td').getAttribute('data-l') : key;
  };

  // Lines past the first n go; a grid without a pattern has fixed lines.
  Grid.prototype.cut = function (n) {
    if (!this.pattern) return;
    this.rows().slice(n).forEach(function (row) { row.parentNode.removeChild(row); });
  };

  Grid.prototype.add = function () {
    if (!this.pattern) return null;
    this.body.appendChild(document.importNode(this.pattern.content, true));
    this.renumber();
    var rows = this.rows();
    return rows[rows.length - 1];
  };

  Grid.prototype.remove = function (row) {
    var rows = this.rows(), at = rows.indexOf(row);
    row.parentNode.removeChild(row);
    if (rows.length === 1) this.add();
    this.renumber();
    this.total();
    var next = this.rows()[Math.min(at, this.rows().length - 1)];
    if (next) this.cells(next)[0].focus();
    this.changed();
  };

  // Names, ids, numbers and labels follow the place of the line.
  Grid.prototype.renumber = function () {
    var prefix = this.prefix;
    this.rows().forEach(function (row, index) {
      row.querySelector('[data-no]').textContent = index + 1;
      all(row, '[data-key]').forEach(function (input) {
        var key = input.getAttribute('data-key');
        if (input.name !== undefined && input.tagName !== 'OUTPUT') input.name = prefix + '-' + index + '-' + key;
        if (key === 'id') return;
        var errors = input.parentNode.querySelector('.errs');
        input.id = 'id_' + prefix + '-' + index + '-' + key;
        if (errors) errors.id = 'e_' + prefix + '-' + index + '-' + key;
        if (input.getAttribute('aria-describedby') && errors) input.setAttribute('aria-describedby', errors.id);
        var label = input.getAttribute('aria-label');
        if (label) input.setAttribute('aria-label', label.replace(/\s\S+$/, ' ' + (index + 1)));
      });
      var remove = row.querySelector('[data-grid-remove]');
      if (remove) remove.value = index;
    });
    this.count.value = this.rows().length;
  };

  Grid.prototype.click = function (event) {
    var add = event.target.closest('[data-grid-add]'), remove = event.target.closest('[data-grid-remove]');
    if (add) {
      event.preventDefault();
      this.cells(this.add())[0].focus();
      this.changed();
    } else if (remove) {
      event.preventDefault();
      this.remove(remove.closest('[data-grid-line]'));
    }
  };

  Grid.prototype.changed = function () {
    this.node.dispatchEvent(new CustomEvent('grid:changed', { bubbles: true }));
  };

  // Arrows and Enter move; left and right only from the edge of the text. Nothing while an input method composes.
  Grid.prototype.key = function (event) {
    var cell = event.target;
    if (!cell.matches || !cell.matches('input.cell, select.cell') || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var row = cell.closest('[data-grid-line]'), rows = this.rows(), cells = this.cells(row);
    var at = rows.indexOf(row), column = cells.indexOf(cell), isSelect = cell.tagName === 'SELECT';
    var target = null;
    if (event.key === 'Enter') {
      target = rows[at + (event.shiftKey ? -1 : 1)];
      if (!target && !event.shiftKey && this.pattern) { target = this.add(); this.changed(); }
      target = target && this.cells(target)[column];
      event.preventDefault();
    } else if (!isSelect && cell.type !== 'date' && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      target = rows[at + (event.key === 'ArrowDown' ? 1 : -1)];
      target = target && this.cells(target)[column];
      event.preventDefault();
    } else if (!isSelect && cell.type !== 'date' && event.key === 'ArrowLeft' && cell.selectionStart === 0 && cell.selectionEnd === 0) {
      target = cells[column - 1];
    } else if (!isSelect && cell.type !== 'date' && event.key === 'ArrowRight' && cell.selectionStart === cell.value.length) {
      target = cells[column + 1];
    }
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (target.select) target.select();
  };

  // A block from Excel fills cells to the right and down and makes lines where there are too few.
  Grid.prototype.paste = function (event) {
    var cell = event.target;
    if (!cell.matches || !cell.matches('input.cell, select.cell')) return;
    var data = event.clipboardData || window.clipboardData;
    var text = data ? data.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '') : '';
    if (text.indexOf('\n') < 0 && text.indexOf('\t') < 0) return;
    event.preventDefault();
    var row = cell.closest('[data-grid-line]'), first = this.rows().indexOf(row), left = this.slots(row).indexOf(cell);
    var self = this;
    text.split('\n').forEach(function (line, down) {
      var target = self.rows()[first + down] || self.add();
      if (!target) return;
      var slots = self.slots(target);
      line.split('\t').forEach(function (value, right) {
        var slot = slots[left + right];
        if (slot && slot.tagName !== 'OUTPUT') self.fill(slot, value.trim());
      });
    });
    this.renumber();
    this.total();
    this.mark();
    this.changed();
  };

  // What a cell can't take leaves it empty, with a sentence: nothing that stood there before passes for what was pasted.
  Grid.prototype.fill = function (cell, value) {
    var isSelect = cell.tagName === 'SELECT', fit = value;
    if (isSelect) {
      var option = Array.prototype.filter.call(cell.options, function (o) { return o.value === value || o.text === value; })[0];
      fit = option ? option.value : '';
    } else if (cell.type === 'date') {
      fit = isoDay(value);
    }
    cell.value = fit;
    this.tidy(cell);
    if (value && !cell.value) {
      cell.setAttribute('data-untaken', this.node.getAttribute(isSelect ? 'data-not-listed' : 'data-not-a-day').replace('%s', value));
    } else {
      cell.removeAttribute('data-untaken');
    }
  };

  // A day as budgets/cells.py reads it, the way a date input wants it.
  function isoDay(text) {
    var plain = text.normalize('NFKC').replace(/ /g, '');
    var parts = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(plain) || /^(\d{4})(年)(\d{1,2})月(\d{1,2})日?$/.exec(plain);
    return parts ? parts[1] + '-' + ('0' + parts[3]).slice(-2) + '-' + ('0' + parts[4]).slice(-2) : '';
  }

  // Whoever fills the cell in has seen what was not taken.
  Grid.prototype.taken = function (cell) {
    if (!cell.hasAttribute('data-untaken')) return;
    cell.removeAttribute('data-untaken');
    this.mark();
  };

  // A money cell is shown with separators and two decimals as soon as it is a number; other figures in plain digits.
  Grid.prototype.tidy = function (cell) {
    var kind = cell.getAttribute && cell.getAttribute('data-kind');
    if (!kind || DECIMALS[kind] === undefined || !Money.works) return;
    var value = Money.parse(cell.value, DECIMALS[kind]);
    if (value === null) return;
    cell.value = kind === 'money' ? Money.figures(value) : Money.clean(cell.value);
  };

  // Amount of a line in fen: product of the quantities times the price (or the sum of its parts), half up; null if open.
  Grid.prototype.amount = function (row) {
    var places = 0, product = BigInt(1), price = null, complete = true, roles = 0;
    all(row, '[data-role]').forEach(function (input) {
      var role = input.getAttribute('data-role'), decimals = DECIMALS[input.getAttribute('data-kind')];
      if (role === 'amount' || decimals === undefined) return;
      roles += 1;
      var value = Money.parse(input.value, decimals);
      if (role === 'part') {
        if (input.value.trim() && value === null) complete = false;
        price = (price === null ? BigInt(0) : price) + (value === null ? BigInt(0) : value);
      } else if (value === null) {
        complete = false;
      } else if (role === 'price') {
        price = value;
      } else {
        product *= value;
        places += decimals;
      }
    });
    var cut = row.getAttribute('data-cut');
    if (cut) {
      if (all(row, 'input[data-role]').every(function (input) { return input.value === input.defaultValue; })) return Money.parse(cut, 2);
      row.removeAttribute('data-cut');
    }
    if (!roles) {
      var plain = row.querySelector('input[data-role=amount]');
      return plain ? Money.parse(plain.value, 2) : null;
    }
    return complete && price !== null ? Money.scaleDown(product * price, places) : null;
  };

  Grid.prototype.total = function () {
    if (!Money.works) return;
    // Lines that stand beside the grid count in the form's total.
    var sum = Money.parse(this.node.getAttribute('data-base') || '0', 2), self = this;
    this.rows().forEach(function (row) {
      var amount = self.amount(row), shown = row.querySelector('output[data-role=amount]');
      if (shown) shown.textContent = amount === null ? '' : Money.figures(amount);
      if (amount !== null) sum += amount;
    });
    this.show(Money.figures(sum), Money.capital(sum));
  };

  Grid.prototype.show = function (figures, capital) {
    this.node.querySelector('[data-grid-total]').textContent = figures;
    this.node.querySelector('[data-grid-capital]').textContent = this.node.getAttribute('data-rmb') + capital;
  };

  // Errors of the server, each {row: 0…, key, message} or a sentence; ``rows`` are the lines that it was asked about.
  Grid.prototype.errors = function (list, rows) {
    this.told = (list || []).map(function (error) {
      if (typeof error !== 'object') return { input: null, message: error };
      var row = rows[error.row];
      return { input: row && row.querySelector('.cell[data-key="' + error.key + '"]'), message: error.message };
    });
    this.mark();
  };

  // What the server said and what a paste could not fill in, at their cells and summed up on top with links.
  Grid.prototype.mark = function () {
    all(this.node, 'td.bad').forEach(function (cell) {
      cell.classList.remove('bad');
      var input = cell.querySelector('.cell'), text = cell.querySelector('.errs');
      if (input) { input.removeAttribute('aria-invalid'); input.removeAttribute('aria-describedby'); }
      if (text) text.textContent = '';
    });
    var box = this.node.querySelector('[data-grid-errors]'), rows = this.rows(), node = this.node, ul = document.createElement('ul');
    var word = this.node.getAttribute('data-row-word');
    var untaken = all(node, '[data-untaken]').map(function (input) { return { input: input, message: input.getAttribute('data-untaken') }; });
    this.told.filter(function (error) {
      return !error.input || (node.contains(error.input) && !error.input.hasAttribute('data-untaken'));
    }).concat(untaken).forEach(function (error) {
      var item = document.createElement('li'), input = error.input;
      if (input) {
        var cell = input.closest('td'), text = cell.querySelector('.errs');
        cell.classList.add('bad');
        text.textContent = error.message;
        input.setAttribute('aria-invalid', 'true');
        input.setAttribute('aria-describedby', text.id);
        var link = document.createElement('a');
        link.href = '#' + input.id;
        link.textContent = word.replace('%s', rows.indexOf(input.closest('[data-grid-line]')) + 1) + ' ' + cell.getAttribute('data-l');
        item.appendChild(link);
        item.appendChild(document.createTextNode('：' + error.message));
      } else {
        item.textContent = error.message;
      }
      ul.appendChild(item);
    });
    box.textContent = '';
    box.appendChild(ul);
    box.hidden = !ul.childNodes.length;
  };

  function ready() {
    all(document, '[data-grid]').forEach(function (node) {
      node.grid = new Grid(node);
      if (window.Autosave && node.closest('form')) new window.Autosave(node.closest('form'), node.grid);
    });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();
})();
