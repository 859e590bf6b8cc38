"""What policies say of each action, whatever other policies say: sets of actions, and no names.

Of an action on some resource a policy may say yes or no, always or on a condition that nobody can evaluate here. Kept
is of each action whether it is allowed

* on every resource, always (`every`);
* on resources that are made up, always (`tried`): of names that no policy has, so that only wildcards meet them. What
  is allowed there, and not forbidden, is allowed on something, whatever is forbidden of things with names;
* on some resource of the right type, always (`some`), or perhaps (`most`);

and whether it is denied on every resource, always (`never`), on those made up perhaps (`denied_tried`), or on some
resource perhaps (`denied_some`).
"""

import json
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

from analysis.ingest.aws_iam.reference import reference
from analysis.ingest.observed import Atom


@dataclass(frozen=True, slots=True)
class Says:
    """What a policy says, as sets of actions; `unknown` are atoms of actions that the reference does not have."""

    unknown: frozenset[Atom] = frozenset()
    every: int = 0
    tried: int = 0
    some: int = 0
    most: int = 0
    never: int = 0
    denied_tried: int = 0
    denied_some: int = 0

    @property
    def sets(self) -> tuple[int, ...]:
        """The sets of actions, in their order."""
        return (self.every, self.tried, self.some, self.most, self.never, self.denied_tried, self.denied_some)

    def __or__(self, other: "Says") -> "Says":
        """Both at once, as policies of one identity add up."""
        together = (one | another for one, another in zip(self.sets, other.sets, strict=True))
        return Says(self.unknown | other.unknown, *together)

    def either(self, other: "Says") -> "Says":
        """What is said where one policy is told in two ways, and nobody knows which holds."""
        return replace(
            self | other,
            every=self.every & other.every,
            tried=self.tried & other.tried,
            some=self.some & other.some,
            never=self.never & other.never,
        )

    def packed(self) -> bytes:
        """The same in few bytes."""
        bits = b"".join(each.to_bytes(_size(), "little") for each in self.sets)
        return zlib.compress(bits + json.dumps(sorted(self.unknown)).encode())


@lru_cache(4096)
def unpacked(packed: bytes) -> Says:
    """What was packed."""
    plain = zlib.decompress(packed)
    end = len(Says().sets) * _size()
    sets = (int.from_bytes(plain[at : at + _size()], "little") for at in range(0, end, _size()))
    return Says(frozenset(Atom(*each) for each in json.loads(plain[end:])), *sets)


def anything() -> Says:
    """What a policy may say that cannot be read, or is not there."""
    of = reference()
    return Says(most=of.everything, denied_tried=of.everything, denied_some=of.everything)


def unbounded() -> Says:
    """What a policy says that allows everything, always."""
    everything = reference().everything
    return Says(every=everything, tried=everything, some=everything, most=everything)


def _size() -> int:
    return (len(reference().names) + 7) // 8
