"""What a measure may be asked with, as its header states it: a number, what it means, and between what it may lie.

`-- parameter: worst_percent = 5 in (0, 100] | the part that is the worst, in percent`: a round bracket leaves its end
out, and who states no interval takes any finite number. A meaning that ends in `unless scenario.KEY says it` is of one
that does nothing where the run's scenario has that key.
"""

import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_BEGINS: Final = "-- parameter: "
_STATED: Final = re.compile(r"(\w+) = (\S+)(?: in ([\[(])(\S+), (\S+)([\])]))? \| (.+)")
_UNLESS: Final = re.compile(r"unless scenario\.([a-z][\w.]*) says it$")
_SHAPE: Final = "`-- parameter: name = default | meaning`, or `name = default in [least, most] | meaning`"


@dataclass(frozen=True)
class Parameter:
    """A parameter with its default and what it means; `interval` as it is written, empty if any number will do."""

    name: str
    default: float
    meaning: str
    interval: str = ""
    least: float = -math.inf
    most: float = math.inf

    @property
    def text(self) -> str:
        """As a header states it."""
        return (
            f"{_BEGINS}{self.name} = {self.default:g}{f' in {self.interval}' if self.interval else ''} | {self.meaning}"
        )

    @property
    def unless(self) -> str | None:
        """The key of a scenario that goes before it, if there is one."""
        found = _UNLESS.search(self.meaning)
        return found[1] if found else None

    def takes(self, value: float) -> bool:
        """Whether it may be that."""
        above = value > self.least if self.interval.startswith("(") else value >= self.least
        below = value < self.most if self.interval.endswith(")") else value <= self.most
        # An integer may be too large for a number of the kind that is asked for.
        return abs(value) <= sys.float_info.max and above and below


def stated(lines: Sequence[str]) -> Iterator[Parameter]:
    """The parameters that lines of a header state.

    Raises:
        ValueError: one is not stated as they are, or its default is not in its own interval; the message says so.
    """
    for line in lines:
        if line.startswith(_BEGINS):
            yield _stated(line.removeprefix(_BEGINS), line)


def _stated(text: str, line: str) -> Parameter:
    found = _STATED.fullmatch(text)
    if found is None:
        msg = f"a parameter reads {_SHAPE}, numbers, not {line!r}"
        raise ValueError(msg)
    name, default, opens, least, most, closes, meaning = found.groups()
    ends = (_number(least, line), _number(most, line)) if opens else (-math.inf, math.inf)
    interval = f"{opens}{least}, {most}{closes}" if opens else ""
    parameter = Parameter(name, _number(default, line), meaning, interval, *ends)
    if not parameter.takes(parameter.default):
        msg = f"a parameter reads {_SHAPE}, the default a finite number in it, not {line!r}"
        raise ValueError(msg)
    return parameter


def _number(text: str, line: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"a parameter reads {_SHAPE}, numbers, not {line!r}"
        raise ValueError(msg) from None
