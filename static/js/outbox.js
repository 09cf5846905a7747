// What was entered on a phone is kept in IndexedDB with its photographs before anything is sent, and stays there until the server has
// said that it has both; what could not be sent goes again when the connection returns, when the page is opened, and every half minute.
// A record and each photograph carry a key of this device: sent twice they are one.
// Pages say by Outbox.handle what they put in: {mine(item), make(item) or nothing, to(item): address of its photographs, title(item),
// meta(item), edit(item) or nothing, sent(item) or nothing}. An item: {key, person, made, photos: [{key, blob, name, refused}],
// refused: why the server did not take it, parked: not finished yet, waits for the person} and what its page needs.
(function () {
  'use strict';
  var queue = document.querySelector('[data-queue]');
  if (!queue) return;
  var said = queue.dataset, kinds = [], choices = [], shown = {}, memory = {}, db = null, busy = false, again = false;
  var STORE = 'findings', RETRY = 30000;

  function key() {
    if (window.crypto && window.crypto.randomUUID) return window.crypto.randomUUID();
    // Not a secure context: as random, made by hand.
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, function () {
      return (window.crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
    });
  }

  // --- kept on the device -------------------------------------------------------------------------------------------------
  var ready = new Promise(function (done) {
    if (!window.indexedDB) { done(null); return; }
    var asking;
    try { asking = window.indexedDB.open('site-outbox', 1); } catch (error) { done(null); return; }
    asking.onupgradeneeded = function () { asking.result.createObjectStore(STORE, { keyPath: 'key' }); };
    asking.onsuccess = function () { done(asking.result); };
    asking.onerror = asking.onblocked = function () { done(null); };
  }).then(function (opened) {
    db = opened;
    if (!db) tell(said.nodb, true);
  });

  function store(mode, act) {
    return new Promise(function (done, fail) {
      var work = db.transaction(STORE, mode), asked = act(work.objectStore(STORE));
      // Kept only when the transaction stands, not when the request was taken.
      work.oncomplete = function () { done(asked.result); };
      work.onerror = work.onabort = function () { fail(work.error); };
    });
  }

  // What can't be kept on the device is sent from memory all the same. ``instead``: the key of the draft that it was until now.
  function keep(item, instead) {
    function inMemory() { memory[item.key] = item; tell(said.nodb, true); }
    if (!db) { inMemory(); return Promise.resolve(); }
    return store('readwrite', function (rows) {
      if (instead) rows.delete(instead);
      return rows.put(item);
    }).then(function () { delete memory[item.key]; }, inMemory);
  }

  function forget(item) {
    delete memory[item.key];
    return db ? store('readwrite', function (rows) { return rows.delete(item.key); }) : Promise.resolve();
  }

  // A draft is what is being typed: kept as well, for a phone may throw the page away while its camera is open.
  function draft(name) {
    return db ? store('readonly', function (rows) { return rows.get(name); }) : Promise.resolve();
  }

  function keepDraft(row) {
    if (db) store('readwrite', function (rows) { return rows.put(row); }).catch(function () { tell(said.nodb, true); });
  }

  function kindOf(item) {
    return kinds.filter(function (kind) { return item.made && kind.mine(item); })[0];
  }

  // Those of this page that are still to be sent, oldest first.
  function waiting() {
    var all = db ? store('readonly', function (rows) { return rows.getAll(); }) : Promise.resolve([]);
    return all.then(function (rows) {
      return rows.filter(function (row) { return !memory[row.key]; })
        .concat(Object.keys(memory).map(function (name) { return memory[name]; }))
        .filter(kindOf).sort(function (a, b) { return a.made - b.made; });
    });
  }

  // --- sending ------------------------------------------------------------------------------------------------------------
  function token() { return document.querySelector('[name=csrfmiddlewaretoken]').value; }

  // This page as the server has it now.
  function fresh() {
    return fetch(window.location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } }).then(function (answer) {
      if (answer.redirected || answer.status === 401) throw { passing: true, text: said.login };
      if (answer.status >= 500 || answer.status === 429) throw { passing: true };
      return answer.text();
    }, function () { throw { passing: true }; }).then(function (text) { return new DOMParser().parseFromString(text, 'text/html'); });
  }

  // After logging in again the page's token is an old one. Whoever entered it sends it: under another name it would be another's.
  function renew() {
    return fresh().then(function (page) {
      var now = page.querySelector('[data-queue]'), given = page.querySelector('[name=csrfmiddlewaretoken]');
      if (!now || !given) return;
      if (now.getAttribute('data-person') !== said.person) throw { passing: true, text: said.relog };
      Array.prototype.forEach.call(document.querySelectorAll('[name=csrfmiddlewaretoken]'), function (field) { field.value = given.value; });
    });
  }

  // Answers the JSON of a success; fails with {passing: true} for what may work later, with {text: …} for what was refused.
  function post(url, body, type, renewed) {
    var heads = { 'X-CSRFToken': token(), Accept: 'application/json' };
    if (type) heads['Content-Type'] = type;
    return fetch(url, { method: 'POST', body: body, headers: heads, credentials: 'same-origin' }).catch(function () {
      throw { passing: true };
    }).then(function (answer) {
      if (answer.status === 401 || answer.redirected) throw { passing: true, text: said.login };
      // An old token, or really not allowed: with a fresh one the second answer tells.
      if (answer.status === 403 && !renewed) return renew().then(function () { return post(url, body, type, true); });
      return answer.json().catch(function () { return {}; }).then(function (data) {
        if (answer.ok) return data;
        if (answer.status >= 500 || answer.status === 429) throw { passing: true };
        throw { text: (data.errors || [said.failed]).join('；') };
      });
    });
  }

  function send(item) {
    var kind = kindOf(item);
    return (kind.make ? kind.make(item) : Promise.resolve()).then(function () { return sendPhotos(item, kind); });
  }

  // One at a time: a weak connection gets through with one, and what has arrived is not sent again. One that is refused
  // doesn't hold up the others.
  function sendPhotos(item, kind) {
    var photo = item.photos.filter(function (other) { return !other.refused; })[0];
    if (!photo) {
      var faults = item.photos.map(function (other) { return other.name + '：' + other.refused; });
      return faults.length ? Promise.reject({ text: faults.join('；') }) : Promise.resolve();
    }
    var body = new FormData();
    body.append('role', item.role === undefined ? 'before' : item.role);
    body.append('sent_key', photo.key);
    body.append('file', photo.blob, photo.name);
    return post(kind.to(item), body).then(function () {
      item.photos.splice(item.photos.indexOf(photo), 1);
    }, function (why) {
      if (why.passing) throw why;
      photo.refused = why.text;
    }).then(function () { return keep(item); }).then(function () { return sendPhotos(item, kind); });
  }

  function flush() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    waiting().then(function (items) {
      return items.reduce(function (before, item) {
        return before.then(function (stopped) {
          if (item.parked) { draw(item, 'parked'); return stopped; }
          if (item.person !== said.person) { draw(item, 'failed', said.relog); return stopped; }
          if (stopped || item.refused) { draw(item, item.refused ? 'failed' : 'waiting', item.refused); return stopped; }
          draw(item, 'sending');
          return send(item).then(function () {
            return forget(item).then(function () {
              var kind = kindOf(item);
              draw(item, 'sent');
              tell('');
              if (kind.sent) kind.sent(item);
              return false;
            });
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
    Array.prototype.forEach.call(document.querySelectorAll('[data-said]'), function (status) {
      status.textContent = text || '';
      status.className = 'small ' + (bad ? 'c-bad' : 'muted');
    });
  }

  function button(text, act) {
    var made = node('button', 'btn btn-sm btn-plain', text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  var TONES = { waiting: 'tag-warn', sending: 'tag-info', sent: 'tag-ok', failed: 'tag-bad', parked: 'tag-warn' };

  function draw(item, state, why) {
    var row = shown[item.key], kind = kindOf(item), title = kind.title(item), about = kind.meta(item);
    if (!row) {
      row = shown[item.key] = node('li');
      queue.insertBefore(row, queue.firstChild);
    }
    row.setAttribute('data-state', state);
    row.textContent = '';
    var left = node('div', 'min0'), right = node('div', 'rs');
    var head = node(title.href ? 'a' : 'span', 't', title.text);
    if (title.href) head.href = title.href;
    left.appendChild(head);
    var more = [about, item.photos.length ? said.photos.replace('%s', item.photos.length) : ''].filter(Boolean).join(' · ');
    if (more) left.appendChild(node('div', 'meta', more));
    if (why) left.appendChild(node('p', 'small c-bad mb-0', why));
    right.appendChild(node('span', 'tag ' + TONES[state], said[state]));
    if (state === 'failed' && item.person === said.person) {
      right.appendChild(button(said.again, function () {
        delete item.refused;
        item.photos.forEach(function (photo) { delete photo.refused; });
        keep(item).then(flush);
      }));
    }
    if (state === 'failed' || state === 'parked') {
      // What has arrived is corrected on its own page.
      if (kind.edit && !item.pk) right.appendChild(button(said.edit, function () { kind.edit(item); }));
      right.appendChild(button(said.discard, function () {
        if (!window.confirm(said.sure)) return;
        forget(item).then(function () { row.remove(); delete shown[item.key]; });
      }));
    }
    row.appendChild(left);
    row.appendChild(right);
  }

  window.addEventListener('beforeunload', function (event) {
    var held = !db && choices.some(function (choice) { return choice.photos.length; });
    if (held || Object.keys(memory).length) { event.preventDefault(); event.returnValue = ''; }
  });
  window.addEventListener('online', flush);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) flush(); });
  window.setInterval(flush, RETRY);

  window.Outbox = {
    said: said, key: key, keep: keep, draft: draft, keepDraft: keepDraft, fresh: fresh, post: post, flush: flush, draw: draw,
    tell: tell, node: node, choices: choices,
    // ``first`` answers when the page has its draft back.
    handle: function (kind, first) {
      ready.then(first).then(function () { kinds.push(kind); flush(); });
    }
  };
})();
