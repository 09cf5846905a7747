#!/usr/bin/env bash
# Makes everything the project needs on this machine: .venv/ with the locked packages, and missing system libraries.
#   scripts/setup.sh         what the site needs to run
#   scripts/setup.sh test    besides, what the tests drive: browser, PDF tools, spreadsheet program, gettext
# Safe to repeat: quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { printf '\nsetup: %s\n' "$*" >&2; exit 1; }

# --- system packages ---------------------------------------------------------------------------------------------------
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1; fi
}

can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }
}

# Installs Debian packages; the package lists are fetched only where the first try fails without them.
apt_install() {
  can_install || return 1
  say "installing system packages: $*"
  local log
  log=$(mktemp)
  if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 ||
    { as_root apt-get update >>"$log" 2>&1 &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  tail -n 15 "$log" >&2
  rm -f "$log"
  return 1
}

# --- Python and .venv --------------------------------------------------------------------------------------------------
find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

make_venv() {
  local python version
  python=$(find_python) || { apt_install python3 python3-venv && python=$(find_python); } ||
    fail "Python 3.11 or newer is needed. Install it (Debian, Ubuntu: 'sudo apt-get install python3 python3-venv') and run 'make setup' again, or name one: 'make setup PYTHON=/path/to/python3.11'."
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install "python$version-venv" || apt_install python3-venv ||
      fail "Python's venv module is missing. Run 'sudo apt-get install python$version-venv' and then 'make setup' again."
  fi
  say "creating .venv with Python $version"
  "$python" -m venv .venv
}

install_packages() {
  local wanted
  wanted="$(.venv/bin/python -c 'import sys; print(sys.version)') $(sha256sum requirements.lock)"
  if [ -f .venv/.installed ] && [ "$(cat .venv/.installed)" = "$wanted" ]; then return; fi
  say "installing the locked Python packages"
  local log
  log=$(mktemp)
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
    -r requirements.lock >"$log" 2>&1 ||
    { tail -n 15 "$log" >&2; fail "The Python packages could not be installed; the lines above say why."; }
  rm -f "$log"
  printf '%s\n' "$wanted" >.venv/.installed
}

# --- libraries and programs -------------------------------------------------------------------------------------------
has_library() { .venv/bin/python -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }

# PDF rendering: without Pango there is none; without the subsetter WeasyPrint works but many times slower.
install_libraries() {
  local missing=()
  has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
  has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
  has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
  [ ${#missing[@]} -eq 0 ] && return
  apt_install "${missing[@]}" ||
    fail "System libraries for PDF are missing and can't be installed from here. Run 'sudo apt-get install ${missing[*]}' (or your system's packages for Pango and HarfBuzz) and then 'make setup' again."
}

install_test_tools() {
  local missing=()
  command -v chromium >/dev/null || [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
  { command -v msgfmt && command -v xgettext; } >/dev/null || missing+=(gettext)
  [ ${#missing[@]} -eq 0 ] && return
  apt_install "${missing[@]}" ||
    fail "The tests need programs that are missing and can't be installed from here. Run 'sudo apt-get install ${missing[*]}' and then 'make test' again."
}

# Two commands at once (run and test, say) must not install over each other.
if command -v flock >/dev/null; then
  mkdir -p var
  exec 9>var/setup.lock
  flock 9
fi
.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
install_packages
install_libraries
if [ "${1:-}" = test ]; then install_test_tools; fi
