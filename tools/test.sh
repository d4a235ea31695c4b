#!/usr/bin/env bash
# Every test, on SQLite, then on PostgreSQL where there is one (HOCVUSO_TEST_POSTGRES=postgresql://…; CI must set it).
# Tests that commit for real leave empty tables behind, so they run apart from those that roll back. The migrations run once a
# database; each run begins with a copy of that. On PostgreSQL only what touches a database is run again.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
jobs=${JOBS:-2}
tests() { python -m pytest -q -n "$jobs" --dist loadfile "$@" || status=$?; }
# Two browsers and two servers share two cores here, so a story may run out of time. It is told once more, alone; both outcomes
# are printed, and one that fails twice has failed.
stories() {
  remember=(-o "addopts=-ra --strict-markers --reuse-db" -o "cache_dir=$HOCVUSO_DATA/pytest")
  python -m pytest -q -n "$jobs" --dist loadfile "${remember[@]}" "$@" && return
  echo "== Told again, alone"
  fresh
  python -m pytest -q -n 1 "${remember[@]}" --last-failed --last-failed-no-failures none "$@" || status=$?
}
fresh() { python tools/test_databases.py copy "$jobs" || status=$?; }
alone="browser or server or commits"
HOCVUSO_DATA=$(mktemp -d)
export HOCVUSO_DATA
trap 'rm -rf "$HOCVUSO_DATA"' EXIT

echo "== SQLite"
python tools/test_databases.py make || exit 1
fresh
tests -m "not ($alone)"
fresh
tests -m "commits and not browser and not server"
fresh
stories -m "browser or server"

postgres=${HOCVUSO_TEST_POSTGRES:-}
if [ -z "$postgres" ] && python - <<'PY' 2>/dev/null
import psycopg
psycopg.connect("postgresql://127.0.0.1:5432/postgres", connect_timeout=2).close()
PY
then postgres=postgresql://127.0.0.1:5432/hocvuso; fi
if [ -n "$postgres" ]; then
  echo "== PostgreSQL"
  export HOCVUSO_TEST_DATABASE_URL=$postgres
  python tools/test_databases.py make || exit 1
  fresh
  tests -m "database and not ($alone)"
  fresh
  tests -m "commits and not browser"
  # Pages look the same on any database: of the browser stories only the learner's whole way is walked again.
  fresh
  stories tests/journeys/test_learning_browser.py
  python tools/test_databases.py drop
else
  echo "== PostgreSQL: no server found (HOCVUSO_TEST_POSTGRES); its tests were skipped"
fi
exit $status
