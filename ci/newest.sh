#!/usr/bin/env bash
# The quick tests with the newest releases of everything, in an environment of their own. Bounded by whoever calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade --group test --editable .
"$work/venv/bin/python" -m pip list --disable-pip-version-check --format=freeze > "$work/newest"
changed=0
while IFS='=' read -r name _ version; do
  if grep -qi "^$name==" ci/dev.txt && ! grep -qi "^$name==$version " ci/dev.txt; then
    echo "newer than locked: $name $version"
    changed=1
  fi
done < "$work/newest"
if [ "$changed" = 0 ]; then echo "the lock holds the newest releases"; exit 0; fi
"$work/venv/bin/python" -m pytest --quiet -n 2 --dist loadfile -m "not browser and not slow"
