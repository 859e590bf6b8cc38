"""How a control model is logged: what each event says, and what goes wrong on the way. It changes no fact."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import Field, StrictBool

from sim.declaration import Share, Sourced, Whole

# The four fields that the field demands of each event, by knob.
FIELDS: Final[Mapping[str, str]] = {
    "intent": "intent", "tool_call": "tool call", "data_touch": "data touch", "approval_context": "approval context",
}  # fmt: skip

_DRAWS: Final = 1 << 16
_DAY_S: Final = 86_400


class Logging(Sourced):
    """Which profile its log is seen through, without which fields and with which faults; changes no fact.

    `intent`: task and declared intent of each call, request and issue; `tool_call`: tool and hash of its arguments;
    `data_touch`: resource and atom; `approval_context`: the approval that a use rests on. What is false is left out of
    a profile that has it. `dropped`: share of events that never arrive. `absent`: systems that hand in no log: what
    was used there is not seen (the issuer, the decision point and the agents' platform have logs of their own).
    `skewed`: systems whose clocks are `skew_s` seconds ahead (behind, if negative); whoever reads the log knows that
    they may be off by so much, not which way.
    """

    profile: str
    intent: StrictBool
    tool_call: StrictBool
    data_touch: StrictBool
    approval_context: StrictBool
    dropped: Share
    absent: tuple[str, ...]
    skewed: tuple[str, ...]
    skew_s: Annotated[Whole, Field(ge=-_DAY_S, le=_DAY_S)]

    @property
    def name(self) -> str:
        """What its log is seen through, by content: the profile as it is, or with what is left out and goes wrong."""
        return ", ".join((self.profile, *self._differences()))

    @property
    def derived(self) -> dict[str, object]:
        """What `Store.know_profile` is told."""
        return {
            "name": self.name, "profile": self.profile, "differences": ", ".join(self._differences()),
            **{field: getattr(self, field) for field in FIELDS}, "dropped": round(self.dropped * _DRAWS),
            "absent": sorted(self.absent), "skewed": sorted(self.skewed), "skew": self.skew_s * 1_000_000,
        }  # fmt: skip

    def without(self, field: str) -> "Logging":
        """The same log without one of the four fields."""
        return self.model_copy(update={field: False})

    def _differences(self) -> Iterator[str]:
        yield from (f"no {words}" for field, words in FIELDS.items() if not getattr(self, field))
        if self.dropped:
            yield f"{100 * self.dropped:.12g} % lost"
        yield from (f"no log of {system}" for system in sorted(self.absent))
        yield from (f"clock of {system} {self.skew_s:+} s" for system in sorted(self.skewed))
