"""Where a difference loses its sign on the way to an end of an assumption, all else as said: its break-even.

By halving, on the draws of chance of the comparison itself. Twice: where its interval ceases to be settled as it is
where all is as said, which more replications move outwards; and where the sign of its mean turns, if it does. Nothing
is claimed but what was seen: that it is so at one value, and not at the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Final

from analysis.screen import Column
from analysis.sensitivity import Effect, Sensitivity, Tornado
from analysis.statistics import Interval, interval
from outlive.compare import Progress, Request, plan
from outlive.draws import DIGITS
from outlive.ranges import said
from outlive.trials import Finish, Known
from outlive.varying import ENDINGS, Varied, with_settings
from sim.audit.refusal import Refusal

# A bracket is halved so often: a value is found to a four-thousandth of the way.
_HALVINGS: Final = 12
# Of each headline so many assumptions, those of most effect.
_LOOKED: Final = 3

Sign = Callable[[Interval], int | None]
_SIGNS: Final[tuple[Sign, Sign]] = attrgetter("sign"), attrgetter("sign_of_mean")
# An assumption's number, a headline, an ending, the values next to where its sign is settled no longer, and those next
# to where that of its mean turns.
Row = tuple[int, str, str, str, str, str | None, str | None]


@dataclass(frozen=True)
class Search:
    """What is searched: a request, its assumptions, and what is known of runs."""

    request: Request
    varied: Sequence[Varied]
    known: Known
    finish: Finish
    tell: Progress

    def rows(self, found: Sensitivity) -> Iterator[Row]:
        """Where signs are lost that do not stand in joint draws, for the assumptions that do not keep them alone."""
        for tornado in found.tornados:
            if tornado.joint is None or tornado.joint.verdict != "stands":
                for effect in [each for each in tornado.effects if each.is_lost][:_LOOKED]:
                    yield from self._of(tornado, effect)

    def _of(self, tornado: Tornado, effect: Effect) -> Iterator[Row]:
        number, each = next((n, each) for n, each in enumerate(self.varied) if each.key == effect.key)
        for end, (ending, there) in enumerate(zip(ENDINGS, (effect.low, effect.high), strict=True)):
            if there is None or there.difference.sign != tornado.difference.sign:
                words = f"{each.key} = {each.words[end]}"
                self.tell(f"looking where {tornado.column.key} loses its sign on the way to {words}")
                alike = [
                    partial(self._alike, tornado.column, tornado.difference, of)
                    for of in (attrgetter("sign"), attrgetter("sign_of_mean"))
                ]
                turns = there is not None and there.difference.sign_of_mean != tornado.difference.sign_of_mean
                mean = halved(each, end, alike[1]) if turns else (None, None)
                yield number, tornado.column.key, ending, *halved(each, end, alike[0]), *mean

    def _alike(self, column: Column, said: Interval, of: Sign, changes: Mapping[str, object]) -> bool | None:
        """Whether a sign is what it is where all is as said; None where that cannot be had."""
        try:
            asked = plan(with_settings(self.request, changes))
        except Refusal:
            return None
        self.known.look(asked, self.finish)
        theirs, ours = self.known.kept(asked, column)
        return of(interval(ours - theirs, column.span)) == of(said)


def halved(each: Varied, end: int, alike: Callable[[Mapping[str, object]], bool | None]) -> tuple[str, str]:
    """In words, the last value on the way to an end with which something is so, and the next with which it is not.

    Args:
        alike: whether it is, with some settings; None where they cannot be had. So with what is said, not at the end.
    """
    kept, lost, at = each.towards(end, 0), each.towards(end, 1), (0.0, 1.0)
    for _ in range(_HALVINGS):
        share = sum(at) / 2
        middle = {key: _rounded(value) for key, value in each.towards(end, share).items()}
        so = None if middle in (kept, lost) else alike(middle)
        if so is None:
            break
        kept, lost, at = (middle, lost, (share, at[1])) if so else (kept, middle, (at[0], share))
    return said(kept, DIGITS), said(lost, DIGITS)


def _rounded(value: object) -> object:
    """To as many digits as are told, so that what is told is what was tried."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return type(value)(float(f"{value:.{DIGITS}g}"))
