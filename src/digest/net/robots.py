"""robots.txt, RFC 9309."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

MAX_BYTES = 500_000  # bytes, section 2.5
MAX_RULES = 2_000
MAX_PATTERN_CHARACTERS = 500  # characters


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host asks of one robot."""

    rules: tuple[tuple[str, bool], ...] = ()  # pattern, allowed
    delay: float = 0.0  # seconds between two visits, as asked

    def allows(self, path: str) -> bool:
        """Whether `path` (with query) may be read: the longest pattern decides, a tie is a yes."""
        best, allowed = -1, True
        for pattern, verdict in self.rules:
            if (len(pattern) > best or (len(pattern) == best and verdict)) and _matches_pattern(pattern, unquote(path)):
                best, allowed = len(pattern), verdict
        return allowed


def parse_robots(text: str, agent: str) -> Robots:
    """The rules for `agent` (a product token), else those for everyone."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    open_header = False
    for line in text.lstrip("\ufeff").splitlines():
        field, _, value = (part.strip() for part in line.split("#", 1)[0].partition(":"))
        field = field.lower()
        if field == "user-agent":
            names = [*names, value.lower()] if open_header else [value.lower()]
            open_header = True
            groups.setdefault(names[-1], [])
        elif field in {"allow", "disallow", "crawl-delay"}:
            open_header = False
            for name in names:
                groups[name].append((field, value[:MAX_PATTERN_CHARACTERS]))
    chosen = groups.get(agent.lower(), groups.get("*", []))[:MAX_RULES]
    return Robots(
        rules=tuple((unquote(value), field == "allow") for field, value in chosen if value and field != "crawl-delay"),
        delay=max((_parse_seconds(value) for field, value in chosen if field == "crawl-delay"), default=0.0),
    )


def _matches_pattern(pattern: str, path: str) -> bool:
    """Section 2.2.3: `*` is any run, a final `$` the end. Each piece is taken at its first place: linear."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if anchored and not others:
        return position == len(path)
    for number, piece in enumerate(others):
        if anchored and number == len(others) - 1:
            return path.endswith(piece) and len(path) - len(piece) >= position
        found = path.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def _parse_seconds(value: str) -> float:
    return float(value) if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value) else 0.0
