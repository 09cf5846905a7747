// A confirmation's amount follows its quantity: all that is left is the amount that is left, less of it is quantity × price – of a line
// that was cut or is shared, its part of the approved amount – and never more than is left; more of it is reckoned as it is, so that
// what the server then refuses is a figure that can be recognised.
// A figure typed by hand stays. The server computes and checks everything again.
(function () {
  'use strict';
  var Money = window.Money;
  if (!Money || !Money.works) return;

  function expected(row, quantity) {
    function given(name, decimals) { return Money.parse(row.getAttribute('data-' + name), decimals); }
    var milli = Money.parse(quantity, 3);
    if (milli === null) return null;
    var most = given('quantity-left', 3), left = given('amount-left', 2);
    if (milli === most) return left;
    var fen = row.hasAttribute('data-prorated')
      ? Money.divide(given('amount', 2) * milli, given('quantity', 3))
      : Money.scaleDown(milli * given('price', 2), 3);
    return fen < left || milli > most ? fen : left;
  }

  function follow(event) {
    var row = event.target.closest && event.target.closest('[data-actual]');
    if (!row || event.target.getAttribute('data-key') !== 'quantity') return;
    var amount = row.querySelector('[data-key=amount]');
    var before = row.hasAttribute('data-last') ? row.getAttribute('data-last') : event.target.defaultValue;
    var was = expected(row, before), now = expected(row, event.target.value);
    row.setAttribute('data-last', event.target.value);
    var typed = Money.parse(amount.value, 2);
    if (now === null || (typed !== null && was !== null && typed !== was)) return;
    amount.value = Money.figures(now);
  }

  // Capturing: before the grid adds the lines up.
  document.addEventListener('input', follow, true);
})();
