// Saving the working copy 2 s after a change; on failure red and kept in this browser; on a conflict both copies side by side.
// Answers of data-autosave-url: 200 {saved_at, draft_version, amount, capital, errors, way_seen, and, only if the expected way has
// become another one, way (its panel) and told}; 409 {conflict: {sentence,
// draft_version, values: {input name: text}}}; a box goes by "name=value" and is "1" where it is ticked. Loaded before grid.js
// and plain_entry.js, which say what lines a page has.
(function () {
  'use strict';
  var PAUSE = 2000, RETRY = 15000;

  function Autosave(form, grid) {
    this.form = form;
    this.grid = grid;
    this.node = grid.node;
    this.url = this.node.getAttribute('data-autosave-url');
    this.label = this.node.querySelector('[data-grid-saved]');
    this.version = this.node.querySelector('[data-draft-version]');
    this.timer = null;
    this.busy = false;
    this.dirty = false;
    // The page itself may show two copies (a whole form that was refused): then the person decides first.
    this.torn = !!form.querySelector('.conflict');
    if (!this.url || !window.fetch || !window.FormData) return;
    this.key = 'draft:' + this.url;
    // What the server has, as far as this page knows.
    this.stored = this.values();
    var self = this;
    form.addEventListener('input', function () { self.later(); });
    // A field that is left tells of what has been saved already, or of nothing at all.
    form.addEventListener('change', function () { if (self.dirty || self.differs()) self.later(); });
    form.addEventListener('grid:changed', function () { self.later(); });
    // A save on its way is waited for: what is sent after it must name its version.
    form.addEventListener('submit', function (event) {
      if (self.busy && form.requestSubmit) { event.preventDefault(); self.after = event.submitter || null; return; }
      window.clearTimeout(self.timer);
      self.dirty = false;
      self.left = true;
      self.sent();
    });
    window.addEventListener('online', function () { if (self.dirty) self.save(); });
    window.addEventListener('pageshow', function () { self.left = false; });
    window.addEventListener('beforeunload', function (event) {
      // What is on its way has not arrived either.
      if ((self.dirty || self.busy) && !self.left) { self.keep(); event.preventDefault(); event.returnValue = ''; }
    });
    this.restore();
  }

  Autosave.prototype.later = function () {
    this.dirty = true;
    // Nothing is saved while the person has two copies to choose from.
    if (this.torn) return;
    this.say(this.node.getAttribute('data-unsaved') || '', 'busy');
    window.clearTimeout(this.timer);
    var self = this;
    this.timer = window.setTimeout(function () { self.save(); }, PAUSE);
  };

  Autosave.prototype.say = function (text, look) {
    this.label.className = 'saved push' + (look ? ' ' + look : '');
    this.label.textContent = text;
  };

  Autosave.prototype.save = function () {
    if (this.busy) { this.later(); return; }
    var self = this, rows = this.grid.rows(), values = this.values();
    this.busy = true;
    this.dirty = false;
    this.say(this.node.getAttribute('data-saving'), 'busy');
    fetch(this.url, {
      method: 'POST', body: new FormData(this.form), credentials: 'same-origin', redirect: 'error',
      headers: { 'Accept': 'application/json', 'X-Requested-With': 'XMLHttpRequest' }
    }).then(function (answer) {
      return answer.json().then(function (data) { self.answered(answer, data, rows, values); });
    }).catch(function () { self.failed(); }).then(function () {
      self.busy = false;
      var after = self.after;
      self.after = undefined;
      if (after !== undefined && !document.querySelector('.conflict')) self.form.requestSubmit(after);
    });
  };

  // ``rows``: the lines that were sent, in their order; meanwhile some may have gone and others come between them. ``values``: what
  // was sent.
  Autosave.prototype.answered = function (answer, data, rows, values) {
    if (answer.status === 409 && data.conflict) { this.conflict(data.conflict); return; }
    if (!answer.ok) {
      // Faulty cells stay faulty until someone changes them: no second try by itself.
      this.failed(data.detail, answer.status === 400);
      if (data.errors) this.grid.errors(data.errors, rows);
      return;
    }
    this.stored = values;
    if (data.draft_version !== undefined) this.version.value = data.draft_version;
    if (data.amount !== undefined) this.grid.show(data.amount, data.capital || '');
    (data.ids || []).forEach(function (id, index) {
      var input = rows[index] && rows[index].querySelector('[data-key=id]');
      if (!input || input.value) return;
      input.value = id;
      values[input.name] = id;
    });
    this.grid.errors(data.errors, rows);
    this.way(data);
    this.forget();
    this.say(this.node.getAttribute('data-saved').replace('%s', data.saved_at), '');
    this.form.dispatchEvent(new CustomEvent('grid:saved', { bubbles: true, detail: data }));
  };

  // The expected way, where what was saved leads another way now: its panel is drawn anew in its place.
  Autosave.prototype.way = function (data) {
    var seen = this.form.querySelector('[data-way-seen]'), panel = document.getElementById('pro');
    if (seen && data.way_seen) seen.value = data.way_seen;
    if (!data.way || !panel) return;
    var fresh = new DOMParser().parseFromString(data.way, 'text/html').getElementById('pro');
    if (!fresh) return;
    panel.textContent = '';
    while (fresh.firstChild) panel.appendChild(fresh.firstChild);
    document.dispatchEvent(new CustomEvent('app:say', { detail: data.told || '' }));
  };

  Autosave.prototype.failed = function (sentence, isFinal) {
    this.dirty = true;
    this.keep();
    this.say(sentence || this.node.getAttribute('data-failed'), 'bad');
    var self = this;
    window.clearTimeout(this.timer);
    if (!isFinal) this.timer = window.setTimeout(function () { self.save(); }, RETRY);
  };

  function isBox(field) { return field.type === 'checkbox' || field.type === 'radio'; }
  function nameOf(field) { return isBox(field) ? field.name + '=' + field.value : field.name; }

  // What was typed, by input name, without the token.
  Autosave.prototype.values = function () {
    var values = {};
    Array.prototype.forEach.call(this.form.elements, function (field) {
      if (field.name && field.type !== 'file' && field.tagName !== 'BUTTON' && field.name !== 'csrfmiddlewaretoken' && field.name !== 'way_seen') values[nameOf(field)] = isBox(field) ? (field.checked ? '1' : '') : field.value;
    });
    return values;
  };

  Autosave.prototype.keep = function () {
    try { window.localStorage.setItem(this.key, JSON.stringify(this.values())); } catch (error) { /* private mode: nothing to keep in */ }
  };

  // What was kept goes along with the whole form now: the answer shows it again, or has stored it.
  Autosave.prototype.sent = function () {
    try {
      if (!window.localStorage.getItem(this.key)) return;
      var values = this.values();
      values['sent whole'] = '1';
      window.localStorage.setItem(this.key, JSON.stringify(values));
    } catch (error) { /* nothing was kept */ }
  };

  Autosave.prototype.forget = function () {
    try { window.localStorage.removeItem(this.key); } catch (error) { /* nothing was kept */ }
  };

  // After a failure that outlived the page: what was typed comes back, unless the form was saved elsewhere since.
  Autosave.prototype.restore = function () {
    var kept = null;
    try { kept = JSON.parse(window.localStorage.getItem(this.key)); } catch (error) { return; }
    if (!kept) return;
    if (this.same(kept, this.values()) || kept['sent whole'] && kept.draft_version !== this.version.value) { this.forget(); return; }
    if (kept.draft_version !== this.version.value) {
      this.conflict({ draft_version: this.version.value, mine: kept, values: this.values() });
      return;
    }
    this.put(kept);
    this.later();
    this.say(this.node.getAttribute('data-restored'), 'bad');
  };

  // Whether the page shows what was kept: it had arrived, only its answer had not.
  Autosave.prototype.same = function (kept, values) {
    return Object.keys(Object.assign({}, kept, values)).every(function (name) {
      return /^(draft_version|sent whole)$/.test(name) || (kept[name] || '') === (values[name] || '');
    });
  };

  // Whether the page says something else than what was sent; a figure that was only written out says the same.
  Autosave.prototype.differs = function () {
    var stored = this.stored, values = this.values();
    return Object.keys(Object.assign({}, stored, values)).some(function (name) {
      return name !== 'draft_version' && figure(stored[name]) !== figure(values[name]);
    });
  };

  function figure(text) {
    if (!/^-?[\d,]+(\.\d*)?$/.test(text || '')) return text || '';
    text = text.replace(/,/g, '');
    return text.indexOf('.') < 0 ? text : text.replace(/\.?0*$/, '');
  }

  // As many lines as the values have, no more and no fewer; then all fields by name.
  Autosave.prototype.put = function (values) {
    var form = this.form, name = this.grid.count.name, total = Number(values[name] || 0);
    if (name in values) this.grid.cut(total);
    for (var n = this.grid.rows().length; n < total; n++) this.grid.add();
    Array.prototype.forEach.call(form.elements, function (field) {
      var name = nameOf(field);
      if (!field.name || field.tagName === 'BUTTON' || name === 'draft_version' || !(name in values)) return;
      if (isBox(field)) field.checked = !!values[name]; else field.value = values[name];
    });
    this.grid.renumber();
    this.grid.total();
  };

  Autosave.prototype.conflict = function (conflict) {
    var self = this, mine = conflict.mine || this.values(), theirs = conflict.values || null;
    this.keep();
    this.dirty = false;
    this.torn = true;
    window.clearTimeout(this.timer);
    this.say('', 'bad');
    var old = document.querySelector('.conflict');
    if (old) old.parentNode.removeChild(old);
    var copy = document.importNode(document.querySelector('template[data-conflict-pattern]').content, true);
    var section = copy.querySelector('.conflict');
    if (conflict.sentence) section.querySelector('[data-conflict-sentence]').textContent = conflict.sentence;
    if (theirs) this.compare(section.querySelector('table'), mine, theirs);
    section.querySelector('[data-keep-mine]').addEventListener('click', function () {
      section.parentNode.removeChild(section);
      self.torn = false;
      if (conflict.mine) self.put(conflict.mine);
      self.version.value = conflict.draft_version;
      self.save();
    });
    section.querySelector('[data-take-theirs]').addEventListener('click', function () {
      self.forget();
      self.left = true;
      window.location.reload();
    });
    this.node.parentNode.insertBefore(section, this.node);
    section.focus();
  };

  // A value in words: a choice by its label, a box by a tick.
  function shown(field, value) {
    if (field && isBox(field)) return value ? '✓' : '—';
    if (field && field.tagName === 'SELECT' && value) {
      var option = Array.prototype.filter.call(field.options, function (one) { return one.value === value; })[0];
      return option ? option.text : value;
    }
    return value || '—';
  }

  Autosave.prototype.compare = function (table, mine, theirs) {
    var body = table.querySelector('tbody'), grid = this.grid, word = this.node.getAttribute('data-row-word');
    var fields = {};
    Array.prototype.forEach.call(this.form.elements, function (field) { fields[nameOf(field)] = field; });
    var names = Object.keys(mine).concat(Object.keys(theirs).filter(function (name) { return !(name in mine); }));
    names.forEach(function (name) {
      if (/^draft_version$|-id$|-total$|-asked$/i.test(name) || (mine[name] || '') === (theirs[name] || '')) return;
      var parts = new RegExp('^' + grid.prefix + '-(\\d+)-(.+)$').exec(name);
      var field = fields[name], where = name;
      if (parts) {
        where = word.replace('%s', Number(parts[1]) + 1) + ' ' + grid.label(parts[2]);
      } else if (field && field.labels && field.labels[0]) {
        where = field.labels[0].textContent.trim();
      }
      var row = body.insertRow();
      var label = document.createElement('th');
      label.scope = 'row';
      label.textContent = where;
      row.appendChild(label);
      [mine, theirs].forEach(function (copy, n) {
        var cell = row.insertCell();
        cell.setAttribute('data-l', table.tHead.rows[0].cells[n + 1].textContent);
        cell.textContent = shown(field, copy[name]);
      });
    });
    table.hidden = !body.rows.length;
  };

  window.Autosave = Autosave;
})();
