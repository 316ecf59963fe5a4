"""A letter as one reader gets it: the bytes of an RFC 5322 message, written the slow and safe way.

Same letter, envelope, reader and token: the same bytes (the DKIM signature included).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields, replace
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from digest.errors import ConfigError
from digest.mail.address import normalise_address, sender_domain
from digest.mail.header import header_line

if TYPE_CHECKING:
    from digest.model import Letter, Reader

TOKEN_FORM = re.compile(r"[A-Za-z0-9_.~-]{1,200}")  # stands in URLs and addresses without any escaping
HTTPS_ADDRESS = re.compile(
    r"https://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?::\d{1,5})?(?:[/?][!-;=?-~]*)?"
)  # no space, <, >

# RFC 8058 asks for both List-Unsubscribe headers under the signature; dkimpy's default leaves one out.
SIGNED_HEADERS = (
    b"from", b"reply-to", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"list-id", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip
# Read by machines: written as they are. The parent would write a URL of 78 characters and more
# as RFC 2047 words, and no mailbox shows its unsubscribe button then (python/cpython #85725).
VERBATIM_HEADERS = frozenset(
    ("list-id", "list-unsubscribe", "list-unsubscribe-post", "list-archive", "message-id", "references",
     "in-reply-to", "feedback-id")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of our own pages. `{token}` becomes the reader's token, `{issue}` the issue's id."""

    unsubscribe: str | None = None  # https page and one-click address; None: by convention from the sender's domain
    preferences: str | None = None  # None: no such page, no link to it
    archive: str | None = None  # this issue in the browser; None: no such page
    home: str | None = None  # where the masthead leads; None: nowhere
    unsubscribe_email: str | None = None  # for mailboxes without one-click; None: the sender's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """How to sign. Needs the package dkimpy (`pip install dkimpy`)."""

    selector: str  # s=, the name of the TXT record
    key: Path  # private RSA key, PEM, 2048 bits
    domain: str | None = None  # d=; None: the sender's domain, as DMARC wants it


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every message of an edition says about its sender."""

    sender: str  # "Name <address>" of From
    list_name: str  # the phrase of List-Id, usually the edition's title
    list_id: str | None = None  # label.domain of List-Id; None: <edition>.<sender's domain>
    reply_to: str | None = None
    links: Links = Links()
    bounce: str | None = None  # return path; `{token}` names the reader in it; None: the sender's address
    dkim: Dkim | None = None

    @property
    def address(self) -> str:
        """The bare address of the sender."""
        return parseaddr(self.sender)[1]


def letter_message_id(letter: Letter, recipient: str, *, channel: str, domain: str) -> str:
    """`<32 hex digits@domain>`: the same for every attempt, even after the store is lost."""
    edition = letter.issue.rpartition("/")[0]
    return f"<{copy_message_id(edition, letter.slot, normalise_address(recipient), channel, domain)}>"


def is_unsubscribe_conventional(links: Links) -> bool:
    """True when no unsubscribe page is configured, so that the address is only a convention."""
    return links.unsubscribe is None


def link_mistakes(links: Links) -> tuple[str, ...]:
    """What is wrong with configured addresses, each with its key; empty when all is well. Pure."""
    found = []
    for field in fields(links):
        value = getattr(links, field.name)
        if value is None or field.name == "unsubscribe_email":
            continue
        unknown = sorted(set(re.findall(r"\{[^}]*\}?", value)) - {"{token}", "{issue}"})
        if not HTTPS_ADDRESS.fullmatch(value):
            found.append(f"{field.name}: {header_line(value, 60)!r} is not an https address on a public host")
        elif unknown:
            found.append(f"{field.name}: {unknown[0]} is unknown; {{token}} and {{issue}} can be used")
        elif field.name in {"unsubscribe", "preferences"} and "{token}" not in value:
            found.append(f"{field.name}: {{token}} is missing, so the page cannot know the reader")
    return tuple(found)


def unsubscribe_template(links: Links, sender: str) -> str:
    """The unsubscribe address, still with its `{token}`; by convention when none is configured."""
    return links.unsubscribe or f"https://{sender_domain(sender)}/digest/unsubscribe/{{token}}"


def fill_link(template: str, *, token: str, issue: str) -> str:
    """One of the addresses of `Links` for one reader and issue."""
    return template.replace("{token}", token).replace("{issue}", quote(issue, safe="/"))


def return_path(envelope: Envelope, token: str) -> str:
    """The address that bounces go to; it may name the reader by token (VERP)."""
    address = envelope.bounce or envelope.address
    return normalise_address(address.replace("{token}", token))


def personalise_letter(letter: Letter, token: str) -> Letter:
    """The letter with the reader's token in its place in both parts."""
    if not TOKEN_FORM.fullmatch(token):
        raise ValueError(f"not a token: {token!r}")
    html, text = (part.replace(letter.mark, token) for part in (letter.html, letter.text))
    return replace(letter, html=html, text=text)


def write_message(letter: Letter, envelope: Envelope, reader: Reader, *, token: str, channel: str = "smtp") -> bytes:
    """The message for one reader, with CRLF line ends. DeliveryError names an address that cannot be used."""
    own = personalise_letter(letter, token)
    message = EmailMessage(policy=MESSAGE_POLICY)
    for name, value in _header_fields(letter, envelope, reader, token, channel):
        message[name] = value
    message.set_content(own.text, cte="quoted-printable")
    message.add_alternative(own.html, subtype="html", cte="quoted-printable")
    message.set_boundary("=_" + hashlib.sha256(letter.issue.encode() + letter.html.encode()).hexdigest()[:32])
    del message["MIME-Version"]
    message["MIME-Version"] = "1.0"
    data = message.as_bytes(policy=MESSAGE_POLICY)
    if envelope.dkim is None:
        return data
    domain = envelope.dkim.domain or sender_domain(envelope.sender)
    return _sign_message(data, envelope.dkim, domain, int(letter.at.timestamp()))


