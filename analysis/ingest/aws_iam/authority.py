"""What each identity of a snapshot holds, and which role it may become: all that bears on it, taken together.

A policy that an identity has and that the snapshot does not hold may say anything, and so does one that cannot be read.
Where the same name is told in several ways, because there are snapshots of several times, certain is what all of them
say, and possible what any of them says.
"""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from analysis.ingest.aws_iam.effective import Effective, effective
from analysis.ingest.aws_iam.reference import matching
from analysis.ingest.aws_iam.says import Says, anything, unbounded, unpacked
from analysis.ingest.listed import ANYBODY, Holding, Listed, Reach
from sim.audit.ids import PrincipalKind

_BECOME: Final = "sts:AssumeRole"


@dataclass(frozen=True)
class Account:
    """The identities and policies of a snapshot, by name."""

    identities: Mapping[str, Sequence[Listed]]
    policies: Mapping[str, Says]

    def holdings(self) -> dict[str, Effective]:
        """What each identity but a group holds; a group holds nothing, its members do."""
        return {
            name: reduce(Effective.either, map(self._effective, told))
            for name, told in self.identities.items()
            if told[0].kind is not PrincipalKind.GROUP
        }

    def _effective(self, identity: Listed) -> Effective:
        if identity.kind is PrincipalKind.SHARED_ACCOUNT:
            # No policy of an identity bears on the root of an account.
            return effective([unbounded()])
        given = [*map(self._said, identity.policies), *map(self._of_group, identity.groups)]
        return effective(given, None if identity.within is None else self._said(identity.within))

    def _of_group(self, name: str) -> Says:
        told = self.identities.get(name)
        if told is None:
            return anything()
        variants = [reduce(or_, map(self._said, each.policies), Says()) for each in told]
        return reduce(Says.either, variants)

    def _said(self, policy: str) -> Says:
        return self.policies.get(policy) or anything()


def authority(listed: Sequence[Listed]) -> tuple[list[Holding], list[Reach]]:
    """What identities hold, and whom they may become."""
    account = _account(listed)
    held = account.holdings()
    trusts = [each for each in listed if each.what == "trust"]
    reached: dict[tuple[str, str], bool] = defaultdict(bool)
    for each in trusts:
        for name, certain in _admitted(each, account, held):
            if name != each.name:
                reached[name, each.name] |= certain
    return (
        [Holding(name, each.atoms) for name, each in sorted(held.items())],
        [Reach(name, other, certain) for (name, other), certain in sorted(reached.items())],
    )


def _account(listed: Sequence[Listed]) -> Account:
    identities, policies = defaultdict(list), defaultdict(list)
    for each in sorted(set(listed), key=lambda each: (each.what, each.name, repr(each))):
        if each.what == "identity":
            identities[each.name].append(each)
        if each.what == "policy" and each.says is not None:
            policies[each.name].append(unpacked(b64decode(each.says)))
    return Account(identities, {name: reduce(Says.either, told) for name, told in policies.items()})


def _admitted(trust: Listed, account: Account, held: Mapping[str, Effective]) -> Iterator[tuple[str, bool]]:
    """Who may become a role: the identity that it trusts, or those of a trusted account whose own policies allow it."""
    become = matching(_BECOME)
    if trust.holder is None:
        return
    if trust.holder != ANYBODY and not _is_account(trust):
        yield trust.holder, trust.certain and _unhindered(trust, account, held)
        return
    for name, may in held.items():
        if account.identities[name][0].kind is PrincipalKind.SHARED_ACCOUNT:
            continue
        near = any(each.account == trust.account for each in account.identities[name])
        if may.most & become and (near or trust.holder == ANYBODY):
            yield name, bool(trust.certain and may.everywhere & become)


def _is_account(trust: Listed) -> bool:
    return trust.kind is PrincipalKind.SHARED_ACCOUNT


def _unhindered(trust: Listed, account: Account, held: Mapping[str, Effective]) -> bool:
    """Whether nothing may keep somebody from a role that names it: no policy of its own, and it has one to be seen."""
    may = held.get(trust.holder or "")
    if may is None:
        return trust.account is None
    within = any(each.within is not None for each in account.identities[trust.holder or ""])
    return not within and not may.denied & matching(_BECOME)
