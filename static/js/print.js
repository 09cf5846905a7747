// data-print: the button opens the browser's print dialogue.
(function () {
  'use strict';
  document.addEventListener('click', function (event) {
    if (event.target.closest && event.target.closest('[data-print]')) window.print();
  });
})();
