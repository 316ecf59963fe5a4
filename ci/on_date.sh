#!/usr/bin/env bash
# Run a command on another date: `ci/on_date.sh +400d pytest`. Clocks that measure durations stay as they are.
set -euo pipefail
date=$1 && shift
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$top/dist"
cc -shared -fPIC -o "$top/dist/real_sleep.so" "$top/ci/real_sleep.c"
library=$(faketime -f +1d sh -c 'echo "$LD_PRELOAD"')
export LD_PRELOAD="$top/dist/real_sleep.so $library" FAKETIME="$date" DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
exec "$@"
