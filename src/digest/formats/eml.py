"""Newsletters and other mails: one draft for each story in them."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, replace
from email.header import decode_header
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.formats.letters import MailPart, NewsletterStory, split_stories
from digest.formats.markup import extract_blocks, parse_html, remove_hidden
from digest.formats.plain import ForwardedHeader, find_forwarded_header, split_plain_stories
from digest.model import Draft
from digest.text.charset import allowed_codec, decode
from digest.text.dates import find_date
from digest.text.normalise import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from email.message import Message

    from digest.model import Raw

MAX_HEADER_CHARACTERS = 2_000  # characters of one header value that are read; longer ones are attacks or accidents
MAX_HEADERS_BYTES = 200_000  # bytes of all headers
FROM_NAME = re.compile(r'^\s*"?([^"<>@]{1,200}?)"?\s*<[^<>]{0,320}>\s*$')
REPLY_PREFIXES = re.compile(r"^(?:(?:fwd?|wg|tr|rv|i|enc|re|aw)\s?:\s*)+", re.IGNORECASE)
ADDRESS_HOST = re.compile(r"@([\w.-]{3,250})")
ENCODED_WORD = re.compile(r"=\?[\w-]{1,40}\?[bBqQ]\?[^?]{0,2000}\?=")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmlFormat:
    """Reads mail messages (RFC 5322): newsletters, single articles, forwarded ones."""

    max_parts: int = 200  # MIME parts that are looked at
    max_depth: int = 20  # levels of parts within parts

    def read(self, raw: Raw) -> Iterator[Draft]:
        """A draft for each story, keys `<key>#1` ...; a mail with one story keeps the mail's own key."""
        if not raw.body.strip():
            raise RejectedError("empty document")
        message = _parse_message(raw.body)
        found, forward = _stories_and_forward(list(self._readable_parts(message)))
        if not found:
            raise RejectedError("no text in the mail")
        base = _base_draft(raw.key, message, forward)
        several = len(found) > 1
        for number, story in enumerate(found, 1):
            yield replace(
                base,
                key=f"{raw.key}#{number}" if several else raw.key,
                lines=story.lines,
                title=story.title or (None if several else base.title),
                url=story.url,
                dropped=story.dropped,
            )

    def _readable_parts(self, message: Message) -> Iterator[MailPart]:
        """The readable parts, outermost first, without attachments."""
        queue: list[tuple[Message, int]] = [(message, 0)]
        for _ in range(self.max_parts):
            if not queue:
                return
            part, depth = queue.pop(0)
            payload = part.get_payload()
            if isinstance(payload, list):
                if depth < self.max_depth:
                    queue = [(child, depth + 1) for child in payload if not isinstance(child, str)] + queue
                continue
            kind = part.get_content_type()
            if kind not in {"text/plain", "text/html"} and not kind.startswith("multipart/"):
                continue
            if "attachment" in str(part.get("Content-Disposition", ""))[:MAX_HEADER_CHARACTERS].lower():
                continue
            yield MailPart(html=kind == "text/html", text=_decode_part(part))


def _parse_message(body: bytes) -> Message:
    head, blank, rest = body.replace(b"\r\n", b"\n").partition(b"\n\n")
    try:
        return email.message_from_bytes(head[:MAX_HEADERS_BYTES] + blank + rest, policy=email.policy.compat32)
    except (RecursionError, ValueError, LookupError) as error:
        raise RejectedError("mail cannot be read: its parts are nested too deeply") from error


def _decode_part(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except (LookupError, ValueError, AttributeError):
        payload, charset = str(part.get_payload()).encode("utf-8", "surrogateescape"), None
    if not isinstance(payload, bytes):
        return ""
    try:
        return decode(payload, charset)
    except RejectedError:
        return ""


def _base_draft(key: str, message: Message, forward: ForwardedHeader | None) -> Draft:
    """What the mail says of all its stories; a forwarded mail speaks for the original's sender."""
    fields = forward.fields if forward else {}
    sender = fields.get("from") or _header_text(message, "From")
    subject = fields.get("subject") or _header_text(message, "Subject")
    original = find_date(fields["date"]) if "date" in fields else None
    return Draft(
        key=key,
        lines=(),
        framed=False,
        publisher=_sender_name(sender),
        published=original.value if original else _sent_date(message),
        title=one_line(REPLY_PREFIXES.sub("", subject)),
    )


def _stories_and_forward(parts: list[MailPart]) -> tuple[tuple[NewsletterStory, ...], ForwardedHeader | None]:
    """The stories of the first HTML part, or of the plain parts where HTML says nothing; a forwarded mail's header."""
    for part in parts:
        if part.html and part.text.strip():
            try:
                root = parse_html(part.text)
            except RejectedError:
                continue
            remove_hidden(root)
            found = extract_blocks(root)
            forward = find_forwarded_header([block.text for block in found])
            told = split_stories(found[forward.start :] if forward else found)
            if told:
                return told, forward
    text = "\n\n".join(part.text for part in parts if not part.html).replace("\r\n", "\n")
    lines = text.split("\n")
    forward = find_forwarded_header(lines)
    return split_plain_stories("\n".join(lines[forward.start :]) if forward else text), forward


def _header_text(message: Message, name: str) -> str:
    """A header's value, decoded; never longer than `MAX_HEADER_CHARACTERS` characters, whatever it decodes to."""
    value = str(message.get(name, ""))[:MAX_HEADER_CHARACTERS]
    if "=?" not in value:
        return value
    pieces = []
    try:
        decoded = decode_header(ENCODED_WORD.sub(lambda match: match[0].replace("\n", ""), value))
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return value
    for text, charset in decoded:
        if isinstance(text, str):
            pieces.append(text)
        else:
            pieces.append(text.decode(allowed_codec(charset) or "latin-1", "replace"))
    return "".join(pieces)[:MAX_HEADER_CHARACTERS]


def _sender_name(value: str) -> str | None:
    name = FROM_NAME.match(value)
    if name and name[1].strip():
        return one_line(name[1].strip().strip("'"), 120)
    host = ADDRESS_HOST.search(value)
    return host[1].lower() if host else None


def _sent_date(message: Message) -> datetime | date | None:
    for value in message.get_all("Date", [])[:3]:
        try:
            return parsedate_to_datetime(str(value)[:200])
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
