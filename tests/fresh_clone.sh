#!/usr/bin/env bash
# The newcomer's two minutes: a fresh clone, an empty HOME, a new virtual environment, `make demo`.
set -euo pipefail
top=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet "$top" "$work/clone"
mkdir "$work/home"
cd "$work/clone"
env -i HOME="$work/home" PATH="$PATH" LANG=C.UTF-8 PYTHON="${PYTHON:-python3}" \
  ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${PIP_CONFIG_FILE:+PIP_CONFIG_FILE="$PIP_CONFIG_FILE"} \
  make --no-print-directory demo AT=2026-11-20T07:00
for suffix in html txt eml json; do
  test -s "issues/nato/2026-11-20/issue.$suffix" || { echo "fresh clone: no issue.$suffix"; exit 1; }
done
cp -r issues/nato/2026-11-20 "$work/first"
env -i HOME="$work/home" PATH="$PATH" LANG=C.UTF-8 make --no-print-directory demo AT=2026-11-20T07:00 >/dev/null
diff -r issues/nato/2026-11-20 "$work/first" || { echo "fresh clone: two builds differ"; exit 1; }
echo "fresh clone: the demo works, two builds give the same bytes"
