"""Hard-wrapped text, as mails and archives carry it, back into one line a paragraph."""

from __future__ import annotations

import itertools

MIN_WRAP_WIDTH = 50  # characters; verse and lists are narrower
MAX_WRAP_WIDTH = 120
MIN_FORCED_SHARE = 0.9  # of the line breaks that must be forced by the width


def unwrap_paragraphs(lines: list[str]) -> list[str]:
    """`lines` with wrapped paragraphs joined; as they are when the breaks are the author's.

    A break is forced when the next word would not have fitted into the widest line. Where nearly all
    breaks inside blocks are forced, a machine made them.
    """
    blocks = _nonblank_blocks(lines)
    width = max((len(line.rstrip()) for line in lines), default=0)
    pairs = [pair for block in blocks for pair in itertools.pairwise(block)]
    if not MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH or len(pairs) < 4:
        return lines
    forced = sum(len(one.rstrip()) + 1 + len((two.split() or [""])[0]) > width for one, two in pairs)
    if forced < MIN_FORCED_SHARE * len(pairs):
        return lines
    joined: list[str] = []
    for block in blocks:
        joined += [" ".join(line.strip() for line in block), ""]
    return joined


def _nonblank_blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
