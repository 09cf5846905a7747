// The sums of an application follow the lines that are ticked and the tax rate; the server computes everything again on saving.
// Integers only: amounts in fen, rates in thousandths. A reversal is what the lines that stay come to, less what all came to.
(function () {
  'use strict';
  var Money = window.Money;
  var panel = document.querySelector('[data-choosing]');
  if (!panel || !Money || !Money.works) return;
  var taxInput = document.querySelector('[data-tax-rate]');
  var reversing = panel.hasAttribute('data-reversing');
  var ZERO = BigInt(0), THOUSAND = BigInt(1000);

  function show(name, text) {
    var place = panel.querySelector('[data-sum=' + name + ']');
    if (place) place.textContent = text;
  }

  // Tax in thousandths of one: typed per cent have one decimal at most. null while it is no such number.
  function tax() {
    var text = panel.getAttribute('data-tax') || (taxInput ? taxInput.value : '');
    var rate = Money.parse(text.replace('%', ''), 1);
    return rate === null || rate < ZERO || rate > THOUSAND ? null : rate;
  }

  function figures(boxes, rate) {
    var subtotal = ZERO, products = ZERO;
    boxes.forEach(function (box) {
      var amount = Money.parse(box.getAttribute('data-amount'), 2);
      subtotal += amount;
      products += amount * Money.parse(box.getAttribute('data-rate'), 3);
    });
    var commission = Money.scaleDown(products, 3);
    var total = subtotal + commission;
    var net = rate === null ? ZERO : Money.divide(total * THOUSAND, THOUSAND + rate);
    return { subtotal: subtotal, commission: commission, total: total, net: net, tax: total - net };
  }

  function total() {
    var boxes = Array.prototype.slice.call(panel.querySelectorAll('input[name=keep]'));
    var rate = tax();
    var sums;
    if (reversing) {
      var before = figures(boxes, rate), after = figures(boxes.filter(function (box) { return !box.checked; }), rate);
      sums = {};
      Object.keys(before).forEach(function (key) { sums[key] = after[key] - before[key]; });
    } else {
      sums = figures(boxes.filter(function (box) { return box.checked; }), rate);
    }
    ['subtotal', 'commission', 'total'].forEach(function (key) { show(key, '¥' + Money.figures(sums[key])); });
    ['net', 'tax'].forEach(function (key) { show(key, rate === null ? '—' : '¥' + Money.figures(sums[key])); });
    show('capital', panel.getAttribute('data-rmb') + Money.capital(sums.total));
    show('count', String(boxes.filter(function (box) { return box.checked; }).length));
  }

  panel.addEventListener('change', total);
  if (taxInput) taxInput.addEventListener('input', total);
  total();
})();
