#!/usr/bin/env bash
# Builds a Temporal server and its schema tool from the Go modules, for the comparison: about four minutes of two cores.
# Usage: build.sh [folder]    default: .bench/temporal in the repository, where the benchmark looks for it
# Needs Go (https://go.dev/dl or the package golang), at least the version that the module asks for.
set -euo pipefail

version=v1.32.0
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.bench/temporal}
module=go.temporal.io/server

command -v go >/dev/null || { echo 'build.sh: there is no go in PATH; install Go, then run this again' >&2; exit 1; }
mkdir -p "$folder"
if [ -f "$folder/version" ] && [ "$(cat "$folder/version")" = "$version" ]; then
  echo "Temporal server $version is in $folder already"
  exit 0
fi
echo "building Temporal server $version into $folder; this takes some minutes"
GOBIN=$(cd "$folder" && pwd) GOFLAGS=-mod=mod nice go install "$module/cmd/server@$version" "$module/cmd/tools/sql@$version"
rm -rf "$folder/schema"
cp -r "$(go env GOMODCACHE)/$module@$version/schema/postgresql/v12" "$folder/schema"
chmod -R u+w "$folder/schema"
mv "$folder/server" "$folder/temporal-server"
mv "$folder/sql" "$folder/temporal-sql-tool"
echo "$version" > "$folder/version"
echo "built: $folder/temporal-server, $folder/temporal-sql-tool"
