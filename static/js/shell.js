// The shell: shortcuts (/ ? and J K Enter A R in a list) and what htmx does with errors. Nothing while an input method composes.
(function () {
  'use strict';

  function typing(event) {
    var node = event.target;
    return event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable;
  }

  function say(text, bad) {
    var live = document.getElementById('live');
    if (!live) return;
    live.classList.toggle('bad', !!bad);
    live.textContent = text;
    window.clearTimeout(say.timer);
    say.timer = window.setTimeout(function () { live.textContent = ''; }, 8000);
  }

  document.addEventListener('app:say', function (event) { say(event.detail); });
  // On a phone the tabs scroll: the one that is open is in sight.
  var tab = document.querySelector('.tabs [aria-current]');
  if (tab) tab.parentNode.scrollLeft = Math.max(0, tab.offsetLeft - (tab.parentNode.clientWidth - tab.offsetWidth) / 2);

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll('[data-list] [data-row]'));
  }

  function selected(list) {
    return list.findIndex(function (row) { return row.classList.contains('sel'); });
  }

  function select(row) {
    rows().forEach(function (other) {
      other.classList.toggle('sel', other === row);
      var link = other.querySelector('a.t');
      if (link) { if (other === row) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current'); }
    });
    var link = row.querySelector('a.t');
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    preview(row);
  }

  function preview(row) {
    var pane = document.querySelector('[data-preview]');
    var url = row.getAttribute('data-preview-url');
    if (!pane || !url || !window.htmx || !pane.offsetParent) return;
    window.htmx.ajax('GET', url, { target: pane, swap: 'innerHTML' });
  }

  function move(step) {
    var list = rows();
    if (!list.length) return;
    var at = selected(list);
    select(list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))]);
  }

  // The verbs of a preview or a page: [data-verb="sign"] and [data-verb="return"].
  function press(verb) {
    var button = Array.prototype.filter.call(
      document.querySelectorAll('[data-verb="' + verb + '"]'), function (node) { return node.offsetParent; })[0];
    if (!button) return false;
    if (verb === 'sign') button.focus(); else button.click();
    return true;
  }

  document.addEventListener('keydown', function (event) {
    if (typing(event) || document.querySelector('dialog[open]')) return;
    var key = event.key;
    if (key === '/') {
      var search = document.querySelector('[data-global-search]');
      if (search && search.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
    } else if (key === '?') {
      var help = document.getElementById('help');
      if (help && help.showModal) { event.preventDefault(); help.showModal(); }
    } else if (rows().length && (key === 'j' || key === 'J')) {
      event.preventDefault(); move(1);
    } else if (rows().length && (key === 'k' || key === 'K')) {
      event.preventDefault(); move(-1);
    } else if (key === 'a' || key === 'A') {
      if (press('sign')) event.preventDefault();
    } else if (key === 'r' || key === 'R') {
      if (press('return')) event.preventDefault();
    } else if (key === 'Enter' && event.target === document.body) {
      var row = rows()[selected(rows())];
      var link = row && row.querySelector('a.t');
      if (link) { event.preventDefault(); link.click(); }
    }
  });

  // A click beside a row's title shows the preview on wide screens; the title itself opens the form.
  document.addEventListener('click', function (event) {
    var row = event.target.closest ? event.target.closest('[data-list] [data-row]') : null;
    if (!row || event.target.closest('a, button') || String(window.getSelection())) return;
    var pane = document.querySelector('[data-preview]');
    var link = row.querySelector('a.t');
    if (pane && pane.offsetParent) select(row); else if (link) link.click();
  });

  // A refusal's fragment is shown; a whole error page is not pushed into a pane but said.
  document.addEventListener('htmx:beforeSwap', function (event) {
    var xhr = event.detail.xhr;
    if (xhr.status < 400) return;
    if (/^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      var page = new DOMParser().parseFromString(xhr.responseText, 'text/html');
      var text = page.querySelector('.empty p');
      say(text ? text.textContent : String(xhr.status), true);
    }
  });
  // A log-in that ended meanwhile answers with the log-in page: go there as a whole.
  document.addEventListener('htmx:afterRequest', function (event) {
    var xhr = event.detail.xhr;
    if (xhr && xhr.responseURL && /\/login\//.test(xhr.responseURL)) window.location.reload();
  });
  document.addEventListener('htmx:sendError', function () {
    var live = document.getElementById('live');
    say(live ? live.getAttribute('data-offline') : '', true);
  });

  function ready() {
    var first = rows()[0];
    var pane = document.querySelector('[data-preview]');
    if (first && pane && pane.offsetParent && !pane.hasAttribute('data-filled')) {
      first.classList.add('sel');
      var link = first.querySelector('a.t');
      if (link) link.setAttribute('aria-current', 'true');
      preview(first);
    }
  }
  // htmx is ready after its own DOMContentLoaded handler; scripts are deferred, so this one runs after it.
  if (document.readyState === 'complete') ready(); else window.addEventListener('load', ready);
})();
