#!/usr/bin/env bash
# Checks that need the whole project: no model change without its migration, production settings without a warning.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export VAR_DIR=$scratch
.venv/bin/python manage.py makemigrations --check --dry-run
env -u DATABASE_URL -u DEBUG SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
  ALLOWED_HOSTS=liaison.example SITE_URL=https://liaison.example \
  .venv/bin/python manage.py check --deploy --fail-level WARNING
