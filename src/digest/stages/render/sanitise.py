"""Text and addresses from sources, made harmless for a page. What is escaped is the template's matter."""

from __future__ import annotations

import ipaddress
import re
from html import unescape
from urllib.parse import quote, urlsplit

UNPRINTABLE_CHARACTERS = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\t\n"),
        *range(0x7F, 0xA0),  # C1: one of them clips a mail at Gmail
        *range(0xD800, 0xE000),  # lone surrogates
        *range(0x202A, 0x202F),  # direction overrides: they reverse what follows
        *range(0x2066, 0x206A),
        0xFEFF,
        0xFFFE,
        0xFFFF,
    )
)
# Takes no room, so a reader sees the text without it.
INVISIBLE_CHARACTERS = dict.fromkeys(
    (0x200B, 0x200C, 0x200D, 0x034F, 0xFEFF, 0x00AD, 0xA0, 0x2060, *range(0x2000, 0x200B)), " "
)
MAX_URL_CHARACTERS = 2000  # more is tracking, and filters distrust it
PRINTABLE_URL = "!#$%&()*+,-./:;=?@_~"  # stay as they are; quotes, brackets and spaces are encoded
PUBLIC_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*[a-z0-9]")
# What a careless publisher's template leaves in an address; it leads nowhere.
UNFILLED_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|%7B%7B|%%\w+%%|[/=](?:None|nan|undefined)(?:[/&?#]|$)|\d+reader\d*token|qzx*\d{5}z", re.IGNORECASE
)
HTML_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,7}|mdash|rsquo);")  # a careless feed escapes addresses twice
# Most addresses are as they should be: lower-case host with a name at its end, nothing to encode, not long.
PLAIN_ADDRESS = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:[/?][A-Za-z0-9!#$%&*+,./:;=?@_~-]{0,900})?")
DOMAIN = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
GENERIC_LINK_TEXTS = frozenset(("click here", "here", "read more", "more", "link", "this link", "learn more", "click"))
LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan")


def clean_line(text: str) -> str:
    """`text` in one line, without controls and direction overrides."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.translate(UNPRINTABLE_CHARACTERS).split())


def cut_text(text: str, longest: int) -> str:
    """`text`, or its beginning with an ellipsis, never longer than `longest` characters."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    space = head.rfind(" ", longest // 2)
    return (head[:space] if space > 0 else head).rstrip(" ,;:–-") + "…"


def safe_link(url: str | None) -> str | None:
    """An http(s) address on a public host, encoded so that no client can misread it; None for all others."""
    url = HTML_ENTITY.sub(lambda found: unescape(found[0]), url) if url and "&" in url else url
    if not url or UNFILLED_PLACEHOLDER.search(url) or HTML_ENTITY.search(url):
        return None
    if PLAIN_ADDRESS.fullmatch(url) and not url.split("/", 3)[2].endswith(LOCAL_SUFFIXES):
        return url
    bare = "".join(url.translate(UNPRINTABLE_CHARACTERS).split())
    try:
        parts = urlsplit(bare)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or not _is_public_host(host):
        return None
    rest = quote(bare.split("://", 1)[1][len(parts.netloc) :], safe=PRINTABLE_URL)
    address = f"{parts.scheme.lower()}://{host}{port}{rest}"
    return address if len(address) <= MAX_URL_CHARACTERS else None


def host_of(url: str | None) -> str | None:
    """The host of an address that `safe_link` let through, without www."""
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None


def is_misleading_link(text: str, url: str | None) -> bool:
    """True when a link's text names another domain than it leads to, or nothing at all ("here")."""
    if not url:
        return False
    text = " ".join(text.translate(INVISIBLE_CHARACTERS).split())
    named = DOMAIN.fullmatch(text)
    if not named:
        return text.lower().strip(" .»›→") in GENERIC_LINK_TEXTS
    return named[1].lower().removeprefix("www.").split(".")[-2:] != (host_of(url) or "").split(".")[-2:]


def _is_public_host(host: str) -> bool:
    if host.endswith(LOCAL_SUFFIXES):
        return False
    try:
        return ipaddress.ip_address(host).is_global and ":" not in host
    except ValueError:
        return bool(PUBLIC_HOST.fullmatch(host))
