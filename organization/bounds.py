"""Between which days a date of the business lies. Pure leaf."""

from datetime import date

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
