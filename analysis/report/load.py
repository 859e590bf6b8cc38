"""How much of what agents and approvers could do is asked of them, and what is left: then results tell the window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.report.findings import Amount, Findings
from analysis.report.numerals import Reading, reading

_FULL: Final = 100.0
# Percent of tasks: by so much models may differ in work done and still be ranked.
_SOME: Final = 1.0


@dataclass(frozen=True)
class Pool:
    """How much of a pool's capacity is asked for, under each model."""

    name: str
    amounts: tuple[Amount, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """As percent, model by model."""
        return tuple(reading(amount.estimate) for amount in self.amounts)

    @property
    def overloaded(self) -> bool:
        """Whether all of its capacity or more is asked for under some model."""
        return any(amount.estimate.mean >= _FULL for amount in self.amounts)

    @property
    def most(self) -> tuple[int, str] | None:
        """Under which model most is asked of it, and how much; None where nothing is, or nothing known."""
        known = [
            (amount.estimate.mean, number) for number, amount in enumerate(self.amounts) if amount.estimate.mean > 0
        ]
        if not known:
            return None
        _, number = max(known, key=lambda each: (each[0], -each[1]))
        return number, self.readings[number].value


def pools(found: Findings) -> tuple[Pool, ...]:
    """Every pool that was measured."""
    named = {pool: found.amounts("offered_load", pool) for pool in ("agents", "approvers")}
    return tuple(Pool(name, amounts) for name, amounts in named.items() if amounts)


def unfinished(found: Findings) -> Pool | None:
    """The share of tasks that were followed and not done by the window's end, under each model, if it was measured."""
    amounts = found.amounts("work_done", "unfinished")
    return Pool("unfinished", amounts) if amounts else None


def remains(left: Pool | None, names: Sequence[str]) -> str:
    """That work is left at the window's end, in a sentence; empty where next to none is."""
    if left is None or left.most is None:
        return ""
    number, share = left.most
    if left.amounts[number].estimate.mean < _SOME:
        return ""
    return (
        f"Unfinished at the window's end: up to {share} % of tasks ({names[number]}); what they will hold is not "
        "in the figures, and a longer window may change them."
    )


def busy(asked: Sequence[Pool], names: Sequence[str]) -> str:
    """How busy agents and approvers are at most, in a sentence; empty where nothing was measured."""
    parts = list(_busy(asked, names))
    if not parts:
        return ""
    beyond = "; at 100 % or more the result depends on the horizon, how long the window is" if _full(asked) else ""
    return f"Load, of capacity: {', '.join(parts)}{beyond}."


def _busy(asked: Sequence[Pool], names: Sequence[str]) -> Iterator[str]:
    for pool in asked:
        if pool.most is not None:
            number, share = pool.most
            most = f"at most {share} % ({names[number]})" if len(set(pool.readings)) > 1 else f"{share} %"
            yield f"{pool.name} {most}"


def _full(asked: Sequence[Pool]) -> bool:
    return any(pool.overloaded for pool in asked)
