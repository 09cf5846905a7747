// Generic behaviours by data-* attribute. Every page works without them: links lead to pages, forms post.
// data-dialog="id"      opens the <dialog> of that id (a link keeps its href for browsers without <dialog>)
// data-carry="name"     in a dialogue: takes over what the form of the opener holds under that name
// data-close            closes the dialog it stands in
// data-once             on a form: one submission only, buttons busy meanwhile
// data-download         on a submit button: answers with a file, the form may be sent again
// data-autosubmit       on a form: a changed select submits it
// data-autofocus        takes the focus when the page or fragment arrives (errors on top)
// data-need="name"      on a submit button: the named field of its form must not be blank
// data-onward           a hidden field: says, when its form is sent, that the page is a phone's, which goes straight to the next form
// data-upload           on a file input: submits its form when a file was chosen
// data-spy              on a nav of #anchors: marks the section in view
(function () {
  'use strict';

  function closest(node, selector) {
    return node && node.closest ? node.closest(selector) : null;
  }

  function openDialog(trigger) {
    var dialog = document.getElementById(trigger.getAttribute('data-dialog'));
    if (!dialog || !dialog.showModal) return false;
    // One dialogue at a time; what was typed in the bar goes along.
    var outer = closest(trigger, 'dialog');
    if (outer) outer.close();
    if (!dialog.open) dialog.showModal();
    carry(trigger, dialog);
    var first = dialog.querySelector('[autofocus], textarea, input:not([type=hidden]), select');
    if (first) first.focus();
    return true;
  }

  function carry(trigger, dialog) {
    var form = closest(trigger, 'form');
    Array.prototype.forEach.call(dialog.querySelectorAll('[data-carry]'), function (field) {
      var source = form && form.elements[field.getAttribute('data-carry')];
      if (source && source.value && !field.value) field.value = source.value;
    });
  }

  document.addEventListener('click', function (event) {
    var opener = closest(event.target, '[data-dialog]');
    if (opener && openDialog(opener)) { event.preventDefault(); return; }
    var closer = closest(event.target, '[data-close]');
    if (closer) {
      var dialog = closest(closer, 'dialog');
      if (dialog) { event.preventDefault(); dialog.close(); }
      return;
    }
    var needy = closest(event.target, 'button[data-need]');
    if (needy && needy.form) {
      var field = needy.form.elements[needy.getAttribute('data-need')];
      if (field && !field.value.trim()) {
        field.setCustomValidity(needy.getAttribute('data-need-text') || '');
        event.preventDefault();
        field.reportValidity();
        field.focus();
      }
    }
  });

  document.addEventListener('input', function (event) {
    if (event.target.setCustomValidity) event.target.setCustomValidity('');
  });

  document.addEventListener('change', function (event) {
    var form = closest(event.target, 'form[data-autosubmit]');
    if (form && event.target.tagName === 'SELECT') { form.submit(); return; }
    if (event.target.matches('input[type=file][data-upload]') && event.target.files.length) {
      var owner = event.target.form;
      if (owner.requestSubmit) owner.requestSubmit(); else owner.submit();
    }
  });

  document.addEventListener('submit', function (event) {
    var form = event.target, onward = form.querySelector('[data-onward]');
    if (onward) onward.value = window.matchMedia('(max-width: 767.98px)').matches ? '1' : '';
    if (!form.hasAttribute('data-once') || event.defaultPrevented) return;
    // A file comes down beside the page: the form stays ready.
    var pressed = event.submitter || document.activeElement;
    if (pressed && pressed.hasAttribute('data-download')) return;
    if (form.hasAttribute('data-sent')) { event.preventDefault(); return; }
    form.setAttribute('data-sent', '');
    Array.prototype.forEach.call(form.querySelectorAll('button'), function (button) {
      button.setAttribute('aria-busy', 'true');
    });
  });

  // A page that comes back from the browser's memory is ready to be sent again.
  window.addEventListener('pageshow', function () {
    Array.prototype.forEach.call(document.querySelectorAll('form[data-sent]'), function (form) {
      form.removeAttribute('data-sent');
      Array.prototype.forEach.call(form.querySelectorAll('[aria-busy]'), function (b) { b.removeAttribute('aria-busy'); });
    });
  });

  function focusFirst(root) {
    var target = root.querySelector ? root.querySelector('[data-autofocus]') : null;
    if (target) target.focus({ preventScroll: false });
    Array.prototype.forEach.call(root.querySelectorAll('dialog[data-open]'), function (dialog) {
      if (!dialog.showModal || dialog.open) return;
      dialog.showModal();
      var told = dialog.querySelector('[data-autofocus]');
      if (told) told.focus();
    });
  }

  function spy(nav) {
    if (!('IntersectionObserver' in window)) return;
    var links = Array.prototype.slice.call(nav.querySelectorAll('a[href^="#"]'));
    var seen = {};
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { seen[entry.target.id] = entry.isIntersecting; });
      var current = links.filter(function (link) { return seen[link.hash.slice(1)]; })[0];
      if (!current) return;
      links.forEach(function (link) {
        if (link === current) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
      });
    }, { rootMargin: '-110px 0px -50% 0px' });
    links.forEach(function (link) {
      var section = document.getElementById(link.hash.slice(1));
      if (section) observer.observe(section);
    });
  }

  // What sticks above the action bar (static/grid.css) has to know how high it is: its sentences may take several lines.
  function measure(bar) {
    function tell() { document.documentElement.style.setProperty('--act', bar.offsetHeight + 'px'); }
    tell();
    if ('ResizeObserver' in window) new ResizeObserver(tell).observe(bar); else window.addEventListener('resize', tell);
  }

  function ready() {
    focusFirst(document);
    Array.prototype.forEach.call(document.querySelectorAll('.actbar'), measure);
    Array.prototype.forEach.call(document.querySelectorAll('[data-spy]'), spy);
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();
  document.addEventListener('htmx:load', function (event) {
    if (event.detail.elt !== document.body) focusFirst(event.detail.elt);
  });
})();
