"""The resources that a statement names decide which of its actions it says anything of.

An action is done to resources of its own types: what is said of buckets says nothing of keys. Actions that take no
resource are named by `*` alone, and perhaps by whatever is of their service.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from analysis.ingest.aws_iam.reference import Type, met, reference, typeless_beside
from analysis.ingest.aws_iam.wildcards import depends, loosened


@dataclass(frozen=True, slots=True)
class Named:
    """Sets of actions, by what of the resources that they can be done to is named.

    `every`: all of these. `some`: something for certain, and `most`: something perhaps. Of what is made up for an
    action, `tried`: all that it takes, and `tried_in_part`: something perhaps.
    """

    every: int = 0
    tried: int = 0
    some: int = 0
    most: int = 0
    tried_in_part: int = 0


def named(patterns: Sequence[str]) -> Named:
    """What a list of patterns names."""
    return _named(frozenset(patterns))


def but(patterns: Sequence[str]) -> Named:
    """What is named by all that a list of patterns does not name."""
    return _but(frozenset(patterns))


@lru_cache(4096)
def _named(patterns: frozenset[str]) -> Named:
    if any(loosened(each) == "*" for each in patterns):
        # A variable that stands alone may be anything, but is one thing.
        everything = reference().everything
        always = everything if any(set(each) == {"*"} for each in patterns) else 0
        return Named(always, always, always, everything, everything)
    perhaps, fixed = [met(loosened(each)) for each in patterns], [met(each) for each in patterns if not depends(each)]
    beside = reduce(or_, (typeless_beside(loosened(each)) for each in patterns), 0)
    partly, tried = _together(each.partly for each in fixed), _together(each.witness for each in fixed)
    return Named(
        tried=_bits(tried, "tried") & ~_bits(_others(tried), "tried"),
        some=_bits(partly, "takes") & ~_bits(_others(partly), "needs"),
        most=_bits(_together(each.perhaps for each in perhaps), "takes") | beside,
        tried_in_part=_bits(_together(each.in_account for each in perhaps), "tried") | beside,
    )


@lru_cache(4096)
def _but(patterns: frozenset[str]) -> Named:
    everything = reference().everything
    if any(set(each) == {"*"} for each in patterns):
        return Named()
    perhaps, fixed = [met(loosened(each)) for each in patterns], [met(each) for each in patterns if not depends(each)]
    certainly = _together(each.witness for each in fixed)
    tried = everything & ~reference().typeless & ~_bits(_together(each.in_account for each in perhaps), "tried")
    return Named(
        every=everything & ~_bits(_together(each.perhaps for each in perhaps), "takes") & ~reference().typeless,
        tried=tried,
        some=tried,
        most=everything,
        tried_in_part=everything & ~(_bits(certainly, "tried") & ~_bits(_others(certainly), "tried")),
    )


def _together(types: Iterable[frozenset[Type]]) -> frozenset[Type]:
    return frozenset().union(*types)


def _others(types: Collection[Type]) -> list[Type]:
    """Those that the same actions may take: all other types of the same services."""
    owned = reference().owned
    return [each for owner in {each.owner for each in types} for each in owned[owner] if each not in types]


def _bits(types: Iterable[Type], name: str) -> int:
    return reduce(or_, (getattr(each, name) for each in types), 0)
