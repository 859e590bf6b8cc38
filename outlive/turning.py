"""Where a difference loses its sign on the way to an end of an assumption, all else as said: its break-even.

By halving, on the draws of chance of the comparison itself: a sign is kept where its interval is settled as it is where
all is as said. Nothing is claimed but what was seen: that it is kept at one value, and not at the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from analysis.comparison import Column
from analysis.joint import sign_in
from analysis.sensitivity import Effect, Sensitivity, Tornado
from analysis.statistics import interval
from outlive.compare import Progress, Request, plan
from outlive.draws import DIGITS
from outlive.ranges import said
from outlive.trials import Known, Trial
from outlive.varying import ENDINGS, Varied, with_settings

# A bracket is halved so often: a value is found to a four-thousandth of the way.
_HALVINGS: Final = 12
# Of each headline so many assumptions, those of most effect.
_LOOKED: Final = 3

Finish = Callable[[Sequence[Trial]], Iterator[Trial]]
# An assumption's number, a headline, an ending, and the values at which the sign is kept and lost.
Row = tuple[int, str, str, str, str]


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
            if tornado.joint is None or tornado.joint.verdict in {"hangs", "open"}:
                for effect in [each for each in tornado.effects if each.is_lost][:_LOOKED]:
                    yield from self._of(tornado, effect)

    def _of(self, tornado: Tornado, effect: Effect) -> Iterator[Row]:
        number, each = next((n, each) for n, each in enumerate(self.varied) if each.key == effect.key)
        sign = sign_in(tornado.difference)
        for end, (ending, there) in enumerate(zip(ENDINGS, (effect.low, effect.high), strict=True)):
            if there is None or sign_in(there.difference) != sign:
                words = f"{each.key} = {each.words[end]}"
                self.tell(f"looking where {tornado.column.key} loses its sign on the way to {words}")
                keeps = partial(self._keeps, tornado.column, sign)
                yield number, tornado.column.key, ending, *halved(each, end, keeps)

    def _keeps(self, column: Column, sign: int | None, changes: Mapping[str, object]) -> bool:
        asked = plan(with_settings(self.request, changes))
        for done in self.finish(list(self.known.missing(asked))):
            self.known.learn(done)
        theirs, ours = self.known.of(asked, column)
        return sign_in(interval(ours - theirs, column.span)) == sign


def halved(each: Varied, end: int, keeps: Callable[[Mapping[str, object]], bool]) -> tuple[str, str]:
    """In words, the last value on the way to an end with which something is kept, and the next with which it is not.

    Args:
        keeps: whether it is, with some settings; so with what is said, and not at the end.
    """

    def words(share: float) -> str:
        return said(each.towards(end, share), DIGITS)

    kept, lost = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (kept + lost) / 2
        if words(middle) in {words(kept), words(lost)}:
            break
        kept, lost = (middle, lost) if keeps(each.towards(end, middle)) else (kept, middle)
    return words(kept), words(lost)
