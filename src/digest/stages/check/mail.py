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

from digest.stages.check.finding import error, info, short, warning
from digest.stages.check.wording import too_long_subject, unfilled, unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from digest.stages.check.finding import Finding
    from digest.stages.check.quoted import Literals

NEEDED = ("from", "to", "date", "message-id", "subject", "mime-version")
ONCE = (*NEEDED, "sender", "reply-to", "cc", "list-id", "list-unsubscribe", "list-unsubscribe-post", "content-type")
ADDRESS = re.compile(r"[^@\s<>,;\"]+@(?:[\w-]+\.)+[\w-]{2,}")
ENCODED = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
LONGEST_LINE = 998  # RFC 5322, 2.1.1
LONGEST_VALUE = 2000  # of a header that is decoded; a hostile one takes Python's parser for ever
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, read once for all rules."""

    data: bytes
    message: Message
    text: str | None  # None when there is no such part
    html: str | None

    def all(self, name: str) -> list[str]:
        return [str(value).replace("\r", "").replace("\n", "").strip() for value in self.message.get_all(name, [])]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def decoded(self, name: str) -> str:
        value = self.one(name)[:LONGEST_VALUE]
        try:
            return str(make_header(decode_header(value)))
        except (LookupError, ValueError):
            return value


def read_mail(data: bytes) -> Mail:
    """The message; the compatible policy, as the default one takes minutes for a hostile header."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    return Mail(data, message, _body(message, "text/plain"), _body(message, "text/html"))


def headers(mail: Mail, literals: Literals) -> Iterator[Finding]:
    yield from _present(mail)
    yield from _addresses(mail)
    yield from _encoding(mail)
    yield from _date_and_id(mail)
    yield from _list(mail)
    yield from _dkim(mail)
    subject = mail.decoded("subject")
    yield from too_long_subject(subject)
    if any(unfilled(subject, "")):
        yield from unfilled(literals.without(subject), "subject")
    for name in ("from", "to", "reply-to", "list-id", "list-unsubscribe", "message-id", "feedback-id"):
        yield from unresolved(mail.decoded(name), name)


def parts(mail: Mail) -> Iterator[Finding]:
    """Text first, HTML second, both alternatives of each other, no 8-bit on the way."""
    if mail.text is None:
        yield error("part", "no text/plain part")
    if mail.html is None:
        yield error("part", "no text/html part")
    walked = list(islice(mail.message.walk(), MOST_PARTS))
    group = next((part for part in walked if part.get_content_type() == "multipart/alternative"), None)
    if group is None:
        if mail.text is not None and mail.html is not None:
            yield error("part", "text and HTML are not alternatives of each other")
    elif [part.get_content_type() for part in islice(group.walk(), 1, 2)] != ["text/plain"]:
        yield error("part", "text/plain must come first")
    for part in walked:
        yield from _part(part)


def _part(part: Message) -> Iterator[Finding]:
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


def _present(mail: Mail) -> Iterator[Finding]:
    for name in NEEDED:
        if not mail.one(name):
            yield error("header", f"{name} is missing")
    for name in ONCE:
        if len(mail.all(name)) > 1:
            yield error("header", f"{name} stands {len(mail.all(name))} times")


def _addresses(mail: Mail) -> Iterator[Finding]:
    for name in ("from", "to", "reply-to", "sender"):
        for _, address in getaddresses([mail.one(name)[:LONGEST_VALUE]] if mail.one(name) else []):
            if not ADDRESS.fullmatch(address):
                yield error("address", f"{name}: {short(address or mail.one(name))!r} is not an address")


def _encoding(mail: Mail) -> Iterator[Finding]:
    head = re.split(rb"\r?\n\r?\n", mail.data, maxsplit=1)[0]
    if not head.isascii():
        yield error("header", "8-bit octets in the header")
    lines = mail.data.split(b"\n")
    if any(len(line.rstrip(b"\r")) > LONGEST_LINE for line in lines):
        yield error("line", f"a line of more than {LONGEST_LINE} octets is cut or refused")
    ended = mail.data.count(b"\r\n")
    if mail.data.count(b"\r") != ended:
        yield error("line", "a bare CR")
    elif ended not in (0, len(lines) - 1):
        yield warning("line", "mixed line ends: a signature breaks")
    for word in ENCODED.findall(head.decode("latin-1")):
        if len(word) > 75:
            yield error("header", f"an encoded word of {len(word)} characters, over 75 (RFC 2047)")


def _date_and_id(mail: Mail) -> Iterator[Finding]:
    if date := mail.one("date"):
        try:
            if parsedate_to_datetime(date).tzinfo is None:
                yield warning("date", f"{short(date)!r} has no zone")
        except ValueError:
            yield error("date", f"{short(date)!r} does not parse")
    identity = mail.one("message-id")
    if identity and not re.fullmatch(r"<[^\s<>@\"]+@[^\s<>@]+>", identity):
        yield error("message-id", f"{short(identity)!r} is not <left@right>")
    elif identity and not re.search(r"@[^.>]+\.[^>]+>$", identity):
        yield warning("message-id", f"{short(identity)}: the right side is not a public domain")


def _list(mail: Mail) -> Iterator[Finding]:
    unsubscribe = mail.one("list-unsubscribe")
    addresses = re.findall(r"<([^<>]+)>", unsubscribe)
    if not any(address.startswith("https://") for address in addresses):
        yield error("list", f"List-Unsubscribe {short(unsubscribe)!r} has no <https:...> address")
    elif not any(address.startswith("mailto:") for address in addresses):
        yield info("list", "List-Unsubscribe has no mailto: beside the https:")
    if mail.one("list-unsubscribe-post").replace(" ", "") != "List-Unsubscribe=One-Click":
        yield error("list", "List-Unsubscribe-Post must be List-Unsubscribe=One-Click (RFC 8058)")
    identity = mail.one("list-id")
    if not re.search(r"<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+>$", identity):
        yield error("list", f"List-Id {short(identity)!r} is not 'phrase <label.domain>' (RFC 2919)")
    if not mail.one("auto-submitted") and not mail.one("precedence"):
        yield info("list", "neither Auto-Submitted nor Precedence: out-of-office replies come back")


def _dkim(mail: Mail) -> Iterator[Finding]:
    signatures = mail.all("dkim-signature")
    if not signatures:
        yield info("dkim", "not signed here; the relay must sign both List-Unsubscribe headers too")
        return
    covered = False
    for signature in signatures:
        tags = dict(tag.split("=", 1) for tag in re.sub(r"\s+", "", signature).split(";") if "=" in tag)
        names = set(tags.get("h", "").lower().split(":"))
        covered = covered or {"from", "list-unsubscribe", "list-unsubscribe-post"} <= names
        if tags.get("a") not in {"rsa-sha256", "ed25519-sha256"}:
            yield error("dkim", f"algorithm {short(tags.get('a', ''))!r} is weak")
        if "l" in tags:
            yield warning("dkim", "l= lets others append text")
    if not covered:
        yield error("dkim", "no signature covers From and both List-Unsubscribe headers (RFC 8058, 4)")


def _body(message: Message, kind: str) -> str | None:
    for part in islice(message.walk(), MOST_PARTS):
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
