"""What a call gave: an X.509-SVID known by its serial number, a JWT-SVID, a join token."""

from typing import Final

from analysis.ingest.fields import text
from analysis.ingest.instants import LATEST, SECOND, instant
from analysis.ingest.observed import Issued
from analysis.ingest.spire.calls import WORDS, Line
from analysis.ingest.strict import Record
from sim.audit.rows import UNKNOWN, Binding, CredentialKind, Resolution

_DIGITS: Final = 12


def given(line: Line, time: int) -> Issued | None:
    """What a line that tells of success says was given."""
    what = WORDS.list_of("issues", line.operation) or WORDS.list_of("issues", line.message)
    return None if what is None else _ISSUES[what](line, time)


def _x509(line: Line, time: int) -> Issued:
    serial = text(line.record, "serial_num")
    name = f"X.509-SVID {serial}" if serial else f"X.509-SVID issued in {line.id}"
    return _svid(name, _end(line.record, time), Binding.KEY_EXPORTABLE)


def _jwt(line: Line, time: int) -> Issued:
    return _svid(f"JWT-SVID issued in {line.id}", _end(line.record, time), Binding.AUDIENCE)


def _join_token(line: Line, time: int) -> Issued:
    return Issued(f"join token issued in {line.id}", CredentialKind.SESSION_TOKEN, _end(line.record, time))


_ISSUES: Final = {"x509": _x509, "jwt": _jwt, "join_token": _join_token}


def _svid(name: str, until: int, binding: Binding) -> Issued:
    return Issued(name, CredentialKind.SESSION_TOKEN, until, Resolution.LOOKED_UP, binding=binding)


def _end(record: Record, time: int) -> int:
    """The end that is told, as text or in seconds since 1970; else that of a ttl, of which 0 is the default."""
    for name in ("expiration", "expires_at"):
        said = text(record, name)
        end = None if said is None else _seconds(said) or instant(said)
        if end is not None:
            return min(end, LATEST)
    ttl = _seconds(text(record, "ttl") or "")
    return min(time + ttl, LATEST) if ttl else UNKNOWN


def _seconds(written: str) -> int | None:
    """A whole number of seconds, in microseconds."""
    plain = written[:_DIGITS]
    return int(plain) * SECOND if plain.isascii() and plain.isdigit() and len(written) < _DIGITS else None
