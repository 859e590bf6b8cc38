"""The response to an incident: what was taken is revoked, the agent is kept from asking for a while."""

from typing import TYPE_CHECKING

from sim.audit.ids import Unit
from sim.audit.rows import Reason
from sim.reference.clock import Phase
from sim.reference.wallet import Wallet, replaced, stopped
from sim.reference.world import Held, Steps, World

if TYPE_CHECKING:
    from sim.reference.attack import Attack


def contained(world: World, attack: "Attack") -> Steps:
    """When the response acts, what the control model says is done."""
    compromise = attack.compromise
    yield world.clock.until(compromise.contained, Phase.REVOCATION, attack.path)
    if world.control.containment.revoke:
        for held in _suspect(world, attack):
            known = held.revoked
            stopped(world, held.agent, held, Reason.INCIDENT)
            wallet = held.unit
            if isinstance(wallet, Wallet) and wallet.unit is Unit.STANDING and held in wallet.held and not known:
                replaced(world, wallet)
    if world.control.quarantine:
        until = world.clock.time + world.control.quarantine
        world.quarantined[compromise.agent] = max(until, world.quarantined.get(compromise.agent, until))


def _suspect(world: World, attack: "Attack") -> list[Held]:
    """What was taken and is still accepted somewhere; of a process that was the attacker's, all that it has by now."""
    possessed = [held for held in world.possessions[attack.compromise.agent] if held.valid_from < world.clock.time]
    own = possessed if attack.live else [copy.held for copy in attack.taken]
    return [held for held in {each.id: each for each in (*own, *attack.made)}.values()
            if world.live(held) and not held.handed]  # fmt: skip
