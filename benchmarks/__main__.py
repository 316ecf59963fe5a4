"""`python -m benchmarks [AREA ...]`: the table of figures."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys

from benchmarks.table import shown

AREAS = (
    "start",
    "structure",
    "clean",
    "themes",
    "editor",
    "memory",
    "memory",
    "summaries",
    "render",
    "sources",
    "delivery",
    "preview",
)


def main() -> None:
    asked = sys.argv[1:] or AREAS
    unknown = [area for area in asked if area not in AREAS]
    if unknown:
        sys.exit(f"no such area: {', '.join(unknown)} (known: {', '.join(AREAS)})")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    results = []
    for area in asked:
        rows = importlib.import_module(f"benchmarks.{area}").rows()
        results += rows
        print(f"{area}: {len(rows)} rows", file=sys.stderr)
    print(shown(results))
    if "BENCH_JSON" in os.environ:
        with open(os.environ["BENCH_JSON"], "w", encoding="utf-8") as stream:  # noqa: PTH123
            json.dump([{name: getattr(row, name) for name in row.__slots__} for row in results], stream)


if __name__ == "__main__":
    main()
