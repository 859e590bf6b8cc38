"""The same content is written in one way, whatever the order of its keys and the spaces between: so it has one hash."""

import hashlib
import json
from typing import Final

import msgspec

_IN_ONE_WAY: Final = msgspec.json.Encoder(order="sorted")


def canonical(value: object) -> bytes:
    """A value of JSON, written in one way.

    Raises:
        RecursionError: it is nested too deeply.
    """
    try:
        return _IN_ONE_WAY.encode(value)
    except UnicodeEncodeError:
        # Half of a surrogate pair, which JSON can name and UTF-8 cannot write.
        return json.dumps(value, sort_keys=True).encode()


def digest(written: bytes) -> bytes:
    """A hash of 16 bytes, for which nobody can find a second content."""
    return hashlib.blake2b(written, digest_size=16).digest()


def number(written: bytes) -> int:
    """A hash of 63 bits."""
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest(), "big") >> 1
