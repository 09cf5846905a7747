// Findings entered one after the other on a phone: each goes into the outbox with its photographs.
(function () {
  'use strict';
  var form = document.querySelector('form[data-outbox]'), Outbox = window.Outbox;
  if (!form || !Outbox) return;
  var here = form.dataset, said = Outbox.said, saving = false, timer = null;
  var KEPT = ['area', 'building', 'floor', 'trade', 'responsible'];
  // How bad it is and by when it is repaired is said of each finding anew.
  var STANDING = KEPT.concat('severity');
  var DRAFT = 'draft:' + here.visit + ':' + said.person;
  var choice = new window.PhotoChoice(form, keepDraft);

  function typed() {
    var fields = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.name !== 'csrfmiddlewaretoken' && field.type !== 'file') fields[field.name] = field.value;
    });
    return fields;
  }

  function fill(fields, photos, key) {
    Object.keys(fields).forEach(function (name) { if (form.elements[name]) form.elements[name].value = fields[name]; });
    form.setAttribute('data-key', key);
    choice.set(photos);
    askUnit();
  }

  function keepDraft() {
    Outbox.keepDraft({ key: DRAFT, fields: typed(), photos: choice.photos, editing: form.getAttribute('data-key') });
  }

  // The form has its key from the moment it is empty: saved twice it is one finding.
  function clear() {
    var fields = typed();
    // The next one is likely near: place and trade stay.
    Object.keys(fields).forEach(function (name) { if (KEPT.indexOf(name) < 0) fields[name] = standard(name); });
    fill(fields, [], Outbox.key());
  }

  // A choice as the page offers it first.
  function standard(name) {
    var chosen = Array.prototype.filter.call(form.elements[name].options || [], function (one) { return one.defaultSelected; })[0];
    return chosen ? chosen.value : '';
  }

  // A fault inside a flat names the flat: asked for here, where the person still stands in it.
  function askUnit() {
    var unit = form.elements.unit, hint = unit.labels[0] && unit.labels[0].querySelector('.muted');
    unit.required = form.elements.area.value === 'unit';
    if (hint) hint.hidden = unit.required;
  }

  // All that any page needs to send it.
  function item() {
    var fields = typed(), whole = Object.assign({ project: here.project, instalment: here.instalment, visit: here.visit }, fields);
    if (!whole.due_on) delete whole.due_on;
    return {
      key: form.getAttribute('data-key'), visit: here.visit, person: said.person, name: said.name, made: Date.now(), fields: fields,
      photos: choice.photos, page: window.location.pathname, make: here.findings, at: here.page, what: whole, title: titleOf(fields),
      meta: fields.description
    };
  }

  function titleOf(fields) { return [fields.building, fields.floor, fields.unit, fields.part].filter(Boolean).join(' · '); }

  // What was refused or put aside goes back into the form, photographs as well; saved again it is sent under the same key. What
  // stood in the form is put aside.
  function takeBack(back) {
    if (!Outbox.own(back)) return;
    var aside = item(), begun = aside.photos.length || Object.keys(aside.fields).some(function (name) {
      return STANDING.indexOf(name) < 0 && aside.fields[name];
    });
    if (begun && aside.key !== back.key) {
      aside.parked = true;
      Outbox.keep(aside).then(function () { Outbox.draw(aside, 'parked'); });
    }
    fill(back.fields, back.photos, back.key);
    keepDraft();
    form.elements.description.focus();
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (saving) return;
    saving = true;
    window.clearTimeout(timer);
    // Photographs that are still being looked at are waited for.
    var one = null;
    choice.settled().then(function () {
      one = item();
      clear();
      return Outbox.keep(one, DRAFT);
    }).then(function () {
      saving = false;
      keepDraft();
      Outbox.draw(one, 'waiting');
      choice.tell(navigator.onLine ? said.kept : said.offline);
      form.elements.part.focus();
      Outbox.flush();
    });
  });

  form.elements.area.addEventListener('change', askUnit);
  askUnit();
  form.addEventListener('input', function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(keepDraft, 400);
  });

  Outbox.handle({
    mine: function (row) { return row.visit === here.visit; },
    // Kept by a page of before, which alone could send it.
    mend: function (row) {
      if (row.visit !== here.visit || row.make) return;
      Object.assign(row, { page: window.location.pathname, make: here.findings, at: here.page, title: titleOf(row.fields), meta: row.fields.description });
      row.what = Object.assign({ project: here.project, instalment: here.instalment, visit: here.visit }, row.fields);
      if (!row.what.due_on) delete row.what.due_on;
    },
    edit: takeBack
  }, function () {
    return Outbox.draft(DRAFT).then(function (draft) {
      if (draft) fill(draft.fields, draft.photos, draft.editing || Outbox.key()); else form.setAttribute('data-key', Outbox.key());
      form.setAttribute('data-ready', '');
    });
  });
})();
