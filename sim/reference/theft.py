"""An attacker with what lay in the memory of an agent's process."""

from sim.audit.rows import UNKNOWN, Decision, Incident, IncidentStep, Kind, Reason, Threat
from sim.reference.clock import Phase
from sim.reference.world import Held, Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Theft

# Above every identifier of a task, an action or a credential.
_PATH = 3 << 62
_STEP_BITS = 20


def struck(world: World, theft: Theft) -> Steps:
    """Take the credentials that are valid now, try atom after atom with them, until noticed."""
    clock, figures = world.clock, world.workload.scenario.theft
    yield clock.until(theft.time, Phase.USE, _PATH | theft.id)
    stolen = [held for held in world.possessions[theft.agent] if _live(world, held)]
    detected = theft.detected if theft.detected < world.workload.t1 else UNKNOWN
    world.journal.facts.incidents.append(
        Incident(theft.id, Threat.T1B, theft.agent, cast.agent(theft.agent), theft.time, detected, len(stolen))
    )
    for step in range(figures.attempts if stolen else 0):
        path = theft.id << _STEP_BITS | step
        gap = world.stream(Purpose.THEFT_GAP).one_exponential(path, figures.gap_mean_s)
        yield clock.after(gap, Phase.USE, _PATH | theft.id)
        if clock.time >= theft.detected:
            return
        _tried(world, theft, stolen, step, path)


def _live(world: World, held: Held) -> bool:
    """Whether any verifier accepts it now."""
    return any(held.accepted(world.verifier(atom), world.clock.time) for atom in held.atoms)


def _tried(world: World, theft: Theft, stolen: list[Held], step: int, path: int) -> None:
    """One attempt on an atom of the catalogue, with whatever works; the log sees the agent do it."""
    atom = world.stream(Purpose.THEFT_TARGET).draw(path) % len(world.workload.atoms)
    verifier, time = world.verifier(atom), world.clock.time
    covering = [held for held in stolen if atom in held.atoms]
    working = [held for held in covering if held.accepted(verifier, time)]
    credential = (working or covering or stolen)[0]
    refusal = _refusal(world, theft.agent, credential, (atom, path))
    event = world.journal.event(
        theft.agent, Kind.USE, cast.agent(theft.agent), credential=credential.id, atom=atom,
        decision=Decision.ALLOW if refusal is None else Decision.DENY,
        reason=UNKNOWN if refusal is None else refusal,
    )  # fmt: skip
    world.journal.facts.steps.append(IncidentStep(theft.id, step, event, atom, refusal is None))


def _refusal(world: World, agent: int, credential: Held, tried: tuple[int, int]) -> Reason | None:
    """Why a stolen credential does not work for this atom now, or None where it does; a step has a path."""
    (atom, path), time, decision = tried, world.clock.time, world.control.decision
    if time >= credential.valid_to:
        return Reason.EXPIRED
    if not credential.accepted(world.verifier(atom), time):
        return Reason.REVOKED
    if atom not in credential.atoms:
        return Reason.OUT_OF_SCOPE
    if credential.handed:
        return None
    if not world.stream(Purpose.THEFT_UNENFORCED).happens(path, threshold(1 - decision.coverage)):
        return _stopped(world, agent, atom, path)
    return None


def _stopped(world: World, agent: int, atom: int, path: int) -> Reason | None:
    """Why an attempt that passes an enforcement point is refused there, or None where it is not."""
    decision = world.control.decision
    out = decision.at == "request" and world.outages.at(world.clock.time)
    if out and decision.outage == "closed":
        return Reason.OUTAGE
    if out and world.rulebook is not None:
        return None
    required = world.under_attack(agent, atom, world.clock.time)
    if required is None and decision.at == "request":
        return Reason.POLICY
    if required:
        return Reason.APPROVER
    stopped = world.stream(Purpose.THEFT_STOPPED).happens(path, threshold(decision.adversarial_stop))
    return Reason.POLICY if stopped and not out else None
