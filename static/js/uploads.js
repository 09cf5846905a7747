// Photographs of a record that is there already: chosen on its page, put into the outbox, and sent from every page that has one until
// they have arrived; then the record's photographs are shown anew. Without script the form uploads by itself.
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
      var item = {
        key: form.getAttribute('data-key'), record: here.send, page: window.location.pathname, role: role, title: here.title,
        person: said.person, made: Date.now(), photos: choice.photos
      };
      start([], Outbox.key());
      Outbox.keep(item, DRAFT).then(function () {
        saving = false;
        Outbox.draw(item, 'waiting');
        Outbox.tell(navigator.onLine ? said.kept : said.offline);
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

  // Only what shows photographs is taken from the page as it is now: what is being chosen stays.
  function showAnew() {
    Outbox.fresh().then(function (page) {
      Array.prototype.forEach.call(document.querySelectorAll('[data-fresh]'), function (old) {
        var now = page.querySelector('[data-fresh="' + old.getAttribute('data-fresh') + '"]');
        if (now) old.replaceWith(document.importNode(now, true));
      });
    }).catch(function () { /* they have arrived; the page shows them when it is opened next */ });
  }

  Outbox.handle({
    mine: function (item) { return !!item.record && (item.person === said.person || item.page === window.location.pathname); },
    to: function (item) { return item.record; },
    title: function (item) { return { text: item.title, href: item.page === window.location.pathname ? '' : item.page }; },
    meta: function () { return ''; },
    sent: function (item) { if (item.page === window.location.pathname) showAnew(); }
  }, function () { return Promise.all(forms.map(wire)); });
})();
