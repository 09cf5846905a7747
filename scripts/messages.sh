#!/usr/bin/env bash
# Collects every text for translation into locale/en and compiles the catalogue. Chinese is the message id itself.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python manage.py makemessages --locale en --no-wrap --no-obsolete --add-location file \
  --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'node_modules' --ignore 'static'
.venv/bin/python manage.py compilemessages --locale en --ignore '.venv' --verbosity 0
untranslated=$(msgattrib --untranslated locale/en/LC_MESSAGES/django.po | grep -c '^msgid' || true)
fuzzy=$(msgattrib --only-fuzzy locale/en/LC_MESSAGES/django.po | grep -c '^msgid' || true)
printf 'messages: %s untranslated, %s unsure (each count includes the head)\n' "$untranslated" "$fuzzy"
