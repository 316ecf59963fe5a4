"""Rules over links and pictures."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.stages.check.css import xpath_texts
from digest.stages.check.document import visible_text
from digest.stages.check.finding import error, info, shorten, warning
from digest.stages.check.wording import TEMPLATE_MARK, UNSUBSCRIBE_WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from digest.stages.check.document import HtmlPart
    from digest.stages.check.finding import Finding

SCRIPT_SCHEME = re.compile(r"(?:java|vb)script:|data:", re.IGNORECASE)
WEB_SCHEME = re.compile(r"https?://", re.IGNORECASE)
SHORTENER_HOSTS = frozenset(("bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly"))
GENERIC_LINK_TEXTS = frozenset(("click here", "here", "read more", "more", "link", "this link", "learn more", "click"))
NAMED_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
MAX_URL_CHARACTERS = 2000


def check_links(document: HtmlPart) -> Iterator[Finding]:
    """Every link leads somewhere public, says where, and one of them unsubscribes."""
    unsubscribes = False
    for anchor in document.tree.iter("a"):
        href, name = anchor.get("href"), link_name(anchor)
        if href is None:
            if not anchor.get("id") and not anchor.get("name"):
                yield error("link", f"{shorten(name)!r} has no address")
            continue
        unsubscribes = unsubscribes or bool(UNSUBSCRIBE_WORD.search(f"{name} {href}"))
        if not name:
            yield error("link", f"{shorten(href)} has no text")
        yield from _check_href(href.strip(), name, document)
    if not unsubscribes:
        yield error("unsubscribe", "the HTML part has no unsubscribe link")


def web_links(document: HtmlPart) -> list[str]:
    """The http(s) addresses, in order."""
    addresses = (anchor.get("href") or "" for anchor in document.tree.iter("a"))
    return [address.strip() for address in addresses if WEB_SCHEME.match(address.strip())]


def check_pictures(document: HtmlPart) -> Iterator[Finding]:
    """Every picture has a text, a public address and a width."""
    for picture in document.tree.iter("img"):
        source = (picture.get("src") or "").strip()
        alt = picture.get("alt")
        if alt is None:
            yield error("alt", f"picture {shorten(source, 50)!r} has no alt text")
        elif re.search(r"\.(?:png|jpe?g|gif|webp|svg)$", alt.strip(), re.IGNORECASE):
            yield warning("alt", f"picture {shorten(source, 50)!r}: its alt text {shorten(alt, 40)!r} is a file name")
        if not source.startswith(("https://", "cid:")):
            yield error("picture", f"{shorten(source, 50)!r} is not an https address: no client loads it")
        if not (picture.get("width") or "").isdigit():
            yield warning("picture", f"{shorten(source, 50)!r} has no width in pixels: Outlook shows its natural size")


def link_name(anchor: _Element) -> str:
    """What a screen reader says for a link."""
    text = visible_text("".join(str(text) for text in anchor.itertext()))
    return (
        text or " ".join(picture.get("alt") or "" for picture in anchor.iter("img")) or anchor.get("aria-label") or ""
    )


def _check_href(href: str, name: str, document: HtmlPart) -> Iterator[Finding]:
    if href in {"", "#"}:
        yield error("link", f"{shorten(name)!r} leads nowhere")
    elif href.startswith("#"):
        if href[1:] not in {*xpath_texts(document.tree, "//@id"), *xpath_texts(document.tree, "//a/@name")}:
            yield error("link", f"{shorten(href)} has no target in this page")
    elif SCRIPT_SCHEME.match(re.sub(r"[\x00-\x20]", "", href)):
        yield error("script", f"link {shorten(href, 30)!r}")
    elif href.startswith(("mailto:", "tel:")):
        return
    elif not WEB_SCHEME.match(href):
        yield error("link", f"{shorten(href)} is relative or of an unknown scheme")
    else:
        yield from _check_web_link(href, name, document)


def _check_web_link(href: str, name: str, document: HtmlPart) -> Iterator[Finding]:
    if TEMPLATE_MARK.search(document.literals.blank_out(href) if TEMPLATE_MARK.search(href) else href) or re.search(
        r"(?:^|[/=])(?:None|nan|undefined)(?:$|[/&?#])", href
    ):
        yield error("mark", f"link {shorten(href)} was not filled in")
        return
    try:
        host = urlsplit(href).hostname or ""
    except ValueError:
        host = ""
    if not _is_public_host(host):
        yield error("link", f"{shorten(href)} has no public host")
        return
    if re.search(r"\s", href):
        yield error("link", f"{shorten(href)!r} has white space in it")
    if href.lower().startswith("http://"):
        yield info("link", f"{shorten(href)} is not https")
    if host in SHORTENER_HOSTS:
        yield warning("link", f"{host} is a shortener: filters distrust it")
    if len(href) > MAX_URL_CHARACTERS:
        yield warning("link", f"{shorten(href)} has {len(href)} characters")
    yield from _check_link_text(host, name, href)


def _check_link_text(host: str, name: str, href: str) -> Iterator[Finding]:
    named = NAMED_HOST.fullmatch(name)
    if named and named[1].lower().removeprefix("www.").split(".")[-2:] != host.lower().split(".")[-2:]:
        yield error("deceptive", f"the text says {shorten(name)} and the link goes to {host}")
    if name.lower().strip(" .»›→") in GENERIC_LINK_TEXTS:
        yield warning("link", f"{shorten(name)!r} for {shorten(href)} says nothing out of context")


def _is_public_host(host: str) -> bool:
    if "." not in host and ":" not in host:
        return False
    if host.endswith((".localhost", ".local", ".internal", ".lan")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True