def recipient_line(reader: Reader) -> bytes:
    """The To header exactly as `write_message` writes it, for those who make many copies of one message."""
    return MESSAGE_POLICY.fold_binary(
        "To", MESSAGE_POLICY.header_factory("To", _sender_address(reader.email, reader.name))
    )


def _header_fields(
    letter: Letter, envelope: Envelope, reader: Reader, token: str, channel: str
) -> list[tuple[str, object]]:
    edition = letter.issue.rpartition("/")[0]
    sender = _sender_address(envelope.sender)
    domain = sender_domain(envelope.sender)
    page = fill_link(unsubscribe_template(envelope.links, envelope.sender), token=token, issue=letter.issue)
    mailbox = envelope.links.unsubscribe_email or sender.addr_spec
    headers: list[tuple[str, object]] = [
        ("From", sender),
        ("To", _sender_address(reader.email, reader.name)),
        ("Subject", header_line(letter.subject)),
        ("Date", format_datetime(letter.at)),
        ("Message-ID", letter_message_id(letter, reader.email, channel=channel, domain=domain)),
        ("List-Id", _list_id_header(envelope, edition, domain)),
        ("List-Unsubscribe", f"<{page}>, <mailto:{mailbox}?subject=unsubscribe%20{token}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("Feedback-ID", f"{_list_id_label(letter.slot)}:{_list_id_label(edition)}:digest:{domain}"),
    ]
    if envelope.reply_to:
        headers.append(("Reply-To", _sender_address(envelope.reply_to)))
    if envelope.links.archive:
        headers.append(("List-Archive", f"<{fill_link(envelope.links.archive, token=token, issue=letter.issue)}>"))
    return headers


def _list_id_header(envelope: Envelope, edition: str, domain: str) -> str:
    # The phrase of List-Id must be ASCII here, because the header is written as it is.
    phrase = header_line(envelope.list_name, 60).encode("ascii", "ignore").decode()
    phrase = " ".join(re.sub(r"[^\w .&'-]", " ", phrase).split())
    return f'"{phrase}" <{envelope.list_id or f"{_list_id_label(edition)}.{domain}"}>'


def _list_id_label(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-") or "digest"


def _sender_address(address: str, name: str | None = None) -> Address:
    printed, bare = parseaddr(address)
    return Address(display_name=header_line(name or printed, 100), addr_spec=normalise_address(bare))


def _sign_message(data: bytes, options: Dkim, domain: str, at: int) -> bytes:
    """The message with a DKIM signature, relaxed/relaxed, dated with the issue's time so that bytes repeat."""
    try:
        import dkim
    except ImportError as error:
        raise ConfigError("dkim: the package dkimpy is missing; `pip install dkimpy`") from error
    signer = _signer_class(dkim.DKIM, at)(data)
    present = {line.split(b":", 1)[0].lower() for line in data.split(b"\r\n\r\n", 1)[0].split(b"\r\n")}
    try:
        signature: bytes = signer.sign(
            options.selector.encode(),
            domain.encode(),
            options.key.read_bytes(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name for name in SIGNED_HEADERS if name in present],
        )
    except (OSError, ValueError, IndexError, dkim.DKIMException) as error:
        raise ConfigError(f"dkim: {options.key}: {error}") from error
    return signature + data


def _signer_class(base: type[Any], at: int) -> type[Any]:
    """Dkimpy's signer, but t= is the issue's time instead of the clock's."""

    class DatedSigner(base):  # type: ignore[misc]
        def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: object, **options: object) -> bytes:
            dated = [(name, b"%d" % at if name == b"t" else value) for name, value in fields]
            header: bytes = super().gen_header(dated, *rest, **options)
            return header

    return DatedSigner


class _ExactPolicy(EmailPolicy):
    """SMTP policy with two cures: machines' headers as they are, and no space lost in people's.

    The parent drops a space where it breaks a long text that is not ASCII, so such words are encoded here.
    """

    def fold(self, name: str, value: str) -> str:
        return self._fold_exactly(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        folded = self._fold_exactly(name, value)
        return folded.encode("ascii") if folded else super().fold_binary(name, value)

    def _fold_exactly(self, name: str, value: str) -> str | None:
        if name.lower() in VERBATIM_HEADERS and value.isascii():
            return f"{name}: {value.replace('>, <', '>,' + self.linesep + ' <')}{self.linesep}"
        if name.lower() == "subject" and not value.isascii():
            return f"{name}: {self._fold_encoded_words(name, value)}{self.linesep}"
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        if len(addresses) == 1 and not addresses[0].display_name.isascii():
            words = self._fold_encoded_words(name, addresses[0].display_name)
            return f"{name}: {words}{self.linesep} <{addresses[0].addr_spec}>{self.linesep}"
        return None

    def _fold_encoded_words(self, name: str, text: str) -> str:
        return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep=self.linesep)


MESSAGE_POLICY = _ExactPolicy(
    linesep="\r\n", max_line_length=78, cte_type="7bit", utf8=False, header_factory=SMTP.header_factory
)


def copy_message_id(edition: str, slot: str, rcpt_norm: str, channel: str, domain: str) -> str:
    """The Message-ID of one reader's copy, without brackets: a pure function, equal after any accident."""
    key = "|".join((edition, slot, rcpt_norm, channel))
    return f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@{domain}"
