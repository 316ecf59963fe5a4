"""An RSA key pair for tests, made from a seed: no private key lies in the repository."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class KeyPair:
    private: str  # PKCS#1, PEM
    record: bytes  # the DKIM TXT record


def key_pair(seed: int = 1, bits: int = 1024) -> KeyPair:
    chance = random.Random(seed)
    e = 65537
    p, q = _prime(chance, bits // 2, e), _prime(chance, bits // 2, e)
    n, phi = p * q, (p - 1) * (q - 1)
    d = pow(e, -1, phi)
    numbers = (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    private = _der(0x30, b"".join(map(_integer, numbers)))
    public = _der(0x30, _integer(n) + _integer(e))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")  # rsaEncryption, NULL
    described = _der(0x30, algorithm + _der(0x03, b"\x00" + public))
    body = base64.encodebytes(private).decode()
    return KeyPair(
        private=f"-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n",
        record=b"v=DKIM1; k=rsa; p=" + base64.b64encode(described),
    )


def _prime(chance: random.Random, bits: int, e: int) -> int:
    while True:
        candidate = chance.getrandbits(bits) | (3 << (bits - 2)) | 1
        if (
            candidate % e != 1
            and all(candidate % small for small in (3, 5, 7, 11, 13))
            and _is_prime(candidate, chance)
        ):
            return candidate


def _is_prime(candidate: int, chance: random.Random) -> bool:
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(20):
        x = pow(chance.randrange(2, candidate - 1), odd, candidate)
        if x in (1, candidate - 1):
            continue
        if not any((x := x * x % candidate) == candidate - 1 for _ in range(twos - 1)):
            return False
    return True


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, body: bytes) -> bytes:
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + body
