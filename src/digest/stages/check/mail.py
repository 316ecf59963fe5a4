"""Rules over the message: headers, list headers, DKIM, MIME."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING

from digest.stages.check.finding import error, info, shorten, warning
from digest.stages.check.wording import check_placeholders, check_subject, check_unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from digest.stages.check.finding import Finding
    from digest.stages.check.quoted import SourceTexts

REQUIRED_HEADERS = ("from", "to", "date", "message-id", "subject", "mime-version")
SINGLE_HEADERS = (
    *REQUIRED_HEADERS,
    "sender",
    "reply-to",
    "cc",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "content-type",
)
ADDRESS = re.compile(r"[^@\s<>,;\"]+@(?:[\w-]+\.)+[\w-]{2,}")
ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
MAX_LINE_OCTETS = 998  # RFC 5322, 2.1.1
MAX_HEADER_CHARACTERS = 2000  # of a header that is decoded; a hostile one takes Python's parser for ever
MAX_PARTS = 200


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A message, read once for all rules."""

    data: bytes
    message: Message
    text: str | None  # None when there is no such part
    html: str | None

    def header_values(self, name: str) -> list[str]:
        return [str(value).replace("\r", "").replace("\n", "").strip() for value in self.message.get_all(name, [])]

    def header_value(self, name: str) -> str:
        return next(iter(self.header_values(name)), "")

    def decoded_header(self, name: str) -> str:
        value = self.header_value(name)[:MAX_HEADER_CHARACTERS]
        try:
            return str(make_header(decode_header(value)))
        except (LookupError, ValueError):
            return value


