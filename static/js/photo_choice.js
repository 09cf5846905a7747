// Photographs that were taken or chosen for a form of the outbox and are not kept as an item yet: small copies, each of which can be
// taken out again. Each is looked at by itself when it is chosen: one that the server would refuse is refused here, one that is too
// large for it is made smaller on the device, and the others stay. ``changed`` is called after every change.
(function () {
  'use strict';
  var Outbox = window.Outbox;
  if (!Outbox || !Outbox.said.mostBytes) return;
  var said = Outbox.said;
  // The longest side of a picture that was made smaller; the server keeps fewer pixels still.
  var LONG = 2600, QUALITY = 0.9;

  function PhotoChoice(form, changed) {
    var self = this;
    this.chosen = form.querySelector('[data-chosen]');
    this.changed = changed;
    this.photos = [];
    this.looking = Promise.resolve();
    this.faults = [];
    Outbox.choices.push(this);
    Array.prototype.forEach.call(form.querySelectorAll('[data-photos-in]'), function (input) {
      input.addEventListener('change', function () { self.add(input.files); input.value = ''; });
    });
  }

  PhotoChoice.prototype.add = function (files) {
    var self = this;
    this.faults = [];
    Array.prototype.forEach.call(files, function (file) {
      if (self.photos.length >= Number(said.most)) { self.fault(said.tooMany.replace('%s', said.most)); return; }
      var photo = { key: Outbox.key(), blob: file, name: file.name || 'photo.jpg' };
      self.photos.push(photo);
      // One after the other: a decoded picture takes a hundred times its bytes.
      self.looking = self.looking.then(function () { return self.look(photo); });
    });
    this.draw();
    this.changed();
  };

  // What is wrong with a photograph as it was chosen is said at once, and it is left out.
  PhotoChoice.prototype.look = function (photo) {
    var self = this;
    return ready(photo).then(function (copy) {
      photo.copy = copy;
      self.draw();
    }, function (why) {
      self.photos = self.photos.filter(function (other) { return other !== photo; });
      self.fault(said.leftOut.replace('%s', photo.name) + (why && why.text || said.unreadable));
      self.draw();
    }).then(this.changed);
  };

  PhotoChoice.prototype.fault = function (text) {
    if (this.faults.indexOf(text) < 0) this.faults.push(text);
    Outbox.tell(this.faults.join('；'), true);
  };

  // What was wrong with a photograph outlives what is said of the others.
  PhotoChoice.prototype.tell = function (text) {
    var faults = this.faults;
    this.faults = [];
    if (faults.length) Outbox.tell(faults.join('；'), true); else Outbox.tell(text);
  };

  // When every photograph has been looked at.
  PhotoChoice.prototype.settled = function () { return this.looking; };

  PhotoChoice.prototype.set = function (photos) {
    var self = this;
    this.photos = photos.slice();
    this.draw();
    this.photos.forEach(function (photo) {
      if (photo.copy || !window.createImageBitmap) return;
      self.looking = self.looking.then(function () { return decoded(photo.blob); }).then(function (picture) {
        photo.copy = small(picture);
        picture.close();
        self.draw();
      }, function () { /* what can't be shown is sent all the same; the server says what it is */ });
    });
  };

  PhotoChoice.prototype.draw = function () {
    var self = this, node = Outbox.node;
    this.chosen.textContent = '';
    this.photos.forEach(function (photo, n) {
      var one = node('span', 'one'), frame = node(photo.copy ? 'img' : 'span', photo.copy ? '' : 'blank'), gone = node('button', '', '×');
      if (photo.copy) { frame.alt = photo.name; frame.src = photo.copy; } else frame.textContent = String(n + 1);
      gone.type = 'button';
      gone.setAttribute('aria-label', said.discard + ' ' + (n + 1));
      gone.addEventListener('click', function () { self.photos.splice(n, 1); self.draw(); self.changed(); });
      one.appendChild(frame);
      one.appendChild(gone);
      self.chosen.appendChild(one);
    });
  };

  // --- one photograph -------------------------------------------------------------------------------------------------------
  // Told by its content, as the server does it.
  function kindOf(blob) {
    return new Response(blob.slice(0, 16)).arrayBuffer().then(function (head) {
      var text = String.fromCharCode.apply(null, new Uint8Array(head));
      if (text.slice(0, 3) === '\xff\xd8\xff') return 'jpeg';
      if (text.slice(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
      if (text.slice(0, 4) === 'RIFF' && text.slice(8, 12) === 'WEBP') return 'webp';
      return text.slice(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(text.slice(8, 12)) ? 'heic' : '';
    });
  }

  // Upright as its camera held it.
  function decoded(blob) {
    if (!window.createImageBitmap) return Promise.reject(new Error('undecoded'));
    return window.createImageBitmap(blob, { imageOrientation: 'from-image' });
  }

  // Answers a small copy to show, or nothing where the device can't draw it; fails with {text: …} for what can't be sent.
  function ready(photo) {
    var large = photo.blob.size > Number(said.mostBytes);
    return kindOf(photo.blob).then(function (kind) {
      if (!kind) throw { text: said.wrongType };
      return decoded(photo.blob).then(function (picture) {
        // Whoever can decode what the server doesn't sends it as a JPEG.
        var pixels = picture.width * picture.height, most = Number({ jpeg: said.mostPixels, webp: said.mostWebp }[kind] || said.mostDrawn);
        if (!large && kind !== 'heic' && pixels <= most) return picture;
        return smaller(picture).then(function (blob) {
          photo.blob = blob;
          photo.name = photo.name.replace(/\.\w+$/, '') + '.jpg';
          return picture;
        });
      }, function () {
        if (kind === 'heic') throw { text: said.heic };
        if (large) throw { text: said.tooLarge };
        return null;
      });
    }).then(function (picture) {
      if (!picture) return null;
      var copy = small(picture);
      picture.close();
      return copy;
    });
  }

  function drawn(picture, width, height, from) {
    var canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    var brush = canvas.getContext('2d');
    brush.fillStyle = '#fff';
    brush.fillRect(0, 0, width, height);
    brush.drawImage(picture, from.x, from.y, from.width, from.height);
    return canvas;
  }

  function smaller(picture) {
    var scale = Math.min(1, LONG / Math.max(picture.width, picture.height));
    var width = Math.max(1, Math.round(picture.width * scale)), height = Math.max(1, Math.round(picture.height * scale));
    return new Promise(function (done, fail) {
      drawn(picture, width, height, { x: 0, y: 0, width: width, height: height }).toBlob(function (blob) {
        if (blob) done(blob); else fail({ text: said.tooLarge });
      }, 'image/jpeg', QUALITY);
    });
  }

  // A small copy as a data address: the site's rules let no others be shown.
  function small(picture) {
    var side = 128, scale = side / Math.min(picture.width, picture.height);
    var width = picture.width * scale, height = picture.height * scale;
    return drawn(picture, side, side, { x: (side - width) / 2, y: (side - height) / 2, width: width, height: height })
      .toDataURL('image/jpeg', 0.7);
  }

  window.PhotoChoice = PhotoChoice;
})();
