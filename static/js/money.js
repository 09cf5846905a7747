// Exact figures in the browser: integers only, never floating point. The server computes everything again on saving.
(function (root) {
  'use strict';
  var hasBig = typeof BigInt === 'function';
  var FULL = /[\uFF10-\uFF19\uFF0E\uFF0D]/g;

  // Full-width digits, separators and the sign of the yuan, as people paste them, become plain notation.
  function clean(text) {
    return String(text).replace(FULL, function (c) {
      if (c === '\uFF0E') return '.';
      if (c === '\uFF0D') return '-';
      return String.fromCharCode(c.charCodeAt(0) - 65248);
    }).replace(/[,，\s\u00A0¥￥元]/g, '');
  }

  // "12.5" with at most `decimals` decimals -> BigInt of the smallest unit; null when it is no such number.
  function parse(text, decimals) {
    if (!hasBig) return null;
    var plain = clean(text);
    var match = /^(-?)(\d{1,15})?(?:\.(\d*))?$/.exec(plain);
    if (!match || (!match[2] && !match[3])) return null;
    var fraction = (match[3] || '').replace(/0+$/, '');
    if (fraction.length > decimals) return null;
    while (fraction.length < decimals) fraction += '0';
    var value = BigInt((match[2] || '0') + fraction);
    return match[1] ? -value : value;
  }

  // Divide by 10^places, half up away from zero: the one rounding rule of money.
  function scaleDown(value, places) {
    return divide(value, BigInt('1' + new Array(places + 1).join('0')));
  }

  function divide(value, divisor) {
    var negative = value < BigInt(0);
    var size = negative ? -value : value;
    var quotient = (size * BigInt(2) + divisor) / (divisor * BigInt(2));
    return negative ? -quotient : quotient;
  }

  // Fen -> "21,658.50".
  function figures(fen) {
    var negative = fen < BigInt(0);
    var digits = String(negative ? -fen : fen);
    while (digits.length < 3) digits = '0' + digits;
    var yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
    return (negative ? '-' : '') + yuan + '.' + digits.slice(-2);
  }

  var D = '零壹贰叁肆伍陆柒捌玖', U = ['', '拾', '佰', '仟'], G = ['', '万', '亿', '万亿'];

  // Fen -> capitals as banks write them, without the leading 人民币: 整 after 元 and 角, none after 分, one 零 for a run.
  function capital(fen) {
    var sign = fen < BigInt(0) ? '负' : '';
    var digits = String(fen < BigInt(0) ? -fen : fen);
    while (digits.length < 3) digits = '0' + digits;
    var yuan = digits.slice(0, -2).replace(/^0+/, ''), jiao = +digits.slice(-2, -1), cents = +digits.slice(-1);
    if (!yuan && !jiao && !cents) return '零元整';
    var text = '', zero = false;
    var groups = yuan.split('').reverse().join('').match(/\d{1,4}/g) || [];
    for (var g = groups.length - 1; g >= 0; g--) {
      var part = '';
      for (var k = groups[g].length - 1; k >= 0; k--) {
        var digit = +groups[g][k];
        if (!digit) { zero = true; continue; }
        if (zero && (text || part)) part += '零';
        part += D[digit] + U[k];
        zero = false;
      }
      if (part) text += part + G[g];
    }
    if (yuan) text += '元';
    if (jiao) text += D[jiao] + '角';
    else if (cents && yuan) text += '零';
    return sign + text + (cents ? D[cents] + '分' : '整');
  }

  root.Money = { clean: clean, parse: parse, scaleDown: scaleDown, divide: divide, figures: figures, capital: capital, works: hasBig };
})(typeof window === 'undefined' ? globalThis : window);
