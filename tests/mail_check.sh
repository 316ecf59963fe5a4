#!/usr/bin/env bash
# The built message under a foreign checker, where there is one beside the project; skipped, and said so, elsewhere.
set -euo pipefail
checker=${MAILCHECK:-../shared/tools/mailcheck/check_email.py}
python=${PYTHON:-python3}
if [ ! -f "$checker" ]; then
  echo "mail check: skipped: no checker at $checker (set MAILCHECK to the path of one)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m digest build --quiet --config config.yaml --at 2026-11-20T07:00 --out "$work" >/dev/null
"$python" "$checker" "$work/nato/2026-11-20/issue.eml" --strict
