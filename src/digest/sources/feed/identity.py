"""Which entry is which: its key, its place, and whether its text is still the same."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from digest.sources.feed.sanitise import UNSEEN_CHARACTERS, plain_text

if TYPE_CHECKING:
    from digest.sources.feed.entry import Entry

MAX_KEY_CHARACTERS = 300  # characters of a key
MARKUP_TAG = re.compile(r"<[^<>]*>")
# Parameters that say how a reader came, not what is read.
TRACKING_PARAMETER = re.compile(
    r"(?:utm_\w+|at_\w+|fbclid|gclid|mc_[ce]id|cmpid?|ref|source|rss|xtor)\Z", re.IGNORECASE
)


def key_of(entry: Entry) -> str:
    """The stable identity of an entry: its id, else its link, else its title and day."""
    key = UNSEEN_CHARACTERS.sub(" ", entry.id or entry.link or "").strip()
    if not key:
        what = (entry.title or plain_text(entry.content) or "", str(entry.published or ""))
        key = "text:" + _short_hash("\n".join(what))
    return key if len(key) <= MAX_KEY_CHARACTERS else f"{key[: MAX_KEY_CHARACTERS - 20]} {_short_hash(key)}"


def comparable_link(link: str | None) -> str:
    """A link reduced to what it shows: equal for http and https, with and without trackers; empty without a link."""
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return _short_hash(link)
    query = parts.query
    if query:
        query = urlencode([(name, value) for name, value in parse_qsl(query) if not TRACKING_PARAMETER.match(name)])
    host = parts.netloc.lower().removeprefix("www.")
    return _short_hash(f"{host}{parts.path.rstrip('/')}?{query}")


def entry_fingerprint(entry: Entry) -> str:
    """Changes when title or text change; markup and white space do not count."""
    return _short_hash(f"{entry.title}\n{' '.join(MARKUP_TAG.sub(' ', entry.content).split())}")


def _short_hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
