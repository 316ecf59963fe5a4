"""The fast copy is the slow one, byte for byte, whoever the reader is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.delivery.model import Delivery
from digest.delivery.personalise import LetterCopier, cut_template, freeze_letter, thaw_letter
from digest.errors import DeliveryError
from digest.mail.address import parse_address
from digest.mail.message import Envelope, Links, copy_message_id, write_message
from digest.model import Letter, Reader
from tests.delivery.rows import ENVELOPE, letter, token

HTML = (
    "<p>Zoë = 100 % – «ja» .dot\n.leading\n..two</p>"
    + "<p>word </p>" * 300
    + "<a href='https://x.example/{}'>x</a>" * 5
)
RICH = replace(letter(), html=HTML.replace("{}", letter().mark), subject="The mörning: déjà vu " * 3)
ENVELOPES = (
    ENVELOPE,
    Envelope(
        sender='"Zoë, editor" <digest@bücher.example>',
        list_name="Zoë's list",
        reply_to="desk@news.example",
        bounce="bounce+{token}@news.example",
        links=Links(unsubscribe="https://news.example/u/{token}", archive="https://news.example/{issue}"),
    ),
)
LETTERS = (letter(), RICH)


def row(reader: Reader, one: Letter) -> Delivery:
    where = parse_address(reader.email)
    return Delivery(
        id=1,
        issue_id=1,
        rcpt_norm=where.key,
        rcpt=reader.email,
        name=reader.name,
        language=reader.language,
        message_id=copy_message_id("nato", one.slot, where.envelope, "smtp", "news.example"),
        variant="",
        channel="smtp",
        attempts=0,
        created=1.0,
    )


def slow(one: Letter, envelope: Envelope, reader: Reader) -> bytes:
    return write_message(one, envelope, reader, token=token("nato", reader), channel="smtp")


COPIES = {
    (at, which): LetterCopier(*thaw_letter(freeze_letter(one, envelope)), token)
    for at, one in enumerate(LETTERS)
    for which, envelope in enumerate(ENVELOPES[:1])
}
NAMES = st.one_of(
    st.none(),
    st.text(max_size=300),
    st.sampled_from(
        [
            "Ann Lee",
            "=",
            "=?utf-8?q?x?=",
            "a\r\nBcc: b@x",
            ".",
            "שלום עולם",
            "👩‍👩‍👧",
            "x" * 300,
            '"quoted"',
            "a, b",
            "",
        ]
    ),
)
LOCALS = st.from_regex(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}){0,3}", fullmatch=True
)
DOMAINS = st.sampled_from(["x.example", "people.example", "bücher.example", "a" * 60 + ".example", "日本.example"])


@settings(max_examples=400)
@given(st.sampled_from([0, 1]), NAMES, LOCALS, DOMAINS)
def test_a_fast_copy_is_the_slow_one(which, name, local, domain):
    reader = Reader(email=f"{local}@{domain}", name=name)
    frozen, envelope = thaw_letter(freeze_letter(LETTERS[which], ENVELOPE))
    copies = COPIES[which, 0]
    assert copies._template_for("smtp") is not None
    assert copies(row(reader, frozen)).body == slow(frozen, envelope, reader)


@pytest.mark.parametrize("one", LETTERS)
@pytest.mark.parametrize("envelope", ENVELOPES)
def test_every_letter_has_its_stencil(one, envelope):
    frozen, same = thaw_letter(freeze_letter(one, envelope))
    assert cut_template(frozen, same, "smtp") is not None


def test_what_was_frozen_comes_back(tmp_path):
    for envelope in ENVELOPES:
        frozen, same = thaw_letter(freeze_letter(RICH, envelope))
        assert same == envelope
        assert replace(frozen, html="", text="", mark="") == replace(RICH, html="", text="", mark="")
        assert frozen.html.replace(frozen.mark, RICH.mark) == RICH.html


def test_a_mark_that_the_text_holds_is_avoided():
    one = replace(letter(), text=f"0readertoken{'0' * 20} {letter().mark}")
    frozen, _ = thaw_letter(freeze_letter(one, ENVELOPE))
    assert frozen.mark.startswith("1reader")
    assert frozen.text.startswith("0readertoken")


def test_a_token_of_another_length_takes_the_slow_way():
    copies = LetterCopier(*thaw_letter(freeze_letter(letter(), ENVELOPE)), lambda _edition, _reader: "short")
    body = copies(row(Reader(email="a@x.example"), letter())).body
    assert b"/u/short" in body


def test_the_return_path_names_the_reader_when_it_should():
    copies = LetterCopier(*thaw_letter(freeze_letter(letter(), ENVELOPES[1])), token)
    reader = Reader(email="a@x.example")
    assert copies(row(reader, letter())).sender == f"bounce+{token('nato', reader)}@news.example"


def test_an_impossible_sender_or_reader_is_an_error_of_delivery():
    copies = LetterCopier(*thaw_letter(freeze_letter(letter(), ENVELOPE)), token)
    bad = replace(row(Reader(email="a@x.example"), letter()), rcpt="a@-x-.example")
    with pytest.raises((DeliveryError, ValueError)):
        copies(bad)


def test_the_copy_says_who_and_which(tmp_path):
    reader = Reader(email="a@x.example", name="Ann Lee")
    one = row(reader, letter())
    copy = LetterCopier(*thaw_letter(freeze_letter(letter(), ENVELOPE)), token)(one)
    message = message_from_bytes(copy.body, policy=default)
    assert message["Message-ID"] == f"<{one.message_id}>"
    assert message["To"] == "Ann Lee <a@x.example>"
    assert token("nato", reader) in message["List-Unsubscribe"]
    assert message["Date"].datetime == datetime(2026, 11, 23, 7, tzinfo=UTC)


@given(st.text(max_size=60))
def test_an_address_is_judged_as_the_message_judges_it(text):
    from digest.mail.address import normalise_address

    try:
        mine = parse_address(text).envelope
    except ValueError:
        return
    assert mine == normalise_address(text)


def test_a_message_id_is_a_pure_function():
    key = "nato|2026-11-23|a@x.example|smtp"
    assert (
        copy_message_id("nato", "2026-11-23", "a@x.example", "smtp", "d")
        == f"{sha256(key.encode()).hexdigest()[:32]}@d"
    )
