// Exact figures in the browser: integers only, never floating point. The server computes everything again on saving.
(function (root) {
  'use strict';
  var hasBig = typeof BigInt === 'function';
  // The one written rule of a typed figure, the same as budgets/numbers.py: what it doesn't take is left as it was typed, so that
  // the server says what is wrong with it.
  var TYPED = /^(-?)¥?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?元?$/, LONGEST = 40;
  var BLANKS = /[ \t\r\n\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/g, PLAIN = /^[\x00-\x7e\uff01-\uff5e¥￥元]*$/;

  // Sign, digits and decimals of a text by the rule, full-width forms folded; null when it is no such figure.
  function read(text) {
    var plain = String(text).replace(BLANKS, '');
    if (plain.length > LONGEST || !PLAIN.test(plain)) return null;
    var match = TYPED.exec(plain.replace(/￥/g, '¥').replace(/[\uff01-\uff5e]/g, function (c) {
      return String.fromCharCode(c.charCodeAt(0) - 65248);
    }));
    return match && { sign: match[1], whole: match[2].replace(/,/g, ''), fraction: match[3] || '' };
  }

  // A figure in plain notation; any other text as it is.
  function clean(text) {
    var found = read(text);
    return found ? found.sign + found.whole + (found.fraction ? '.' + found.fraction : '') : String(text);
  }

  // "12.5" with at most `decimals` decimals -> BigInt of the smallest unit; null when it is no such number.
  function parse(text, decimals) {
    var found = hasBig ? read(text) : null;
    if (!found || found.fraction.length > decimals) return null;
    var fraction = found.fraction;
    while (fraction.length < decimals) fraction += '0';
    var value = BigInt(found.whole + fraction);
    return found.sign ? -value : value;
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
