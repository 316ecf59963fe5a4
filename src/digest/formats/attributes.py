"""Tags with thousands of attributes: the parser compares each with all before it, so they are cut first."""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 256  # attributes of one tag; pages that people write have a tenth of them

# As the tokenizer of HTML reads them (https://html.spec.whatwg.org/multipage/parsing.html#tokenization). Every
# repetition is possessive and the text is read forward once, so the time is linear whatever is written.
TAG_OPENING = re.compile(r"<!--(?:-?>|(?s:.*?)(?:--!?>|\Z))|<[!?][^>]*+|</?([a-zA-Z][^ \t\n\r\f/>]*+)")
SPACE = r"[ \t\n\r\f]*+"
VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+)"""
ATTRIBUTE = rf"[ \t\n\r\f/]*+[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:{SPACE}={SPACE}{VALUE}?)?+"
ALLOWED_ATTRIBUTES = re.compile(rf"(?:{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+")
SURPLUS_ATTRIBUTES = re.compile(rf"(?:{ATTRIBUTE})*+")
RAW_TEXT_ENDS = {
    name: re.compile(rf"</{name}|\Z", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


def limit_attributes(source: str) -> str:
    """The page with at most `MOST` attributes in each tag; the further ones are left out."""
    kept: list[str] = []
    done = at = 0
    while (found := TAG_OPENING.search(source, at)) is not None:
        at = found.end()
        if found[1] is None:
            continue
        end = ALLOWED_ATTRIBUTES.match(source, at).end()  # type: ignore[union-attr] # it matches nothing at least
        at = SURPLUS_ATTRIBUTES.match(source, end).end()  # type: ignore[union-attr]
        if at > end:
            kept.append(source[done:end])
            done = at
        raw = RAW_TEXT_ENDS.get(found[1].lower())
        if raw is not None and source[found.start() + 1] != "/":
            at = raw.search(source, at).start()  # type: ignore[union-attr]
    return "".join([*kept, source[done:]])
