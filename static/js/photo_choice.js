// Photographs that were taken or chosen for a form of the outbox and are not kept as an item yet: small copies, each of which can be
// taken out again. ``changed`` is called after every change.
(function () {
  'use strict';
  var Outbox = window.Outbox;
  if (!Outbox) return;

  function PhotoChoice(form, changed) {
    var self = this;
    this.chosen = form.querySelector('[data-chosen]');
    this.changed = changed;
    this.photos = [];
    Outbox.choices.push(this);
    Array.prototype.forEach.call(form.querySelectorAll('[data-photos-in]'), function (input) {
      input.addEventListener('change', function () { self.add(input.files); input.value = ''; });
    });
  }

  PhotoChoice.prototype.add = function (files) {
    var said = Outbox.said, photos = this.photos;
    Array.prototype.forEach.call(files, function (file) {
      if (photos.length >= Number(said.most)) { Outbox.tell(said.tooMany.replace('%s', said.most), true); return; }
      photos.push({ key: Outbox.key(), blob: file, name: file.name || 'photo.jpg' });
    });
    this.draw();
    this.changed();
  };

  PhotoChoice.prototype.set = function (photos) {
    this.photos = photos.slice();
    this.draw();
  };

  PhotoChoice.prototype.draw = function () {
    var self = this, node = Outbox.node;
    this.chosen.textContent = '';
    this.photos.forEach(function (photo, n) {
      var one = node('span', 'one'), frame = node('span', 'blank', String(n + 1)), gone = node('button', '', '×');
      gone.type = 'button';
      gone.setAttribute('aria-label', Outbox.said.discard + ' ' + (n + 1));
      gone.addEventListener('click', function () { self.photos.splice(n, 1); self.draw(); self.changed(); });
      one.appendChild(frame);
      one.appendChild(gone);
      self.chosen.appendChild(one);
      preview(photo, frame);
    });
  };

  // A small copy as a data address: the site's rules let no others be shown.
  function preview(photo, frame) {
    if (!window.createImageBitmap) return;
    window.createImageBitmap(photo.blob).then(function (picture) {
      var side = 128, scale = side / Math.min(picture.width, picture.height), canvas = document.createElement('canvas');
      canvas.width = canvas.height = side;
      canvas.getContext('2d').drawImage(picture, (side - picture.width * scale) / 2, (side - picture.height * scale) / 2,
        picture.width * scale, picture.height * scale);
      var image = document.createElement('img');
      image.alt = photo.name;
      image.src = canvas.toDataURL('image/jpeg', 0.7);
      frame.replaceWith(image);
    }, function () { /* what can't be shown is sent all the same; the server says what it is */ });
  }

  window.PhotoChoice = PhotoChoice;
})();
