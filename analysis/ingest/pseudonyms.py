"""Whoever may not keep names keeps pseudonyms: keyed hashes, made before anything is put down.

What is replaced: whom and what a log names (principals, roles, credentials, sessions, tasks, actions, approvals,
resources, events), in which place a group of resources lies, where requests came from and with what, errors,
arguments, the paths of files, and in the reason of a reject whatever may have been copied from the record. What
stays: times, operations, kinds of groups and access levels, on which declared weights hang. Measures are the same,
because they hang on no name.

HMAC-SHA-256 (RFC 2104), of which 80 bits are kept. Without the key a pseudonym can neither be undone nor be guessed at;
the key is read, and never written.
"""

import hmac
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from analysis.ingest.listed import ANYBODY, Listed
from analysis.ingest.observed import WITHIN, Observed, Resource
from analysis.ingest.source import IngestError
from sim.audit.rows import UNKNOWN

# NIST SP 800-107 rev. 1, 5.3.2: a key as long as what the hash gives is enough, and a shorter one is not.
_SHORTEST: Final = 32
# A device never ends.
_LONGEST: Final = 1 << 20
# Bits of `Told.beside` that are a hash.
HASHED: Final = 48
_KEPT: Final = 20  # hexadecimal digits, 80 bits
_TEXTS: Final = (
    "id", "session", "task", "parent_task", "action", "approval", "origin", "user_agent", "request_id", "invoked_by",
    "error",
)  # fmt: skip
# A task is called the same where it is above another one.
_ABOVE: Final = {"parent_task": "task"}
# What has a name, and of which kind that is.
_KINDS: Final = {
    "principal": "principal", "target": "principal", "credential": "credential", "issued": "credential",
    "resource": "resource",
}  # fmt: skip
# Names of what is listed are of the same kinds.
_LISTED: Final = {
    "policy": "policy", "identity": "principal", "credential": "credential", "trust": "principal", "taken": "principal",
    "part": "principal",
}  # fmt: skip
# Of paths: others may be names.
_ENDINGS: Final = frozenset((".json", ".jsonl", ".ndjson", ".log", ".csv", ".tsv", ".parquet", ".gz", ".txt"))
# In a reason: what stands in quotes, and what is no plain word.
_COPIED: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S*[^\sA-Za-z.,:;()]\S*")


@dataclass(frozen=True)
class Pseudonyms:
    """Pseudonyms under one key, and where that lies, if it is in a file."""

    key: bytes
    lies: Path | None = None

    @classmethod
    def of(cls, path: Path) -> "Pseudonyms":
        """Those of the key that is a file's content.

        Raises:
            IngestError: it cannot be read, or is shorter than such a key must be.
        """
        try:
            with path.open("rb") as stream:
                key = stream.read(_LONGEST + 1)
        except OSError as error:
            raise IngestError(f"{path}: {error.strerror}; name a file that holds a key") from error
        if len(key) < _SHORTEST:
            raise IngestError(
                f"{path}: a key of {len(key)} bytes can be guessed; make one with `head -c {_SHORTEST} /dev/urandom`"
            )
        if len(key) > _LONGEST:
            raise IngestError(f"{path}: more than {_LONGEST:,} bytes, and no key: name a file that holds one")
        return cls(key, path)

    def is_key(self, path: Path) -> bool:
        """Whether a file is the key itself, which is no export, and of which nothing is kept."""
        return self.lies is not None and os.path.realpath(path) == os.path.realpath(self.lies)

    @property
    def fingerprint(self) -> str:
        """Tells keys apart without telling anything of them."""
        return self._hash("fingerprint", "")

    def name(self, kind: str, text: str) -> str:
        """The pseudonym of a name; the same name of another kind has another."""
        return f"{kind}-{self._hash(kind, text)}"

    def path(self, text: str) -> str:
        """The pseudonym of a path, with its ending."""
        return self.name("file", text) + (suffix if (suffix := Path(text).suffix) in _ENDINGS else "")

    def reason(self, text: str) -> str:
        """A reason without whatever may be copied from a record."""
        return _COPIED.sub(lambda found: f"[{self._hash('reason', found[0])}]", text)

    def event(self, event: Observed) -> Observed:
        """The same event in pseudonyms."""
        new: dict[str, Any] = {"args": self._number(event.args)}
        new |= {
            name: self.name(_ABOVE.get(name, name), text)
            for name in _TEXTS
            if (text := getattr(event, name)) is not None
        }
        new |= {
            name: self._part(kind, part) for name, kind in _KINDS.items() if (part := getattr(event, name)) is not None
        }
        if event.atom is not None:
            new["atom"] = event.atom._replace(group=self._group(event.atom.group))
        return replace(event, **new)

    def listed(self, one: Listed) -> Listed:
        """The same entry of a list in pseudonyms."""
        kind = _LISTED[one.what]
        return replace(
            one,
            name=self.name(kind, one.name),
            account=None if one.account is None else self.name("account", one.account),
            policies=tuple(self.name("policy", each) for each in one.policies),
            groups=tuple(self.name("principal", each) for each in one.groups),
            within=None if one.within is None else self.name("policy", one.within),
            holder=one.holder if one.holder in (None, ANYBODY) else self.name("principal", one.holder),
        )

    def digest(self, digest: bytes) -> bytes:
        """A hash of the same record that only the owner of the key can make."""
        return hmac.digest(self.key, digest, "sha256")[: len(digest)]

    def beside(self, told: int) -> int:
        """How much is told beside a record, which stays, and a hash of it, which becomes a keyed one."""
        return told if told == UNKNOWN else told >> HASHED << HASHED | self._number(told) & ((1 << HASHED) - 1)

    def _part(self, kind: str, part: Any) -> object:  # noqa: ANN401 - whatever has a name
        more = {
            field: self.name(kind, other)
            for field in ("role", "parent")
            if (other := getattr(part, field, None)) is not None
        }
        if isinstance(part, Resource):
            more["group"] = self._group(part.group)
        return replace(part, name=self.name(kind, part.name), **more)

    def _group(self, group: str) -> str:
        """The same kind of group; the place that it lies in is a name."""
        kind, within, place = group.partition(WITHIN)
        return kind + within + (self.name("place", place) if within else "")

    def _number(self, number: int) -> int:
        return number if number == UNKNOWN else int(self._hash("args", str(number))[:16], 16) >> 1

    def _hash(self, kind: str, text: str) -> str:
        return hmac.digest(self.key, f"{kind}\0{text}".encode(), "sha256").hex()[:_KEPT]
