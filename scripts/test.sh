#!/usr/bin/env bash
# Runs all tests on SQLite, or on the database that DATABASE_URL names (races included on PostgreSQL).
# First what can run side by side, browser journeys included; then the races, which need the machine to themselves.
# Arguments go to pytest: scripts/test.sh -k routing
#   TEST_PROCESSES   how many run side by side (2)
#   TEST_ENGINE_FREE=0  leaves out what finds the same on every database: .ci/run asks it on SQLite alone
#   TEST_JOURNEYS=0  leaves the browser journeys out: .ci/run walks them on one of its two databases
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test

run() {
  local code=0
  .venv/bin/python -m pytest "$@" || code=$?
  # 5: no test left after the selection; a fault only if it is so for all parts.
  if [ "$code" -eq 5 ]; then empty=$((empty + 1)); elif [ "$code" -ne 0 ]; then exit "$code"; fi
}
empty=0
if [ $# -gt 0 ]; then
  run "$@"
  exit $((empty ? 5 : 0))
fi
processes=${TEST_PROCESSES:-2} parts=1 also=""
[ "${TEST_ENGINE_FREE:-1}" != 0 ] || also=" and not engine_free"
# The files that take longest begin first (tests/conftest.py), so that no process waits long for the other at the end.
run -n "$processes" --dist loadfile --no-loadscope-reorder -m "not race and not journey$also"
if [ "${TEST_JOURNEYS:-1}" != 0 ]; then
  parts=$((parts + 1))
  # A browser waits more than it reckons: one more side by side.
  run -n "$((processes + 1))" --dist load -m journey tests/journeys
fi
# Races are real concurrent transactions: SQLite has one writer at a time and no races to test.
case "${DATABASE_URL:-}" in
  postgres*)
    parts=$((parts + 1))
    # Each process has a database of its own, and a race waits more than it reckons.
    run -n "$processes" --dist load -m race
    ;;
esac
exit $((empty == parts ? 5 : 0))
