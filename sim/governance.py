"""An organisation over years: its people and agents, and what it does about the identities that these leave behind.

The same knobs say how identities were governed in the past (a scenario's `past`) and how they are from the take-over on
(a control model's `governance`).
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from sim.calendar import DAY
from sim.declaration import CENTURY_S, Never, Number, Share, Sourced, Whole

_CENTURY_DAYS = CENTURY_S // 86_400


def _are_days(value: object) -> object:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if value != "never" and not (known and 1 <= value <= _CENTURY_DAYS):  # type: ignore[operator]
        msg = f'days, 1 to {_CENTURY_DAYS:,}, or "never"'
        raise ValueError(msg)
    return value


Rate = Annotated[Number, Field(ge=0, le=24)]
Minutes = Annotated[Number, Field(ge=0, le=1_000_000)]
Days = Annotated[Number, Field(gt=0, le=_CENTURY_DAYS)]
Cadence = Annotated[Number | Never, BeforeValidator(_are_days)]


class People(Sourced):
    """The humans of the teams, while they come and go.

    There is one for so many identities that are not human: agents and their keys. A seat falls vacant when its holder
    leaves, or moves to a seat of another team that is vacant, and is filled again after days of an exponential law.
    """

    identities_per_human: Annotated[Number, Field(ge=0.01, le=1_000_000)]
    leave_per_year: Rate
    move_per_year: Rate
    vacancy_days: Days


class Lifecycle(Sourced):
    """Agents come and go, and what they hold grows, over `years` before the first day.

    The fleet has its size at the end and grew by `growth_per_year` (of the logarithm) until then. Each agent has
    `keys` static keys where it has any, and is given further permissions at a Poisson rate.
    """

    years: Annotated[Number, Field(ge=0, le=100)]
    abandoned_per_year: Rate
    growth_per_year: Rate
    keys: Annotated[Whole, Field(ge=1, le=1000)]
    grants_per_month: Annotated[Number, Field(ge=0, le=100)]


class Debt(Sourced):
    """Declared minutes that it takes to put one open item right, by its cause."""

    unowned: Minutes
    shadow: Minutes
    never_needed: Minutes
    excess_grant: Minutes
    outlived_task: Minutes
    outlived_agent: Minutes
    overdue_rotation: Minutes
    shared_secret: Minutes
    renewed_unevaluated: Minutes
    unreviewed: Minutes


class Governance(Sourced):
    """What is done about identities, and how well.

    Reviews: each listed identity every `review_days`, by whoever answers for it; `review_skipped` of them miss their
    deadline, and nobody reviews what nobody answers for. The reviewer keeps each grant with the chance
    `reviewer_approval` without looking; of the rest, whatever was added to the role goes, used or not, and so does an
    identity whose agent was abandoned. Rotation: each key of a listed agent at work is replaced `rotation_days` after
    it was made; `rotation_failure` of these fail, and are due again as many days later; the old key lives on for
    `rotation_overlap_days`. Where nothing is rotated, keys are replaced as seldom as the stock says. Offboarding:
    what share of abandoned agents is removed by a process, after days of a lognormal law; all other keys go when
    somebody notices them. Re-owning: mean days, exponential, until somebody takes on what has lost its owner.
    Inventory: the share of agents that is listed at all; the others are *shadow agents*, and no process reaches them.
    """

    review_days: Cadence
    review_skipped: Share
    reviewer_approval: Share
    rotation_days: Cadence
    rotation_failure: Share
    rotation_overlap_days: Annotated[Number, Field(ge=0, le=_CENTURY_DAYS)]
    offboarding_formal: Share
    offboarding_median_days: Days
    offboarding_sigma: Annotated[Number, Field(ge=0, le=10)]
    reowning_days: Cadence
    inventory: Share

    @property
    def review(self) -> int | None:
        """Time between two reviews, µs; None: never."""
        return in_micros(self.review_days)

    @property
    def rotation(self) -> int | None:
        """Time after which a key is replaced, µs; None: never."""
        return in_micros(self.rotation_days)

    @property
    def overlap(self) -> int:
        """How long a key lives on that was rotated, µs."""
        return round(self.rotation_overlap_days * DAY)

    def contradictions(self, section: str) -> Iterator[tuple[str, str, bool, str]]:
        """Pairs of keys of the section that these knobs are, whether they contradict each other, and what to change."""
        return ((f"{section}.{one}", f"{section}.{two}", wrong, remedy) for one, two, wrong, remedy in self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str, bool, str]]:
        never_reviewed, never_rotated = self.review_days == "never", self.rotation_days == "never"
        yield "review_skipped", "review_days", self.review_skipped > 0 and never_reviewed, "no review could be missed"
        yield "rotation_failure", "rotation_days", self.rotation_failure > 0 and never_rotated, "no rotation could fail"
        yield (
            "rotation_overlap_days", "rotation_days", self.overlap > 0 and never_rotated,
            "nothing is rotated that could overlap",
        )  # fmt: skip
        yield (
            "rotation_overlap_days", "rotation_days", self.rotation is not None and self.overlap >= self.rotation,
            "a key would outlive the one that replaces it",
        )  # fmt: skip


def in_micros(days: float | Never) -> int | None:
    """Days as µs; None: never."""
    return None if isinstance(days, str) else round(days * DAY)
