// Findings entered one after the other on a phone. Each is kept in IndexedDB with its photographs before anything is sent, and
// stays there until the server has said that it has both; what could not be sent goes again when the connection returns, when
// the page is opened, and every half minute. A finding and each photograph carry a key of this device: sent twice they are one.
(function () {
  'use strict';
  var form = document.querySelector('form[data-outbox]');
  if (!form) return;
  var said = form.dataset, queue = document.querySelector('[data-queue]'), chosen = form.querySelector('[data-chosen]');
  var status = form.querySelector('[data-said]'), photos = [], shown = {}, memory = {}, db = null, busy = false, again = false;
  var KEPT = ['area', 'building', 'floor', 'trade', 'severity', 'responsible', 'due_on'], STORE = 'findings', RETRY = 30000;

  function key() {
    if (window.crypto && window.crypto.randomUUID) return window.crypto.randomUUID();
    // Not a secure context: as random, made by hand.
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, function () {
      return (window.crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
    });
  }

  // --- kept on the device -------------------------------------------------------------------------------------------------
  function open() {
    return new Promise(function (done) {
      if (!window.indexedDB) { done(null); return; }
      var asking;
      try { asking = window.indexedDB.open('site-outbox', 1); } catch (error) { done(null); return; }
      asking.onupgradeneeded = function () { asking.result.createObjectStore(STORE, { keyPath: 'key' }); };
      asking.onsuccess = function () { done(asking.result); };
      asking.onerror = asking.onblocked = function () { done(null); };
    });
  }

  function store(mode, act) {
    return new Promise(function (done, fail) {
      var work = db.transaction(STORE, mode), asked = act(work.objectStore(STORE));
      // Kept only when the transaction stands, not when the request was taken.
      work.oncomplete = function () { done(asked.result); };
      work.onerror = work.onabort = function () { fail(work.error); };
    });
  }

  function keep(item) {
    if (!db) { memory[item.key] = item; return Promise.resolve(); }
    return store('readwrite', function (rows) { return rows.put(item); });
  }

  function forget(item) {
    delete memory[item.key];
    return db ? store('readwrite', function (rows) { return rows.delete(item.key); }) : Promise.resolve();
  }

  // Those of this visit that are still to be sent, oldest first.
  function waiting() {
    var all = db ? store('readonly', function (rows) { return rows.getAll(); })
      : Promise.resolve(Object.keys(memory).map(function (name) { return memory[name]; }));
    return all.then(function (rows) {
      return rows.filter(function (row) { return row.visit === said.visit; })
        .sort(function (a, b) { return a.made - b.made; });
    });
  }

  // --- sending ------------------------------------------------------------------------------------------------------------
  function token() { return form.querySelector('[name=csrfmiddlewaretoken]').value; }

  // Answers the JSON of a success; fails with {passing: true} for what may work later, with {text: …} for what was refused.
  function post(url, body, type) {
    var heads = { 'X-CSRFToken': token(), Accept: 'application/json' };
    if (type) heads['Content-Type'] = type;
    return fetch(url, { method: 'POST', body: body, headers: heads, credentials: 'same-origin' }).then(function (answer) {
      if (answer.status === 401 || answer.redirected) throw { passing: true, text: said.login };
      return answer.json().catch(function () { return {}; }).then(function (data) {
        if (answer.ok) return data;
        if (answer.status >= 500 || answer.status === 429) throw { passing: true };
        throw { text: (data.errors || [said.failed]).join('；') };
      });
    }, function () { throw { passing: true }; });
  }

  function send(item) {
    // Whoever entered it sends it: under another name it would be another finding.
    if (item.person !== said.person) return Promise.reject({ text: said.relog });
    var whole = Object.assign({ project: said.project, instalment: said.instalment, visit: said.visit, sent_key: item.key }, item.fields);
    if (!whole.due_on) delete whole.due_on;
    var first = item.pk ? Promise.resolve() : post(said.findings, JSON.stringify(whole), 'application/json').then(function (made) {
      item.pk = made.id;
      item.number = made.number;
      return keep(item);
    });
    return first.then(function () { return sendPhotos(item); });
  }

  // One at a time: a weak connection gets through with one, and what has arrived is not sent again. One that is refused
  // doesn't hold up the others.
  function sendPhotos(item) {
    var photo = item.photos.filter(function (other) { return !other.refused; })[0];
    if (!photo) {
      var faults = item.photos.map(function (other) { return other.name + '：' + other.refused; });
      return faults.length ? Promise.reject({ text: faults.join('；') }) : Promise.resolve();
    }
    var body = new FormData();
    body.append('role', 'before');
    body.append('sent_key', photo.key);
    body.append('file', photo.blob, photo.name);
    return post(said.findings + item.pk + '/photos/', body).then(function () {
      item.photos.splice(item.photos.indexOf(photo), 1);
    }, function (why) {
      if (why.passing) throw why;
      photo.refused = why.text;
    }).then(function () { return keep(item); }).then(function () { return sendPhotos(item); });
  }

  function flush() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    waiting().then(function (items) {
      return items.reduce(function (before, item) {
        return before.then(function (stopped) {
          if (stopped || item.refused) { draw(item, item.refused ? 'failed' : 'waiting', item.refused); return stopped; }
          draw(item, 'sending');
          return send(item).then(function () {
            return forget(item).then(function () { draw(item, 'sent'); tell(''); return false; });
          }, function (why) {
            if (why && why.passing) {
              draw(item, 'waiting', why.text);
              tell(why.text || said.offline, !!why.text);
              return true;
            }
            item.refused = (why && why.text) || said.failed;
            return keep(item).then(function () { draw(item, 'failed', item.refused); return false; });
          });
        });
      }, Promise.resolve(false));
    }).catch(function () { tell(said.nodb, true); }).then(function () {
      busy = false;
      if (again) flush();
    });
  }

  // --- what the person sees -----------------------------------------------------------------------------------------------
  function node(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  function tell(text, bad) {
    status.textContent = text || '';
    status.className = 'small ' + (bad ? 'c-bad' : 'muted');
  }

  function button(text, act) {
    var made = node('button', 'btn btn-sm btn-plain', text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  var TONES = { waiting: 'tag-warn', sending: 'tag-info', sent: 'tag-ok', failed: 'tag-bad' };

  function draw(item, state, why) {
    var row = shown[item.key], f = item.fields;
    if (!row) {
      row = shown[item.key] = node('li');
      queue.insertBefore(row, queue.firstChild);
    }
    row.setAttribute('data-state', state);
    row.textContent = '';
    var left = node('div', 'min0'), right = node('div', 'rs');
    var title = node(item.number ? 'a' : 'span', 't', [item.number, f.building, f.floor, f.unit, f.part].filter(Boolean).join(' · '));
    if (item.number) title.href = said.page.replace('/0/', '/' + item.pk + '/');
    left.appendChild(title);
    var more = item.photos.length ? ' · ' + said.photos.replace('%s', item.photos.length) : '';
    left.appendChild(node('div', 'meta', f.description + more));
    if (why) left.appendChild(node('p', 'small c-bad mb-0', why));
    right.appendChild(node('span', 'tag ' + TONES[state], said[state]));
    if (state === 'failed') {
      right.appendChild(button(said.again, function () {
        delete item.refused;
        item.photos.forEach(function (photo) { delete photo.refused; });
        keep(item).then(flush);
      }));
      // What has arrived is corrected on its own page.
      if (!item.pk) right.appendChild(button(said.edit, function () { takeBack(item); }));
      right.appendChild(button(said.discard, function () {
        if (window.confirm(said.sure)) forget(item).then(function () { row.remove(); delete shown[item.key]; });
      }));
    }
    row.appendChild(left);
    row.appendChild(right);
  }

  function typed() {
    var fields = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.name !== 'csrfmiddlewaretoken' && field.type !== 'file') fields[field.name] = field.value;
    });
    return fields;
  }

  // What is being typed is kept as well: a phone may throw the page away while its camera is open.
  function keepDraft() {
    if (db) keep({ key: 'draft:' + said.visit + ':' + said.person, fields: typed(), photos: photos, editing: form.getAttribute('data-editing') });
  }

  function restoreDraft() {
    if (!db) return Promise.resolve();
    return store('readonly', function (rows) { return rows.get('draft:' + said.visit + ':' + said.person); }).then(function (draft) {
      if (!draft) return;
      Object.keys(draft.fields).forEach(function (name) { if (form.elements[name]) form.elements[name].value = draft.fields[name]; });
      if (draft.editing) form.setAttribute('data-editing', draft.editing);
      photos = draft.photos;
      drawChosen();
    });
  }

  // What was refused goes back into the form, photographs as well; saved again it is sent under the same key.
  function takeBack(item) {
    Object.keys(item.fields).forEach(function (name) { if (form.elements[name]) form.elements[name].value = item.fields[name]; });
    photos = item.photos.slice();
    form.setAttribute('data-editing', item.key);
    drawChosen();
    form.elements.description.focus();
  }

  function drawChosen() {
    chosen.textContent = '';
    photos.forEach(function (photo, n) {
      var one = node('span', 'one'), frame = node('span', 'blank', String(n + 1)), gone = node('button', '', '×');
      gone.type = 'button';
      gone.setAttribute('aria-label', said.discard + ' ' + (n + 1));
      gone.addEventListener('click', function () { photos.splice(n, 1); drawChosen(); keepDraft(); });
      one.appendChild(frame);
      one.appendChild(gone);
      chosen.appendChild(one);
      preview(photo, frame);
    });
  }

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

  Array.prototype.forEach.call(form.querySelectorAll('[data-photos-in]'), function (input) {
    input.addEventListener('change', function () {
      Array.prototype.forEach.call(input.files, function (file) {
        if (photos.length >= Number(said.most)) { tell(said.tooMany.replace('%s', said.most), true); return; }
        photos.push({ key: key(), blob: file, name: file.name || 'photo.jpg' });
      });
      input.value = '';
      drawChosen();
      keepDraft();
    });
  });

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    var fields = typed();
    var editing = form.getAttribute('data-editing');
    var item = { key: editing || key(), visit: said.visit, person: said.person, made: Date.now(), fields: fields, photos: photos.slice() };
    keep(item).then(function () {
      form.removeAttribute('data-editing');
      // The next one is likely near: place and trade stay.
      Object.keys(fields).forEach(function (name) { if (KEPT.indexOf(name) < 0) form.elements[name].value = ''; });
      photos = [];
      drawChosen();
      keepDraft();
      draw(item, 'waiting');
      tell(navigator.onLine ? said.kept : said.offline);
      form.elements.part.focus();
      flush();
    }, function () { tell(said.nodb, true); });
  });

  window.addEventListener('beforeunload', function (event) {
    if (Object.keys(memory).length || (!db && photos.length)) { event.preventDefault(); event.returnValue = ''; }
  });
  form.addEventListener('input', function () {
    window.clearTimeout(keepDraft.timer);
    keepDraft.timer = window.setTimeout(keepDraft, 400);
  });
  window.addEventListener('online', flush);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) flush(); });
  window.setInterval(flush, RETRY);
  open().then(function (opened) {
    db = opened;
    if (!db) tell(said.nodb, true);
    restoreDraft().then(function () {
      form.setAttribute('data-ready', '');
      flush();
    });
  });
})();
