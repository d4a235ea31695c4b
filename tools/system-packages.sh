#!/usr/bin/env bash
# System packages, by apt, when we are root and something is absent. base: venv. dev: also Chromium, gettext, poppler, fonts.
set -euo pipefail
want=()
python3 -c 'import venv, ensurepip' 2>/dev/null || want+=(python3-venv)
if [ "${1:-base}" = dev ]; then
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || want+=(chromium)
  command -v xgettext >/dev/null || want+=(gettext)
  command -v pdftotext >/dev/null || want+=(poppler-utils)
fi
[ ${#want[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing system packages: ${want[*]}. Install them (sudo apt-get install ${want[*]}); without them some tests are skipped." >&2
  exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null
