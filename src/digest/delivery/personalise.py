"""Copies of one letter: written once the slow and safe way, split where readers differ, joined for each reader.

`digest.mail.message.write_message` stays the definition: a template is cut from what it writes and proved against it before
use, byte for byte. Where that fails, or a signature covers the whole, every copy is written the slow way.

A byte join checks nothing, so only three things ever enter it: a token of 32 letters and digits, a Message-ID we
computed, and a To header that is plain or comes from the e-mail library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.delivery.model import OutgoingMessage
from digest.mail.address import parse_address, sender_domain
from digest.mail.message import Dkim, Envelope, Links, letter_message_id, recipient_line, return_path, write_message
from digest.model import Letter, Reader

if TYPE_CHECKING:
    from digest.delivery.model import Delivery
    from digest.delivery.protocols import Copier

Token = Callable[[str, Reader], str]  # edition's key and reader -> the reader's name in links

TOKEN_WIDTH = 32  # characters of a token; the mark is as long, so that quoted-printable breaks lines at the same places
TOKEN_FORM = re.compile(rf"[A-Za-z0-9]{{{TOKEN_WIDTH}}}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
MAX_LINE_CHARACTERS = 76
SAMPLE_READERS = (
    Reader(email="first@sample.example"),
    Reader(email="Second.Reader@second.example", name="Second Reader"),
    Reader(email="third@example.org", name="Zoë, the third"),
)
SAMPLE_TOKENS = ("0123456789abcdef" * 2, "Zz9" * 10 + "aB", "f" * TOKEN_WIDTH)


def freeze_letter(letter: Letter, envelope: Envelope) -> str:
    """All that copies are made from, as text for the store: the same text, the same bytes, at every attempt."""
    mark = _unused_mark(letter)
    fixed = replace(
        letter, html=letter.html.replace(letter.mark, mark), text=letter.text.replace(letter.mark, mark), mark=mark
    )
    frozen = {"letter": {**asdict(fixed), "at": letter.at.isoformat()}, "envelope": asdict(envelope)}
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, default=str)


def thaw_letter(content: str) -> tuple[Letter, Envelope]:
    """What `freeze_letter` froze."""
    frozen = json.loads(content)
    letter = Letter(**{**frozen["letter"], "at": datetime.fromisoformat(frozen["letter"]["at"])})
    envelope = frozen["envelope"]
    dkim = envelope["dkim"]
    if dkim is not None:
        dkim = Dkim(**{**dkim, "key": Path(dkim["key"])})
    return letter, Envelope(**{**envelope, "links": Links(**envelope["links"]), "dkim": dkim})


def copier_factory(token: Token) -> Callable[[str], Copier]:
    """From a frozen letter to its maker of copies."""

    def of(content: str) -> Copier:
        letter, envelope = thaw_letter(content)
        return LetterCopier(letter, envelope, token)

    return of


class LetterCopier:
    """Makes the copies of one letter."""

    def __init__(self, letter: Letter, envelope: Envelope, token: Token) -> None:
        self.letter = letter
        self.envelope = envelope
        self.edition = letter.issue.rpartition("/")[0]
        self._token = token
        self._domain = sender_domain(envelope.sender)
        self._templates: dict[str, MessageTemplate | None] = {}
        self._personal_sender = envelope.bounce is not None and "{token}" in envelope.bounce
        self._sender = return_path(envelope, SAMPLE_TOKENS[0])

    def __call__(self, row: Delivery) -> OutgoingMessage:
        """The message of one delivery; raises DigestError when the address or the letter cannot be written."""
        reader = Reader(email=row.rcpt, name=row.name, language=row.language)
        token = self._token(self.edition, reader)
        sender = return_path(self.envelope, token) if self._personal_sender else self._sender
        template = self._template_for(row.channel)
        if template is None or not TOKEN_FORM.fullmatch(token):
            body = write_message(self.letter, self.envelope, reader, token=token, channel=row.channel)
            recipient, dotted = _envelope_recipient(row.rcpt), True
        else:
            to, recipient = _recipient_header(reader)
            body, dotted = template.fill(to, row.message_id.encode(), token.encode()), template.has_leading_dot
        return OutgoingMessage(
            issue=self.letter.issue,
            message_id=row.message_id,
            sender=sender,
            recipient=recipient,
            body=body,
            dotted=dotted,
        )

    def _template_for(self, channel: str) -> MessageTemplate | None:
        if channel not in self._templates:
            self._templates[channel] = None if self.envelope.dkim else cut_template(self.letter, self.envelope, channel)
        return self._templates[channel]


class MessageTemplate:
    """A written message, taken apart where readers differ."""

    def __init__(self, parts: list[bytes | slice | str]) -> None:
        self._parts = parts
        joined = b"".join(part for part in parts if isinstance(part, bytes))
        self.has_leading_dot = b"\n." in joined or joined.startswith(b".")

    def fill(self, to: bytes, message_id: bytes, token: bytes) -> bytes:
        """The message for one reader. `to` is a whole header line, `message_id` has no brackets."""
        own = {"to": to, "id": message_id}
        return b"".join(
            part if type(part) is bytes else token[part] if type(part) is slice else own[part]  # type: ignore[index]
            for part in self._parts
        )


def cut_template(letter: Letter, envelope: Envelope, channel: str) -> MessageTemplate | None:
    """A template of the letter, proved equal to `write_message` on samples; None when it cannot be had."""
    sample = SAMPLE_READERS[0]
    written = write_message(letter, envelope, sample, token=letter.mark, channel=channel)
    domain = sender_domain(envelope.sender)
    own_id = letter_message_id(letter, sample.email, channel=channel, domain=domain)
    head, gap, body = written.partition(b"\r\n\r\n")
    to = b"\r\n" + recipient_line(sample)
    header = b"\r\n" + head + gap
    if header.count(to) != 1 or header.count(own_id.encode()) != 1 or len(letter.mark) != TOKEN_WIDTH:
        return None
    before, after = header.split(to)
    parts = [
        *_literals_and_token_slots(before + b"\r\n", letter.mark),
        "to",
        *_literals_and_token_slots(after, letter.mark),
        *_literals_and_token_slots(body, letter.mark),
    ]
    template = MessageTemplate(_split_at_message_id(parts, own_id[1:-1].encode()))
    return template if _equals_written_messages(template, letter, envelope, channel) else None


def _literals_and_token_slots(data: bytes, mark: str) -> list[bytes | slice | str]:
    """Literal bytes and slices of the token: quoted-printable may break a mark over two lines."""
    soft = re.compile(rb"(?:=\r\n)?".join(re.escape(c.encode()) for c in mark))
    parts: list[bytes | slice | str] = []
    end = 0
    for found in soft.finditer(data):
        parts.append(data[end : found.start()])
        first = found[0].partition(b"=\r\n")[0]
        if len(first) == len(mark):
            parts.append(slice(0, len(mark)))
        else:
            parts += [slice(0, len(first)), b"=\r\n", slice(len(first), len(mark))]
        end = found.end()
    return [*parts, data[end:]]


def _split_at_message_id(parts: list[bytes | slice | str], own_id: bytes) -> list[bytes | slice | str]:
    made: list[bytes | slice | str] = []
    for part in parts:
        if isinstance(part, bytes) and own_id in part:
            before, after = part.split(own_id)
            made += [before, "id", after]
        else:
            made.append(part)
    if isinstance(made[0], bytes):
        made[0] = made[0].removeprefix(b"\r\n")
    return made


def _equals_written_messages(template: MessageTemplate, letter: Letter, envelope: Envelope, channel: str) -> bool:
    domain = sender_domain(envelope.sender)
    for reader, token in zip(SAMPLE_READERS, SAMPLE_TOKENS, strict=True):
        own_id = letter_message_id(letter, reader.email, channel=channel, domain=domain)[1:-1]
        fast = template.fill(_recipient_header(reader)[0], own_id.encode(), token.encode())
        if fast != write_message(letter, envelope, reader, token=token, channel=channel):
            return False
    return True


def _recipient_header(reader: Reader) -> tuple[bytes, str]:
    """The To header line and the envelope's recipient."""
    recipient = _envelope_recipient(reader.email)
    name = reader.name or ""
    line = f"To: {name} <{recipient}>\r\n" if name else f"To: {recipient}\r\n"
    plain = (not name or (PLAIN_NAME.fullmatch(name) and len(name) <= 60)) and len(line) <= MAX_LINE_CHARACTERS
    return (line.encode("ascii") if plain else recipient_line(reader)), recipient


def _envelope_recipient(text: str) -> str:
    """The address as RCPT TO has it. It was accepted when the issue was published."""
    return parse_address(text).envelope


def _unused_mark(letter: Letter) -> str:
    """A word as long as a token that the letter does not hold."""
    number = 0
    while (mark := f"{number}readertoken".ljust(TOKEN_WIDTH, "0")) in letter.html or mark in letter.text:
        number += 1
    return mark
