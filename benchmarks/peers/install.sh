#!/usr/bin/env bash
# Installs the engines that the benchmark compares with, as far as they can be had here; the benchmark tells what it skips.
#   packages of npm                      into this folder
#   Absurd's schema, of PyPI's absurdctl into .bench/absurd.sql
#   a Temporal server, of Go modules     into .bench/temporal
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
absurdctl=0.5.1

mkdir -p "$root/.bench"
npm install --ignore-scripts || exit 1

absurd_schema() {
  local folder
  command -v python3 >/dev/null || { echo 'no python3' >&2; return 1; }
  folder=$(mktemp -d)
  python3 -m pip install -q --no-deps --target "$folder" "absurdctl==$absurdctl" &&
    PYTHONPATH=$folder python3 -c 'import absurdctl; print(absurdctl.BUNDLED_SCHEMA_SQL)' > "$root/.bench/absurd.sql"
  local status=$?
  rm -rf "$folder"
  [ $status = 0 ] || rm -f "$root/.bench/absurd.sql"
  return $status
}

absurd_schema || echo 'Absurd is left out: its schema could not be had; ABSURD_SQL may name a copy of its absurd.sql' >&2
../temporal/build.sh "$root/.bench/temporal" || echo 'Temporal is left out: its server could not be built' >&2
../../node_modules/.bin/tsc --noEmit -p .
