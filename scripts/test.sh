#!/usr/bin/env bash
# Runs all tests on SQLite, or on the database that DATABASE_URL names (races included on PostgreSQL).
# First what can run side by side, browser journeys included; then the races, which need the machine to themselves.
# Arguments go to pytest: scripts/test.sh -k routing
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
run -n "${TEST_PROCESSES:-2}" --dist loadfile -m "not race and not journey"
run -n "${TEST_PROCESSES:-2}" --dist load -m journey
run -m race
exit $((empty == 3 ? 5 : 0))
