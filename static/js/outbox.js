// What was entered on a phone is kept in IndexedDB with its photographs before anything is sent, and stays there until the server has
// said that it has both. What could not be sent goes again from whatever page of the site its person has open: when it is opened, when
// the connection returns, and every half minute. A record and each photograph carry a key of this device: sent twice they are one, and
// one page at a time sends. How many wait, and whose, is noted in localStorage, so that a page opens no store where nothing waits.
// An item: {key, person, name (of that person), made, page (where it belongs), title, meta, photos: [{key, blob, name, refused}],
// refused: why the server did not take it, parked: not finished yet, waits for the person}. A record that is yet to be made has
// {make: address, what: its JSON, at: address of its page with 0 for its key, fields: as typed}, one that is there already
// {record: address of its photographs, role}. Whoever entered an item sends, corrects and discards it, nobody else.
// Pages say by Outbox.handle what they put in: {mine(item), edit(item) or nothing, mend(item) or nothing}.
(function () {
  'use strict';
  var here = document.querySelector('[data-waiting-here]');
  if (!here) return;
  var queue = document.querySelector('[data-queue]'), said = Object.assign({}, here.dataset, queue ? queue.dataset : {});
  var kinds = [], choices = [], shown = {}, memory = {}, db = null, opening = null, busy = false, again = false;
  var STORE = 'findings', NOTE = 'site-outbox', RETRY = 30000, note = readNote();

  function key() {
    if (window.crypto && window.crypto.randomUUID) return window.crypto.randomUUID();
    // Not a secure context: as random, made by hand.
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, function () {
      return (window.crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
    });
  }

  function own(item) { return !!item && item.person === said.person; }
  function atHome(item) { return item.page === window.location.pathname; }
  // Whether the record itself is with the server.
  function arrived(item) { return !item.make || !!item.pk; }

  // --- how many wait, without opening the store -----------------------------------------------------------------------------
  function readNote() {
    try { return JSON.parse(window.localStorage.getItem(NOTE)) || {}; } catch (error) { return {}; }
  }

  // Whose titles the page without a network may show (see offline.js): nobody's after a log-out.
  function noteLast(person) {
    if (!note.by || note.last === person) return;
    note.last = person;
    try { window.localStorage.setItem(NOTE, JSON.stringify(note)); } catch (error) { /* nothing is noted */ }
  }

  function counted() { return note.by && note.by[said.person] ? note.by[said.person].n : 0; }

  function count() {
    // A store that doesn't open says nothing of what lies in it.
    if (!db && !Object.keys(memory).length) return Promise.resolve();
    return items().then(function (all) {
      var by = {}, before = counted();
      all.forEach(function (item) {
        var one = by[item.person] = by[item.person] || { n: 0, page: item.page };
        one.n += 1;
      });
      note = Object.keys(by).length ? { last: said.person, by: by } : {};
      try {
        if (note.by) window.localStorage.setItem(NOTE, JSON.stringify(note)); else window.localStorage.removeItem(NOTE);
      } catch (error) { /* private mode: this page still knows */ }
      notice();
      if (before && !counted() && !queue) document.dispatchEvent(new CustomEvent('app:say', { detail: said.allSent }));
    });
  }

  // A slim line on pages that don't show the items themselves.
  function notice(why) {
    var n = counted(), link = here.querySelector('a');
    here.hidden = !n || !!queue;
    if (!n) return;
    here.querySelector('[data-waiting-count]').textContent = said.unsent.replace('%s', n) + (why ? ' · ' + why : '');
    link.href = note.by[said.person].page;
  }

  // --- kept on the device -------------------------------------------------------------------------------------------------
  function open() {
    opening = opening || new Promise(function (done) {
      if (!window.indexedDB) { done(null); return; }
      var asking;
      try { asking = window.indexedDB.open('site-outbox', 1); } catch (error) { done(null); return; }
      asking.onupgradeneeded = function () { asking.result.createObjectStore(STORE, { keyPath: 'key' }); };
      asking.onsuccess = function () { done(asking.result); };
      asking.onerror = asking.onblocked = function () { done(null); };
    }).then(function (opened) {
      db = opened;
      if (!db && queue) tell(said.nodb, true);
    });
    return opening;
  }

  function store(mode, act) {
    return new Promise(function (done, fail) {
      var work = db.transaction(STORE, mode), asked = act(work.objectStore(STORE));
      // Kept only when the transaction stands, not when the request was taken.
      work.oncomplete = function () { done(asked.result); };
      work.onerror = work.onabort = function () { fail(work.error); };
    });
  }

  // What can't be kept on the device is sent from memory all the same. ``instead``: the key of the draft that it was until now.
  function put(item, instead) {
    function inMemory() { memory[item.key] = item; tell(said.nodb, true); }
    if (!db) { inMemory(); return Promise.resolve(); }
    return store('readwrite', function (rows) {
      if (instead) rows.delete(instead);
      return rows.put(item);
    }).then(function () { delete memory[item.key]; }, inMemory);
  }

  function keep(item, instead) {
    if (!own(item)) return Promise.resolve();
    return put(item, instead).then(count);
  }

  function forget(item) {
    if (!own(item)) return Promise.resolve();
    delete memory[item.key];
    return (db ? store('readwrite', function (rows) { return rows.delete(item.key); }) : Promise.resolve()).then(count);
  }

  // A draft is what is being typed: kept as well, for a phone may throw the page away while its camera is open.
  function draft(name) {
    return db ? store('readonly', function (rows) { return rows.get(name); }) : Promise.resolve();
  }

  function keepDraft(row) {
    if (db) store('readwrite', function (rows) { return rows.put(row); }).catch(function () { tell(said.nodb, true); });
  }

  function kindOf(item) { return kinds.filter(function (kind) { return kind.mine(item); })[0]; }

  // Everything on this device that is still to be sent, oldest first. What an older page has kept is mended on its own page.
  function items() {
    var all = db ? store('readonly', function (rows) { return rows.getAll(); }) : Promise.resolve([]);
    return all.then(function (rows) {
      rows = rows.filter(function (row) { return row.made && !memory[row.key]; })
        .concat(Object.keys(memory).map(function (name) { return memory[name]; }));
      rows.forEach(function (row) { kinds.forEach(function (kind) { if (kind.mend) kind.mend(row); }); });
      return rows.filter(function (row) { return row.page; }).sort(function (a, b) { return a.made - b.made; });
    });
  }

  // --- sending ------------------------------------------------------------------------------------------------------------
  function token() { return document.querySelector('[name=csrfmiddlewaretoken]').value; }

  // A page as the server has it now, this one where none is named.
  function fresh(address) {
    return fetch(address || window.location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } }).then(function (answer) {
      if (answer.redirected || answer.status === 401) throw { passing: true, text: said.login };
      if (answer.status >= 500 || answer.status === 429) throw { passing: true };
      return answer.text();
    }, function () { throw { passing: true }; }).then(function (text) { return new DOMParser().parseFromString(text, 'text/html'); });
  }

  function personOf(page) {
    var now = page.querySelector('[data-waiting-here]');
    return now ? now.getAttribute('data-person') : '';
  }

  // After logging in again the page's token is an old one. Whoever entered it sends it: under another name it would be another's.
  function renew() {
    return fresh(said.me).then(function (page) {
      var given = page.querySelector('[name=csrfmiddlewaretoken]');
      if (!personOf(page) || !given) return;
      if (personOf(page) !== said.person) throw { passing: true, text: said.relog };
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
      return answer.json().catch(function () {
        // The log-in page of a stranger's network says 200 to everything.
        if (answer.ok) throw { passing: true };
        return {};
      }).then(function (data) {
        if (answer.ok) return data;
        if (answer.status >= 500 || answer.status === 429) throw { passing: true };
        throw { text: (data.errors || [said.failed]).join('；') };
      });
    });
  }

  function send(item) {
    if (!own(item)) return Promise.reject({ passing: true, text: said.relog });
    return make(item).then(function () { return sendPhotos(item); });
  }

  function make(item) {
    if (arrived(item)) return Promise.resolve();
    var whole = Object.assign({ sent_key: item.key }, item.what);
    return post(item.make, JSON.stringify(whole), 'application/json').then(function (made) {
      item.pk = made.id;
      item.number = made.number;
      return put(item);
    });
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
    body.append('role', item.role === undefined ? 'before' : item.role);
    body.append('sent_key', photo.key);
    body.append('file', photo.blob, photo.name);
    return post(item.record || item.make + item.pk + '/photos/', body).then(function () {
      item.photos.splice(item.photos.indexOf(photo), 1);
    }, function (why) {
      if (why.passing) throw why;
      photo.refused = why.text;
    }).then(function () { return put(item); }).then(function () { return sendPhotos(item); });
  }

  // How an item stands while nobody sends it.
  function state(item) {
    if (!own(item)) return 'other';
    return item.parked ? 'parked' : item.refused ? 'failed' : 'waiting';
  }

  function flush() {
    if (busy) { again = true; return; }
    if (!queue && !counted()) return;
    busy = true;
    again = false;
    open().then(items).then(function (all) {
      all.forEach(function (item) { if (!shown[item.key]) draw(item, state(item), item.refused); });
      return window.navigator.locks ? window.navigator.locks.request('site-outbox', run) : run();
    }).catch(function () { if (queue) tell(said.nodb, true); }).then(function () {
      busy = false;
      if (again) flush();
    });
  }

  // Read anew behind the lock: another page may have sent something meanwhile.
  function run() {
    var told = '', came = false;
    return items().then(function (all) {
      came = settle(all);
      return all.reduce(function (before, item) {
        return before.then(function (stopped) {
          if (stopped || state(item) !== 'waiting') { draw(item, state(item), item.refused); return stopped; }
          draw(item, 'sending');
          return send(item).then(function () {
            return forget(item).then(function () {
              draw(item, 'sent');
              tell('');
              came = came || atHome(item);
              return false;
            });
          }, function (why) {
            if (why && why.passing) {
              told = why.text || said.offline;
              draw(item, 'waiting', why.text);
              tell(told, !!why.text);
              return true;
            }
            item.refused = (why && why.text) || said.failed;
            // The record may have come, though a photograph of it was refused.
            came = came || (atHome(item) && arrived(item));
            return put(item).then(function () { draw(item, 'failed', item.refused); return false; });
          });
        });
      }, Promise.resolve(false));
    }).then(count).then(function () {
      if (told) notice(told);
      if (came && queue) showAnew();
    });
  }

  // What this page still shows and the store no longer has went away on another page: sent, or discarded there.
  function settle(all) {
    var there = {}, came = false;
    all.forEach(function (item) { there[item.key] = true; });
    Object.keys(shown).forEach(function (name) {
      var row = shown[name].row, was = row.getAttribute('data-state');
      if (there[name] || was === 'sent') return;
      if (was === 'waiting' || was === 'sending') {
        came = came || atHome(shown[name].item);
        draw(shown[name].item, 'sent');
      } else {
        row.remove();
        delete shown[name];
      }
    });
    return came;
  }

  // Only what tells of the records is taken from the page as it is now: what is being typed and chosen stays.
  function showAnew() {
    return fresh().then(function (page) {
      if (personOf(page) !== said.person) return;
      Array.prototype.forEach.call(document.querySelectorAll('[data-fresh]'), function (old) {
        var now = page.querySelector('[data-fresh="' + old.getAttribute('data-fresh') + '"]');
        if (now) old.replaceWith(document.importNode(now, true));
      });
    }).catch(function () { /* they have arrived; the page shows them when it is opened next */ });
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

  var TONES = { waiting: 'tag-warn', sending: 'tag-info', sent: 'tag-ok', failed: 'tag-bad', parked: 'tag-warn', other: 'tag-warn' };

  // One's own are shown wherever there is a list, those of others where they belong: on whose log-in they wait, and nothing else.
  function draw(item, how, why) {
    if (!queue || !(own(item) || atHome(item))) return;
    if (!own(item)) how = 'other';
    var row = shown[item.key] && shown[item.key].row;
    if (!row) {
      row = node('li');
      queue.insertBefore(row, queue.firstChild);
    }
    shown[item.key] = { row: row, item: item };
    row.setAttribute('data-state', how);
    row.textContent = '';
    var left = row.appendChild(node('div', 'min0')), right = row.appendChild(node('div', 'rs'));
    right.appendChild(node('span', 'tag ' + TONES[how], how === 'other' ? said.waiting : said[how]));
    if (how === 'other') {
      left.appendChild(node('span', 't', said.other.replace('%s', item.name || said.somebody)));
      return;
    }
    left.appendChild(titleOf(item));
    var more = [item.meta, item.photos.length ? said.photos.replace('%s', item.photos.length) : ''].filter(Boolean).join(' · ');
    if (more) left.appendChild(node('div', 'meta', more));
    var untaken = how === 'failed' && arrived(item) ? item.photos.filter(function (photo) { return photo.refused; }) : [];
    if (untaken.length) {
      left.appendChild(node('p', 'small mb-0', (item.make ? said.registered : said.untaken).replace('%s', untaken.length)));
      untaken.forEach(function (photo) { left.appendChild(refusedPhoto(item, photo)); });
    } else if (why) {
      left.appendChild(node('p', 'small c-bad mb-0', why));
    }
    if (how === 'failed') right.appendChild(button(said.again, function () { sendAgain(item); }));
    if (how === 'failed' || how === 'parked') offerMore(item, right);
  }

  function titleOf(item) {
    var text = [item.number, item.title].filter(Boolean).join(' · ');
    var address = item.pk && item.at ? item.at.replace('/0/', '/' + item.pk + '/') : atHome(item) ? '' : item.page;
    var head = node(address ? 'a' : 'span', 't', text);
    if (address) head.href = address;
    return head;
  }

  function refusedPhoto(item, photo) {
    var line = node('div', 'row-wrap');
    line.appendChild(node('span', 'small c-bad min0 breaks', photo.name + '：' + photo.refused));
    line.appendChild(button(said.drop, function () { dropPhoto(item, photo); }));
    return line;
  }

  function offerMore(item, right) {
    var kind = kindOf(item);
    // What has arrived is corrected on its own page.
    if (kind && kind.edit && !item.pk) right.appendChild(button(said.edit, function () { if (own(item)) kind.edit(item); }));
    if (!item.pk) right.appendChild(button(said.discard, function () { discard(item); }));
  }

  function sendAgain(item) {
    if (!own(item)) return;
    delete item.refused;
    item.photos.forEach(function (photo) { delete photo.refused; });
    keep(item).then(flush);
  }

  // The others stay, and what has been recorded stands.
  function dropPhoto(item, photo) {
    if (!own(item)) return;
    item.photos = item.photos.filter(function (other) { return other !== photo; });
    if (!item.photos.some(function (other) { return other.refused; })) delete item.refused;
    keep(item).then(flush);
  }

  function discard(item) {
    if (!own(item) || !window.confirm(said.sure)) return;
    forget(item).then(function () {
      shown[item.key].row.remove();
      delete shown[item.key];
    });
  }

  window.addEventListener('beforeunload', function (event) {
    var held = queue && !db && choices.some(function (choice) { return choice.photos.length; });
    if (held || Object.keys(memory).length) { event.preventDefault(); event.returnValue = ''; }
  });
  window.addEventListener('online', flush);
  window.addEventListener('storage', function (event) {
    if (event.key !== NOTE) return;
    note = readNote();
    notice();
  });
  document.addEventListener('visibilitychange', function () { if (!document.hidden) flush(); });
  window.setInterval(flush, RETRY);
  // Nothing is lost by logging out, but it isn't sent before the next log-in either; and what a record's next step closes takes no
  // photograph that comes after it. Asked before other listeners hold the form for sent.
  document.addEventListener('submit', function (event) {
    var leaves = event.target.hasAttribute('data-logout'), steps = event.target.hasAttribute('data-after-waiting');
    if (!(leaves || steps) || !counted()) return;
    if (!window.confirm((leaves ? said.leaving : said.before).replace('%s', counted()))) event.preventDefault();
    else if (leaves) noteLast(null);
  }, true);

  window.Outbox = {
    said: said, key: key, keep: keep, draft: draft, keepDraft: keepDraft, flush: flush, draw: draw, tell: tell, node: node, own: own,
    choices: choices,
    // ``first`` answers when the page has its draft back.
    handle: function (kind, first) {
      open().then(first).then(function () { kinds.push(kind); flush(); });
    }
  };
  // On phones, and wherever something may be kept, a page that can't be reached says what waits: see templates/config/worker.js.
  if (window.navigator.serviceWorker && (queue || window.matchMedia('(max-width: 767.98px)').matches)) {
    window.addEventListener('load', function () {
      window.navigator.serviceWorker.register(said.worker).catch(function () { /* the browser's own page has to do */ });
    });
  }
  noteLast(said.person);
  notice();
  // Where there is a list, the first round begins with what the page hands in.
  if (!queue) flush();
})();
