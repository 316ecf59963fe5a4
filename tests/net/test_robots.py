from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.net.robots import parse_robots

TEXT = """
# a comment
User-agent: other
Disallow: /

User-Agent: *
Disallow: /private   # not here
Allow: /private/open
Disallow: /*.pdf$
Disallow: /a*b*c
Crawl-delay: 2

Sitemap: https://a.example/sitemap.xml
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/privately", False),
        ("/private/open/x", True),
        ("/x.pdf", False),
        ("/x.pdf?download=1", True),
        ("/a1b2c3", False),
        ("/a1c", True),
        ("/%70rivate", False),
    ],
)
def test_the_longest_rule_decides(path: str, allowed: bool) -> None:
    assert parse_robots(TEXT, "digest").allows(path) is allowed


def test_a_group_of_our_own_replaces_the_general_one() -> None:
    rules = parse_robots("User-agent: *\nDisallow: /\n\nUser-agent: Digest\nUser-agent: x\nDisallow: /no\n", "digest")
    assert rules.allows("/yes")
    assert not rules.allows("/no")


def test_nothing_forbidden_where_nothing_is_said() -> None:
    assert parse_robots("", "digest").allows("/anything")
    assert parse_robots("Disallow: /\n", "digest").allows("/a rule without a robot")
    assert parse_robots("User-agent: *\nDisallow:\n", "digest").allows("/")


def test_a_pause_is_read() -> None:
    assert parse_robots(TEXT, "digest").delay == 2.0
    assert parse_robots("User-agent: *\nCrawl-delay: soon\n", "digest").delay == 0.0


@given(st.text(alphabet="ab*$/", max_size=30), st.text(alphabet="ab/", max_size=30))
def test_patterns_mean_what_the_standard_says(pattern: str, path: str) -> None:
    import re

    pattern, path = "/" + pattern, "/" + path
    body, end = (pattern[:-1], r"\Z") if pattern.endswith("$") else (pattern, "")
    expected = re.match(".*".join(re.escape(piece) for piece in body.split("*")) + end, path) is None
    assert parse_robots(f"User-agent: *\nDisallow: {pattern}", "digest").allows(path) is expected


def test_a_hostile_file_costs_little() -> None:
    rules = parse_robots("User-agent: *\nDisallow: /" + "*a" * 200 + "$\n" + "Disallow: /x*y\n" * 50_000, "digest")
    assert rules.allows("/" + "a" * 199 + "b")
    assert not rules.allows("/" + "a" * 200)
