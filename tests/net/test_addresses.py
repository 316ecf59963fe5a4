from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SourceError
from digest.net.addresses import allowed_private_places, host_of, is_denied, is_loopback, parse_target, shorten_address

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "192.0.1.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_passes(address: str) -> None:
    assert is_denied(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert not is_denied(address)


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "127.1", "017700000001", "0177.0.0.1", "0", "169.254.43518", "localhost", "127.0.0.1"],
)
def test_every_spelling_is_denied_after_it_was_resolved(host: str) -> None:
    found = socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)
    assert all(is_denied(str(address[0])) for *_, address in found)


def test_an_address_is_taken_apart() -> None:
    place = parse_target("HTTPS://Bücher.example:8443/a b?q=1#part".replace(" ", "%20"))
    assert place.place == "xn--bcher-kva.example:8443"
    assert place.address == "https://xn--bcher-kva.example:8443/a%20b?q=1"
    assert parse_target("http://[::1]").place == "[::1]:80"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "gopher://a.example/",
        "ftp://a.example/",
        "data:text/html,x",
        "javascript:alert(1)",
        "//a.example/x",
        "a.example/x",
        "",
        "http://",
        "http://[::1/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://user:pass@a.example/",
        "http:\\\\a.example\\x",
        "http://a.example/\r\nHost: b.example",
        "http://a.example/ x",
        "http://a.example/" + "x" * 3000,
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(SourceError):
        parse_target(address)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_source_error(text: str) -> None:
    for address in (text, "http://" + text, "http://a.example/" + text):
        assert host_of(address) == "" or parse_target(address).scheme in {"http", "https"}


def test_an_error_shows_no_secret_and_no_control_character() -> None:
    assert (
        shorten_address("http://a.example/\x1b[31m?token=secret") == "http://a.example/\N{REPLACEMENT CHARACTER}[31m…"
    )
    with pytest.raises(SourceError) as caught:
        parse_target("http://user:hunter2@a.example/")
    assert "hunter2" not in str(caught.value)


def test_exceptions_are_the_sources_own_place_or_those_it_lists() -> None:
    assert allowed_private_places("http://127.0.0.1:8080/x", allow_private=True) == {"127.0.0.1:8080"}
    assert allowed_private_places("http://127.0.0.1:8080/x", allow_private=False) == frozenset()
    assert allowed_private_places("http://a.example/", allow_private=("Intranet:80",)) == {"intranet:80"}


def test_this_machine_is_known_by_its_names() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "feed.localhost"))
    assert not is_loopback("10.0.0.1")
