// A confirmation's amount follows its quantity: all of it is the approved amount, less of it is quantity × price (never more than
// approved), more of it is quantity × price as it is, so that what the server then refuses is a figure that can be recognised.
// A figure typed by hand stays. The server computes and checks everything again.
(function () {
  'use strict';
  var Money = window.Money;
  if (!Money || !Money.works) return;

  function expected(row, quantity) {
    var approved = Money.parse(row.getAttribute('data-amount'), 2);
    var milli = Money.parse(quantity, 3);
    if (milli === null) return null;
    var most = Money.parse(row.getAttribute('data-quantity'), 3);
    if (milli === most) return approved;
    var fen = Money.scaleDown(milli * Money.parse(row.getAttribute('data-price'), 2), 3);
    return fen < approved || milli > most ? fen : approved;
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
