#!/usr/bin/env bash
# Starts the site: set-up, tables, demonstration data where there are no people yet, then web and worker until Ctrl-C.
#   HOST, PORT      where to listen (127.0.0.1, 8000)
#   WEB_PROCESSES   web processes (2); each has THREADS threads (8)
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
python=.venv/bin/python

if [ -z "${SECRET_KEY:-}" ] || [ -n "${DEMO_PASSWORD:-}" ]; then
  "$python" manage.py demo
else
  # A real installation gets no people with a known password.
  "$python" manage.py migrate --verbosity 0
  "$python" manage.py collectstatic --noinput --verbosity 0
fi

# A folder in memory for gunicorn's heart-beat files, where there is one.
shm=(); [ -d /dev/shm ] && [ -w /dev/shm ] && shm=(--worker-tmp-dir /dev/shm)
pids=()
stop() {
  trap - INT TERM EXIT
  [ ${#pids[@]} -gt 0 ] && kill -TERM "${pids[@]}" 2>/dev/null
  wait 2>/dev/null
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

"$python" -m gunicorn config.wsgi --bind "${HOST:-127.0.0.1}:${PORT:-8000}" --worker-class gthread \
  --workers "${WEB_PROCESSES:-2}" --threads "${THREADS:-8}" --timeout 60 --log-level warning "${shm[@]}" &
pids+=($!)
"$python" manage.py worker &
pids+=($!)
printf '\n  http://%s:%s/   (Ctrl-C stops web and worker)\n\n' "${HOST:-127.0.0.1}" "${PORT:-8000}"
# When one of the two ends, the other is stopped as well, and the fault is passed on.
wait -n "${pids[@]}"
