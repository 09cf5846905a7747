// What the shares sum to and what is missing, while they are typed; the server reckons again on confirming.
(function () {
  'use strict';
  var Money = window.Money;
  var box = document.querySelector('[data-shares]');
  if (!box || !Money || !Money.works) return;
  var shown = box.querySelector('[data-share-sum]'), inputs = box.querySelectorAll('[data-share]');
  var whole = Money.parse('100', 2), none = BigInt(0);

  function plain(value) { return Money.figures(value).replace(/\.?0+$/, ''); }

  function total() {
    var sum = none, typed = false;
    Array.prototype.forEach.call(inputs, function (input) {
      var value = Money.parse(input.value.replace(/[%％]\s*$/, ''), 2);
      if (value !== null) { sum += value; typed = true; }
    });
    var kind = sum === whole ? 'whole' : sum < whole ? 'less' : 'more';
    var rest = sum < whole ? whole - sum : sum - whole;
    shown.className = kind === 'whole' ? 'c-ok' : 'c-warn';
    shown.textContent = typed ? box.getAttribute('data-' + kind).replace('%s', plain(sum)).replace('%r', plain(rest)) : '';
  }

  box.addEventListener('input', total);
  total();
})();
