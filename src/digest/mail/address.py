"""E-mail addresses: which can be written to, and the form in which two are compared."""

from __future__ import annotations

import re
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple

from digest.errors import DeliveryError
from digest.mail.header import header_line

MAX_ADDRESS_CHARACTERS = 254  # RFC 5321 4.5.3.1.3: a path of 256 with its brackets
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"(?=.{{1,64}}\Z){ATEXT}(?:\.{ATEXT})*")  # RFC 5322 dot-atom; quoted ones: nobody has any
NO_ADDRESS = "is not an address"
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DOMAIN_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")


class ReaderAddress(NamedTuple):
    """A reader's address in the two forms delivery needs."""

    envelope: str  # for RCPT TO: local part as given, domain in lower case ASCII
    key: str  # for comparing: all in lower case


def parse_address(text: str) -> ReaderAddress:
    """The address in `text`; raises ValueError saying what is wrong with it, never repeating it."""
    text = text.strip(" \t")
    local, at, domain = text.rpartition("@")
    if not at or len(text) > MAX_ADDRESS_CHARACTERS or not LOCAL_PART.fullmatch(local):
        raise ValueError(_address_fault(text))
    written = f"{local}@{_ascii_domain(domain)}"
    return ReaderAddress(written, written.lower())


def _address_fault(text: str) -> str:
    if CONTROL_CHARACTER.search(text):
        return "holds a control character"
    if len(text) > MAX_ADDRESS_CHARACTERS:
        return f"is too long: {len(text)} characters"
    return "holds a comma" if "," in text else NO_ADDRESS


@lru_cache(maxsize=4096)
def _ascii_domain(text: str) -> str:
    if CONTROL_CHARACTER.search(text):
        raise ValueError("holds a control character")
    try:
        plain = text.rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("has a domain that cannot exist") from error
    if not all(DOMAIN_LABEL.fullmatch(label) for label in plain.split(".")) or len(plain) > 253:
        raise ValueError("has a domain that cannot exist")
    return plain


def normalise_address(address: str) -> str:
    """The address as it is written to: the domain in lower case ASCII, the local part as given; DeliveryError for none."""
    try:
        return parse_address(address.strip()).envelope
    except ValueError as error:
        why = "" if str(error) == NO_ADDRESS else f" (it {error})"
        raise DeliveryError(f"{header_line(address, 80)!r} is not an address that can be written to{why}") from error


def sender_domain(sender: str) -> str:
    """The domain of a From line."""
    return normalise_address(parseaddr(sender)[1]).rpartition("@")[2]
