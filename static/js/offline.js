// The page without a network: how much waits on this device (see outbox.js), and for whom was logged in last also what.
(function () {
  'use strict';
  var list = document.querySelector('[data-offline-list]'), said = list.dataset, note = {};
  try { note = JSON.parse(window.localStorage.getItem('site-outbox')) || {}; } catch (error) { /* nothing is noted */ }

  function line(tag, text, name) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function tell(items) {
    var mine = items.filter(function (item) { return item.person === note.last; }), others = items.length - mine.length;
    list.appendChild(line('p', items.length ? said.count.replace('%s', items.length) : said.none, 'mb-s'));
    if (mine.length) {
      var rows = list.appendChild(document.createElement('ul'));
      mine.forEach(function (item) {
        var photos = item.photos.length ? '（' + said.photos.replace('%s', item.photos.length) + '）' : '';
        rows.appendChild(line('li', (item.title || '') + photos, 'breaks'));
      });
    }
    if (others) list.appendChild(line('p', said.others.replace('%s', others), 'small muted'));
  }

  // The store is opened only where something is noted: opened, it would be made.
  if (note.by && window.indexedDB) {
    var asking = window.indexedDB.open('site-outbox', 1);
    asking.onupgradeneeded = function () { asking.transaction.abort(); };
    asking.onerror = function () { tell([]); };
    asking.onsuccess = function () {
      var all = asking.result.transaction('findings').objectStore('findings').getAll();
      all.onsuccess = function () { tell(all.result.filter(function (row) { return row.made && row.page; })); };
    };
  } else {
    tell([]);
  }

  function again() { window.location.reload(); }
  document.querySelector('[data-try-again]').addEventListener('click', again);
  window.addEventListener('online', again);
  // A device calls itself online before the server can be reached: asked for until it answers, past the worker (see worker.js).
  window.setInterval(function () {
    window.fetch(said.probe, { method: 'HEAD', cache: 'no-store', credentials: 'omit' }).then(again, function () { /* not yet */ });
  }, 4000);
})();
