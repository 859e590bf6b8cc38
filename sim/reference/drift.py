"""Drift: on its way to what it should do, an agent reaches for something that its task does not need.

Such a call is asked for like any other, and nothing depends on its answer: the agent goes on beside it. It uses what
the task already holds; else it asks the issuer, who gives what any request of that agent would get. Policy that decides
at each request stops it as often as it stops an attacker; for what a human must agree to, the agent does not ask.
"""

from dataclasses import dataclass

from sim.audit.ids import Unit
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason
from sim.reference.clock import Phase
from sim.reference.policy import overreached
from sim.reference.wallet import Wallet, Want, credential_for
from sim.reference.world import Answer, Found, Held, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action, Task

# Above every identifier of an action; and the last of an action's credentials, which no attempt of its own gets to.
_PATH = 1 << 60
_LAST = 15


@dataclass(frozen=True)
class Stray:
    """A call that no task needs: by which agent, for which task, on the way to which action, and for what."""

    agent: int
    task: Task
    action: Action
    atom: int

    @property
    def path(self) -> int:
        """Its place in the total order, behind whatever happens to its action."""
        return _PATH | self.action.id


def strays(world: World, task: Task, action: Action) -> Stray | None:
    """What an agent reaches for on its way to an action, if it does: any atom that is not its task's."""
    share = threshold(world.workload.scenario.drift.share)
    if not world.stream(Purpose.DRIFTS).happens(action.id, share):
        return None
    own = {*task.declared, *(each.atom for each in task.actions)}
    others = [atom for atom in range(len(world.workload.atoms)) if atom not in own]
    which = world.stream(Purpose.DRIFT_TARGET).draw(action.id)
    return Stray(task.agent, task, action, others[which % len(others)]) if others else None


def strayed(world: World, stray: Stray, wallet: Wallet) -> Answer:
    """Try it with what its task has on that platform; the answer is always yes, because nothing fails with it."""
    held = None
    refusal = yield from _refused(world, stray)
    if refusal is None:
        held = yield from _credential(world, stray, wallet)
    yield world.clock.after(0, Phase.USE, stray.path)
    if refusal is None and (held is None or not _good_for(world, held, stray.atom)):
        refusal = Reason.OUT_OF_SCOPE
    world.journal.event(
        stray.agent, Kind.USE, cast.agent(stray.agent), task=stray.task.id, atom=stray.atom,
        credential=UNKNOWN if held is None else held.id,
        decision=Decision.ALLOW if refusal is None else Decision.DENY, reason=UNKNOWN if refusal is None else refusal,
    )  # fmt: skip
    return True


def _refused(world: World, stray: Stray) -> Found[Reason]:
    """Why it is refused before any credential is looked at, where it passes an enforcement point at all."""
    decision, tier = world.control.decision, world.requirement(stray.agent, stray.atom, stray.task.id)
    if not world.enforced(stray.path):
        return None
    if tier and not (decision.at == "request" and world.rulebook is not None and world.fails_open()):
        return Reason.APPROVER
    out, about = world.outages.at(world.clock.time), {"task": stray.task.id, "atom": stray.atom}
    if decision.at == "request" and (
        yield from overreached(world, stray.agent, stray.path, allowed=tier is not None, **about)
    ):
        return Reason.OUTAGE if out else Reason.POLICY
    return None


def _good_for(world: World, held: Held, atom: int) -> bool:
    now = world.clock.time
    return held.opens(atom, now) and held.accepted(world.verifier(atom), now)


def _credential(world: World, stray: Stray, wallet: Wallet) -> Found[Held]:
    """What covers it already, or what the issuer gives to whoever asks."""
    held = wallet.find(stray.atom, world.verifier(stray.atom), world.clock.time)
    realm = wallet.realm
    if held is not None or stray.atom not in world.ceiling(stray.agent, realm):
        return held
    if realm.terms.unit is Unit.ACTION:
        wallet = Wallet(
            stray.agent, Unit.ACTION, stray.action.id, realm, (stray.atom,), task=stray.task.id, issued=_LAST
        )  # fmt: skip
    return (yield from credential_for(world, wallet, Want(stray.atom), stray.path))
