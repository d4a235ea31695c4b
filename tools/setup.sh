#!/usr/bin/env bash
# Make the environment: tools/setup.sh base|dev VENV
set -euo pipefail
kind=$1 venv=$2
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }

if [ "$kind" = dev ] || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then bash tools/system-packages.sh "$kind"; fi
if [ ! -x "$venv/bin/python" ]; then
  say "Tạo môi trường Python (making the Python environment)…"
  python3 -m venv "$venv"
fi
say "Cài thư viện (installing libraries, pinned by hash)…"
"$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
touch "$venv/.base"
[ "$kind" = base ] || touch "$venv/.dev"
