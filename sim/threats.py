"""The threats to an organisation: what strikes where, how an attacker goes on, how soon that is noticed and contained.

Places and instants belong to the workload and are the same under every control model; what lies there, what it opens
and for how long is what control decides. Finding nothing is an outcome like any other.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.declaration import Count, Delay, Number, Seconds, Share, Sigma, Sourced, Whole

ThreatName = Literal["t1a", "t1b", "t1c", "t2", "t3", "t4", "t5"]
Place = Literal["process", "host", "log", "memory", "repository", "issuer"]
Copied = Literal["log", "memory", "repository"]
# So many times for each hour, issuance or call.
Hazard = Annotated[Number, Field(ge=0, le=1)]

_PLACES: Final[dict[str, tuple[str, ...]]] = {"t3": ("log", "memory", "repository"), "t5": ("issuer", "host")}


class Incidents(Sourced):
    """Compromises of one kind, `count` in the window, at instants and agents that are drawn alike.

    `t1a`: a token alone, copied on its way to one verifier. `t1b`: token and key, from the memory of a process. `t1c`:
    a process that is made to sign, but whose key is not taken. `t2`: a hijacked agent, which asks the issuer with any
    intent. `t3`: secrets that lie in a log, in memory or in a repository. `t4`: a hijacked parent, with what its
    sub-agents have. `t5`: the issuer itself, or what an agent's host proves to it who it is.

    An attacker makes so many `attempts`, an exponential `gap_mean_s` apart, and is noticed and then contained after
    lognormal times. `technique` is its id in MITRE ATLAS 5.6.0.
    """

    name: ThreatName
    technique: Annotated[str, Field(pattern=r"^AML\.T\d{4}(\.\d{3})?$")]
    place: Place
    count: Annotated[Whole, Field(ge=0, le=10_000)]
    attempts: Count
    gap_mean_s: Seconds
    detection_median_s: Seconds
    detection_sigma: Sigma
    containment_median_s: Delay
    containment_sigma: Sigma

    @model_validator(mode="after")
    def _strikes_where_it_can(self) -> Self:
        """A threat has its places."""
        allowed = _PLACES.get(self.name, ("process",))
        if self.place not in allowed:
            msg = f"place = {self.place!r} contradicts name = {self.name!r}: it strikes {' or '.join(allowed)}"
            raise ValueError(msg)
        return self


class Hazards(Sourced):
    """How often a compromise is to be expected where something lies, is issued, or is used: what a year may cost.

    For each hour that something lies at a place, for each credential issued and each call let through; the same under
    every control model. They move no event: simulated attackers strike as often as `Incidents` says.
    """

    process_per_hour: Hazard
    hijack_per_call: Hazard
    copy_per_call: Hazard
    copy_per_issue: Hazard
    log_per_hour: Hazard
    host_per_hour: Hazard
    host_per_issue: Hazard
    issuer_per_hour: Hazard


class Leaks(Sourced):
    """The share of calls that leave a copy of the credential behind, without its key, and where.

    Such a copy can be found after a lognormal time, for as long as anybody accepts it. Nobody approves of it.
    """

    share: Share
    place: Copied
    found_median_s: Seconds
    found_sigma: Sigma
