"""What an identity may do by all policies that bear on it: something for certain, something perhaps.

A deny wins over whatever allows. A permissions boundary allows nothing; what it does not allow is not allowed. What
hangs on a condition counts for what is possible where it allows, and against what is certain where it denies. An
action is held where it may be done to anything at all.

Source: IAM User Guide, "Policy evaluation logic" and "Permissions boundaries for IAM entities".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from analysis.ingest.aws_iam.reference import reference
from analysis.ingest.aws_iam.says import Says, unbounded
from analysis.ingest.observed import Atom


@dataclass(frozen=True, slots=True)
class Effective:
    """Sets of actions: held for certain, and at most; `unknown` are atoms beside these, held at most.

    `everywhere` are those that certainly may be done to every resource, `denied` those that perhaps may not to some.
    """

    certain: int
    most: int
    unknown: frozenset[Atom]
    everywhere: int
    denied: int

    def either(self, other: "Effective") -> "Effective":
        """What is held where one of both is, and nobody knows which."""
        return Effective(
            certain=self.certain & other.certain,
            most=self.most | other.most,
            unknown=self.unknown | other.unknown,
            everywhere=self.everywhere & other.everywhere,
            denied=self.denied | other.denied,
        )

    @property
    def atoms(self) -> dict[Atom, bool]:
        """The atoms held at most, and whether for certain."""
        return {**dict.fromkeys(self.unknown, False), **_atoms(self.certain, self.most)}


def effective(policies: Iterable[Says], boundary: Says | None = None) -> Effective:
    """What policies of an identity allow, within its boundary, if it has one."""
    given, within = reduce(or_, policies, Says()), boundary or unbounded()
    denies = given | within
    tried = given.tried & within.tried & ~denies.denied_tried
    some = (given.some & within.every | given.every & within.some) & ~denies.denied_some
    nothing = denies.never == reference().everything
    return Effective(
        certain=tried | some,
        most=given.most & within.most & ~denies.never,
        unknown=frozenset() if nothing else given.unknown,
        everywhere=given.every & within.every & ~denies.denied_some,
        denied=denies.denied_some,
    )


@lru_cache(4096)
def _atoms(certain: int, most: int) -> dict[Atom, bool]:
    return {atom: enough and certain & mask != 0 for atom, mask, enough in reference().atoms if most & mask}