def read_mail(data: bytes) -> ParsedMail:
    """The message; the compatible policy, as the default one takes minutes for a hostile header."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    return ParsedMail(data, message, _part_text(message, "text/plain"), _part_text(message, "text/html"))


def check_headers(mail: ParsedMail, literals: SourceTexts) -> Iterator[Finding]:
    yield from _check_required_headers(mail)
    yield from _check_addresses(mail)
    yield from _check_encoding(mail)
    yield from _check_date_and_id(mail)
    yield from _check_list_headers(mail)
    yield from _check_dkim(mail)
    subject = mail.decoded_header("subject")
    yield from check_subject(subject)
    if any(check_unfinished(subject, "")):
        yield from check_unfinished(literals.blank_out(subject), "subject")
    for name in ("from", "to", "reply-to", "list-id", "list-unsubscribe", "message-id", "feedback-id"):
        yield from check_placeholders(mail.decoded_header(name), name)


def check_mime_parts(mail: ParsedMail) -> Iterator[Finding]:
    """Text first, HTML second, both alternatives of each other, no 8-bit on the way."""
    if mail.text is None:
        yield error("part", "no text/plain part")
    if mail.html is None:
        yield error("part", "no text/html part")
    walked = list(islice(mail.message.walk(), MAX_PARTS))
    group = next((part for part in walked if part.get_content_type() == "multipart/alternative"), None)
    if group is None:
        if mail.text is not None and mail.html is not None:
            yield error("part", "text and HTML are not alternatives of each other")
    elif [part.get_content_type() for part in islice(group.walk(), 1, 2)] != ["text/plain"]:
        yield error("part", "text/plain must come first")
    for part in walked:
        yield from _check_mime_part(part)


def _check_mime_part(part: Message) -> Iterator[Finding]:
    kind = part.get_content_type()
    for defect in part.defects:
        yield error("mime", f"{kind}: {type(defect).__name__}")
    if part.is_multipart() or part.get_content_maintype() != "text":
        return
    transfer = str(part.get("Content-Transfer-Encoding", "7bit")).lower()
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    if transfer == "8bit":
        yield info("encoding", f"{kind}: 8bit needs a willing relay; quoted-printable does not")
    elif transfer == "7bit" and not body.isascii():
        yield error("encoding", f"{kind}: 8-bit octets declared as 7bit")
    try:
        body.decode(part.get_content_charset() or "ascii")
    except (LookupError, UnicodeDecodeError):
        yield error("charset", f"{kind}: does not decode as {part.get_content_charset() or 'ascii'}")


def _check_required_headers(mail: ParsedMail) -> Iterator[Finding]:
    for name in REQUIRED_HEADERS:
        if not mail.header_value(name):
            yield error("header", f"{name} is missing")
    for name in SINGLE_HEADERS:
        if len(mail.header_values(name)) > 1:
            yield error("header", f"{name} stands {len(mail.header_values(name))} times")


def _check_addresses(mail: ParsedMail) -> Iterator[Finding]:
    for name in ("from", "to", "reply-to", "sender"):
        for _, address in getaddresses(
            [mail.header_value(name)[:MAX_HEADER_CHARACTERS]] if mail.header_value(name) else []
        ):
            if not ADDRESS.fullmatch(address):
                yield error("address", f"{name}: {shorten(address or mail.header_value(name))!r} is not an address")


def _check_encoding(mail: ParsedMail) -> Iterator[Finding]:
    head = re.split(rb"\r?\n\r?\n", mail.data, maxsplit=1)[0]
    if not head.isascii():
        yield error("header", "8-bit octets in the header")
    lines = mail.data.split(b"\n")
    if any(len(line.rstrip(b"\r")) > MAX_LINE_OCTETS for line in lines):
        yield error("line", f"a line of more than {MAX_LINE_OCTETS} octets is cut or refused")
    ended = mail.data.count(b"\r\n")
    if mail.data.count(b"\r") != ended:
        yield error("line", "a bare CR")
    elif ended not in (0, len(lines) - 1):
        yield warning("line", "mixed line ends: a signature breaks")
    for word in ENCODED_WORD.findall(head.decode("latin-1")):
        if len(word) > 75:
            yield error("header", f"an encoded word of {len(word)} characters, over 75 (RFC 2047)")


def _check_date_and_id(mail: ParsedMail) -> Iterator[Finding]:
    if date := mail.header_value("date"):
        try:
            if parsedate_to_datetime(date).tzinfo is None:
                yield warning("date", f"{shorten(date)!r} has no zone")
        except ValueError:
            yield error("date", f"{shorten(date)!r} does not parse")
    identity = mail.header_value("message-id")
    if identity and not re.fullmatch(r"<[^\s<>@\"]+@[^\s<>@]+>", identity):
        yield error("message-id", f"{shorten(identity)!r} is not <left@right>")
    elif identity and not re.search(r"@[^.>]+\.[^>]+>$", identity):
        yield warning("message-id", f"{shorten(identity)}: the right side is not a public domain")


def _check_list_headers(mail: ParsedMail) -> Iterator[Finding]:
    unsubscribe = mail.header_value("list-unsubscribe")
    addresses = re.findall(r"<([^<>]+)>", unsubscribe)
    if not any(address.startswith("https://") for address in addresses):
        yield error("list", f"List-Unsubscribe {shorten(unsubscribe)!r} has no <https:...> address")
    elif not any(address.startswith("mailto:") for address in addresses):
        yield info("list", "List-Unsubscribe has no mailto: beside the https:")
    if mail.header_value("list-unsubscribe-post").replace(" ", "") != "List-Unsubscribe=One-Click":
        yield error("list", "List-Unsubscribe-Post must be List-Unsubscribe=One-Click (RFC 8058)")
    identity = mail.header_value("list-id")
    if not re.search(r"<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+>$", identity):
        yield error("list", f"List-Id {shorten(identity)!r} is not 'phrase <label.domain>' (RFC 2919)")
    if not mail.header_value("auto-submitted") and not mail.header_value("precedence"):
        yield info("list", "neither Auto-Submitted nor Precedence: out-of-office replies come back")


def _check_dkim(mail: ParsedMail) -> Iterator[Finding]:
    signatures = mail.header_values("dkim-signature")
    if not signatures:
        yield info("dkim", "not signed here; the relay must sign both List-Unsubscribe headers too")
        return
    covered = False
    for signature in signatures:
        tags = dict(tag.split("=", 1) for tag in re.sub(r"\s+", "", signature).split(";") if "=" in tag)
        names = set(tags.get("h", "").lower().split(":"))
        covered = covered or {"from", "list-unsubscribe", "list-unsubscribe-post"} <= names
        if tags.get("a") not in {"rsa-sha256", "ed25519-sha256"}:
            yield error("dkim", f"algorithm {shorten(tags.get('a', ''))!r} is weak")
        if "l" in tags:
            yield warning("dkim", "l= lets others append text")
    if not covered:
        yield error("dkim", "no signature covers From and both List-Unsubscribe headers (RFC 8058, 4)")


def _part_text(message: Message, kind: str) -> str | None:
    for part in islice(message.walk(), MAX_PARTS):
        if (
            part.get_content_type() == kind
            and not part.is_multipart()
            and part.get_content_disposition() != "attachment"
        ):
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            try:
                return body.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
            except LookupError:
                return body.decode("utf-8", "replace").replace("\r\n", "\n")
    return None
