// The sums of an application follow the lines that are ticked; the server computes everything again on saving.
(function () {
  'use strict';
  var Money = window.Money;
  var panel = document.querySelector('[data-choosing]');
  if (!panel || !Money || !Money.works) return;
  var rate = Money.parse(panel.getAttribute('data-rate'), 3);

  function show(name, text) {
    panel.querySelector('[data-sum=' + name + ']').textContent = text;
  }

  function total() {
    var sum = BigInt(0);
    Array.prototype.forEach.call(panel.querySelectorAll('input[name=keep]:checked'), function (box) {
      sum += Money.parse(box.getAttribute('data-amount'), 2);
    });
    var commission = Money.scaleDown(sum * rate, 3);
    show('subtotal', '¥' + Money.figures(sum));
    show('commission', '¥' + Money.figures(commission));
    show('total', '¥' + Money.figures(sum + commission));
    show('capital', panel.getAttribute('data-rmb') + Money.capital(sum + commission));
  }

  panel.addEventListener('change', total);
  total();
})();
