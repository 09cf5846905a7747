// Photographs of a record that is there already: chosen on its page and put into the outbox, which sends them and then shows the
// record's photographs anew. Without script the form uploads by itself.
(function () {
  'use strict';
  var Outbox = window.Outbox;
  if (!Outbox) return;
  var said = Outbox.said, forms = Array.prototype.slice.call(document.querySelectorAll('form[data-upload-form]'));

  function wire(form) {
    var here = form.dataset, role = form.elements.role ? form.elements.role.value : '', saving = false;
    var DRAFT = 'draft:' + here.send + ':' + role + ':' + said.person;
    var choice = new window.PhotoChoice(form, keepDraft);

    function keepDraft() { Outbox.keepDraft({ key: DRAFT, photos: choice.photos, editing: form.getAttribute('data-key') }); }

    function start(photos, key) {
      form.setAttribute('data-key', key);
      choice.set(photos);
    }

    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (saving) return;
      if (!choice.photos.length) { Outbox.tell(here.none, true); return; }
      saving = true;
      choice.settled().then(function () {
        var item = {
          key: form.getAttribute('data-key'), record: here.send, page: window.location.pathname, role: role, title: here.title,
          person: said.person, name: said.name, made: Date.now(), photos: choice.photos
        };
        start([], Outbox.key());
        // Not one of them was fit to be sent.
        if (!item.photos.length) return null;
        return Outbox.keep(item, DRAFT).then(function () { return item; });
      }).then(function (item) {
        saving = false;
        if (!item) return;
        Outbox.draw(item, 'waiting');
        choice.tell(navigator.onLine ? said.kept : said.offline);
        Outbox.flush();
      });
    });

    return Outbox.draft(DRAFT).then(function (draft) {
      start(draft ? draft.photos : [], (draft && draft.editing) || Outbox.key());
      var plain = form.querySelector('[data-plain]');
      plain.parentNode.removeChild(plain);
      form.querySelector('[data-scripted]').hidden = false;
      form.setAttribute('data-ready', '');
    });
  }

  Outbox.handle({ mine: function (item) { return !!item.record; } }, function () { return Promise.all(forms.map(wire)); });
})();
