"""Which addresses on the network a newsletter may ask, and how an address of a page is spelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from digest.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Special-purpose networks (RFC 6890 and IANA's registries), every translation that could reach them, and addresses
# where clouds keep their machines' secrets. `ipaddress.is_global` lets a third of these pass.
DENIED_NETWORKS = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32
    ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16
    3fff::/20 fc00::/7 fe80::/10 fec0::/10 ff00::/8
    """.split()
DEFAULT_PORTS = {"http": 80, "https": 443}
UNSPELLABLE_CHARACTER = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff\u2028\u2029]")
MAX_ADDRESS_CHARACTERS = 2000  # characters of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An http(s) address taken apart; the host is as the resolver wants it, in ASCII."""

    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def place(self) -> str:
        """`host:port`, as an exception for a private host names it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.place}"

    @property
    def address(self) -> str:
        return self.origin + self.path


def parse_target(address: str) -> Target:
    """Take an address apart; raises SourceError for every scheme but http and https, and for what is ambiguous."""
    from urllib3.exceptions import LocationValueError
    from urllib3.util import parse_url

    shown = shorten_address(address)
    if UNSPELLABLE_CHARACTER.search(address) or len(address) > MAX_ADDRESS_CHARACTERS:
        raise SourceError(f"not an address: {shown}")
    try:
        parts = parse_url(address)
    except (LocationValueError, ValueError) as error:
        raise SourceError(f"not an address: {shown}") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise SourceError(f"only http and https are read, not {shown}")
    if parts.auth is not None:
        raise SourceError(f"an address with a user name in it is not followed: {parts.scheme}://{parts.host}")
    if not parts.host:
        raise SourceError(f"an address without a host: {shown}")
    port = parts.port if parts.port is not None else DEFAULT_PORTS[parts.scheme]
    if not 0 < port < 65536:
        raise SourceError(f"not an address: {shown}")
    return Target(
        scheme=parts.scheme, host=parts.host.strip("[]").rstrip(".").lower(), port=port, path=parts.request_uri
    )


def host_of(address: str) -> str:
    """The host of an address; empty when it is none."""
    try:
        return parse_target(address).host
    except SourceError:
        return ""


def allowed_private_places(url: str, *, allow_private: bool | Sequence[str]) -> frozenset[str]:
    """The private `host:port` that a source may ask: those it lists, or with `true` the one of its own address."""
    if isinstance(allow_private, bool):
        return frozenset({parse_target(url).place}) if allow_private else frozenset()
    return frozenset(place.lower() for place in allow_private)


def is_denied(address: str) -> bool:
    """Whether a numeric address belongs to no public host."""
    ip = ip_address(address.split("%", 1)[0])
    return any(ip in network for network in _denied_networks() if network.version == ip.version)


def is_loopback(host: str) -> bool:
    """Whether `host`, as written in an address, is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def shorten_address(text: str, limit: int = 120) -> str:
    """An address fit for a message: printable, short, without what follows the question mark."""
    bare = text.split("?", 1)[0]
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in bare[:limit])
    return shown + ("…" if len(text) > len(shown) else "")


@cache
def _denied_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network) for network in DENIED_NETWORKS)
