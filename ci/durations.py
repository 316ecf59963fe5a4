"""Read the JUnit file of a test run: print the slowest tests, say when it was over the budget, and fail far beyond it or when any was skipped.

python ci/durations.py dist/tests.xml --longest 15 --minutes 10 --at-most 20 --no-skips
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--longest", type=int, default=10, help="how many of the slowest tests to print")
    parser.add_argument("--minutes", type=float, help="the budget: say so when the run took longer")
    parser.add_argument("--at-most", type=float, help="fail when the run took more minutes")
    parser.add_argument("--no-skips", action="store_true", help="fail when a test was skipped")
    options = parser.parse_args()
    suites = list(ET.parse(options.file).getroot().iter("testsuite"))
    cases = [case for suite in suites for case in suite.iter("testcase")]
    took = sum(float(suite.get("time", 0)) for suite in suites)
    for case in sorted(cases, key=lambda case: -float(case.get("time", 0)))[: options.longest]:
        print(f"{float(case.get('time', 0)):7.1f} s  {case.get('classname')}.{case.get('name')}")
    skipped = [f"{case.get('classname')}.{case.get('name')}" for case in cases if case.find("skipped") is not None]
    print(f"{len(cases)} tests, {len(skipped)} skipped, {took / 60:.1f} minutes")
    wrong = []
    if options.minutes and took > 60 * options.minutes:
        print(f"the tests took {took / 60:.1f} minutes; their budget is {options.minutes:g}")
    if options.at_most and took > 60 * options.at_most:
        wrong.append(f"the tests took {took / 60:.1f} minutes, more than {options.at_most:g}")
    if options.no_skips and skipped:
        wrong.append(f"skipped: {', '.join(skipped[:10])}")
    for line in wrong:
        print(f"ci: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
