"""At which value of a knob the ranking of two control models flips."""

from dataclasses import dataclass

from analysis.crossing import Crossing
from analysis.screen import Column
from analysis.statistics import Interval


@dataclass(frozen=True)
class BreakEven:
    """A quantity, two control models, a knob by its dotted key, and where the first ceases to be better, or worse.

    The differences of `crossing` are the first model's values less the second's.
    """

    column: Column
    controls: tuple[str, str]
    knob: str
    replicates: int
    crossing: Crossing

    def better(self, difference: Interval) -> str:
        """The model that is better by a difference; none where they are the same, or its limits have no one sign."""
        if not difference.sign_of_mean:
            return ""
        return self.controls[0 if (difference.sign_of_mean < 0) is self.column.less_is_better else 1]
