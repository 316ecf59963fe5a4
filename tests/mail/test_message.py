"""The bytes one reader gets."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import TYPE_CHECKING

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import ConfigError, DeliveryError
from digest.mail.address import normalise_address
from digest.mail.header import header_line
from digest.mail.message import (
    Dkim,
    Envelope,
    Links,
    is_unsubscribe_conventional,
    letter_message_id,
    link_mistakes,
    personalise_letter,
    return_path,
    write_message,
)
from digest.model import Letter, Reader
from tests.keys import KeyPair, key_pair

if TYPE_CHECKING:
    from pathlib import Path

LETTER = Letter(
    issue="harbour/2026-11-20",
    slot="2026-11-20",
    at=datetime(2026, 11, 20, 6, tzinfo=UTC),
    subject="Breakwater to be rebuilt – and two more themes",
    preheader="Nine to four.",
    html="<!DOCTYPE html>\n<p>Größe 10 €.</p>\n.\n<a href='https://example.org/u/0reader0token0'>Unsubscribe</a>",
    text="Größe 10 €.\n.\nUnsubscribe: https://example.org/u/0reader0token0\n",
)
ENVELOPE = Envelope(
    sender="Hafen-Übersicht <digest@example.org>",
    list_name="The Harbour Digest",
    links=Links(unsubscribe="https://example.org/u/{token}"),
)
READER = Reader(email="ann@example.net", name="Ann Ö. Lind")


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def header(data: bytes, name: str) -> str:
    return str(email.message_from_bytes(data, policy=email.policy.compat32)[name]).replace("\r\n", "")


def decoded(data: bytes, name: str) -> str:
    # The default policy puts spaces between adjacent encoded words of a name (it should not); this one is right.
    return str(make_header(decode_header(header(data, name)))).replace("\\", "")


def test_the_same_letter_and_reader_give_the_same_bytes() -> None:
    assert write_message(LETTER, ENVELOPE, READER, token="t1") == write_message(LETTER, ENVELOPE, READER, token="t1")


def test_both_parts_come_back_as_they_were_with_the_token_in_place() -> None:
    message = parsed(write_message(LETTER, ENVELOPE, READER, token="t1"))
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == LETTER.text.replace(LETTER.mark, "t1")
    assert html.get_content().replace("\r\n", "\n") == LETTER.html.replace(LETTER.mark, "t1") + "\n"
    assert message.get_content_type() == "multipart/alternative"
    assert {part["Content-Transfer-Encoding"] for part in (text, html)} == {"quoted-printable"}


def test_line_ends_are_crlf_and_lines_are_short() -> None:
    data = write_message(LETTER, ENVELOPE, READER, token="t" * 200)
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.isascii()


def test_one_click_unsubscribe_is_written_as_it_is_whatever_its_length() -> None:
    token = "k" * 200
    data = write_message(LETTER, ENVELOPE, READER, token=token)
    wanted = f"<https://example.org/u/{token}>, <mailto:digest@example.org?subject=unsubscribe%20{token}>"
    assert header(data, "List-Unsubscribe").replace(">,<", ">, <") == wanted
    assert header(data, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


def test_a_long_subject_is_folded_into_legal_words() -> None:
    long = replace(LETTER, subject="Überschwemmung, Öl und größere Häfen: " * 4)
    data = write_message(long, ENVELOPE, READER, token="t")
    assert max(map(len, data.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 200
    assert parsed(data)["Subject"] == header_line(long.subject)
    assert all(len(word) <= 75 for word in header(data, "Subject").split() if word.startswith("=?"))


def test_all_headers_of_a_list_message_are_there() -> None:
    message = parsed(write_message(LETTER, ENVELOPE, READER, token="t"))
    assert message["From"] == "Hafen-Übersicht <digest@example.org>"
    assert message["To"].addresses[0].addr_spec == "ann@example.net"
    assert message["Date"].datetime == LETTER.at
    assert message["List-Id"] == '"The Harbour Digest" <harbour.example.org>'
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["MIME-Version"] == "1.0"
    assert str(message["Feedback-ID"]).count(":") == 3


def test_the_message_id_is_the_same_for_every_attempt_and_differs_between_readers() -> None:
    one = letter_message_id(LETTER, "Ann@Example.NET", channel="smtp", domain="example.org")
    assert one == letter_message_id(LETTER, "Ann@example.net", channel="smtp", domain="example.org")
    assert one != letter_message_id(LETTER, "bob@example.net", channel="smtp", domain="example.org")
    assert one != letter_message_id(LETTER, "Ann@example.net", channel="folder", domain="example.org")
    assert len(one) == len("<@example.org>") + 32


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_no_text_breaks_a_header(text: str) -> None:
    line = header_line(text)
    assert len(line) <= 200
    assert not set(line) & set("\r\n\x00\u202e\u2028")
    assert "=?" not in line


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\\"), max_size=120))
def test_any_name_and_subject_come_back_in_a_whole_message(name: str) -> None:
    letter = replace(LETTER, subject=name)
    data = write_message(letter, ENVELOPE, Reader(email="ann@example.net", name=name), token="t")
    message = parsed(data)
    assert decoded(data, "Subject") == header_line(name)
    assert header_line(name, 100) in decoded(data, "To")
    assert message["To"].addresses[0].addr_spec == "ann@example.net"
    assert message["Bcc"] is None
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "@example.net", "a b@example.net", "ann@exa mple.net", "a\r\nb@c.d"]
)
def test_an_address_that_cannot_be_written_to_is_named(address: str) -> None:
    with pytest.raises(DeliveryError, match="is not an address"):
        write_message(LETTER, ENVELOPE, Reader(email=address), token="t")


def test_the_domain_of_an_address_is_a_key() -> None:
    assert normalise_address(" Ann@BÜCHER.example ") == "Ann@xn--bcher-kva.example"


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "é", "x" * 201])
def test_a_token_stands_in_addresses_without_escaping(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        personalise_letter(LETTER, token)


def test_a_bounce_names_its_reader() -> None:
    envelope = replace(ENVELOPE, bounce="bounce+{token}@example.org")
    assert return_path(envelope, "t1") == "bounce+t1@example.org"
    assert return_path(ENVELOPE, "t1") == "digest@example.org"


def test_the_convention_for_unsubscribing_can_be_told() -> None:
    assert is_unsubscribe_conventional(Links())
    assert not is_unsubscribe_conventional(ENVELOPE.links)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Envelope, KeyPair]:
    keys = key_pair()
    path = tmp_path_factory.mktemp("keys") / "dkim.pem"
    path.write_text(keys.private)
    return replace(ENVELOPE, dkim=Dkim(domain="example.org", selector="news", key=path)), keys


def test_a_signature_verifies_and_covers_both_unsubscribe_headers(signed: tuple[Envelope, KeyPair]) -> None:
    envelope, keys = signed
    data = write_message(LETTER, envelope, READER, token="t")
    assert dkim.verify(data, dnsfunc=lambda *_, **__: keys.record)
    names = header(data, "DKIM-Signature").partition("h=")[2].partition(";")[0].replace(" ", "").split(":")
    assert {"from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"} <= set(names)
    assert not dkim.verify(data.replace(b"One-Click", b"Two-Click"), dnsfunc=lambda *_, **__: keys.record)


def test_a_signature_is_the_same_every_time(signed: tuple[Envelope, KeyPair]) -> None:
    envelope, _ = signed
    assert write_message(LETTER, envelope, READER, token="t") == write_message(LETTER, envelope, READER, token="t")
    assert f"t={int(LETTER.at.timestamp())};" in header(
        write_message(LETTER, envelope, READER, token="t"), "DKIM-Signature"
    )


def test_a_missing_or_broken_key_is_named(tmp_path: Path) -> None:
    for name, text in (
        ("none.pem", None),
        ("broken.pem", "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n"),
    ):
        path = tmp_path / name
        if text:
            path.write_text(text)
        envelope = replace(ENVELOPE, dkim=Dkim(domain="example.org", selector="news", key=path))
        with pytest.raises(ConfigError, match=name):
            write_message(LETTER, envelope, READER, token="t")


def test_archive_and_reply_address_stand_in_headers_when_configured() -> None:
    links = replace(ENVELOPE.links, archive="https://example.org/archive/{issue}")
    message = parsed(
        write_message(LETTER, replace(ENVELOPE, links=links, reply_to="ed@example.org"), READER, token="t")
    )
    assert message["List-Archive"] == "<https://example.org/archive/harbour/2026-11-20>"
    assert message["Reply-To"] == "ed@example.org"


def test_a_signature_takes_the_domain_of_the_sender_when_none_is_given(signed: tuple[Envelope, KeyPair]) -> None:
    envelope, keys = signed
    assert envelope.dkim is not None
    bare = replace(envelope, dkim=replace(envelope.dkim, domain=None))
    data = write_message(LETTER, bare, READER, token="t")
    assert "d=example.org;" in header(data, "DKIM-Signature")
    assert dkim.verify(data, dnsfunc=lambda *_, **__: keys.record)


@pytest.mark.parametrize(
    ("links", "wrong"),
    [
        (Links(unsubscribe="https://example.org/u/{token}", archive="https://example.org/{issue}"), None),
        (Links(unsubscribe="https://example.org/u"), "unsubscribe: {token} is missing"),
        (Links(unsubscribe="http://example.org/{token}"), "unsubscribe: 'http://example.org/{token}' is not an https"),
        (Links(archive="https://localhost/{issue}"), "archive: 'https://localhost/{issue}' is not an https"),
        (Links(home="https://example.org/a b"), "home: 'https://example.org/a b' is not"),
        (Links(archive="https://example.org/{slot}"), "archive: {slot} is unknown"),
    ],
)
def test_a_wrong_address_template_is_named(links: Links, wrong: str | None) -> None:
    found = link_mistakes(links)
    assert len(found) == (wrong is not None)
    assert not wrong or found[0].startswith(wrong)
