"""Who takes part: agents, those who own and approve, and the two services that every control model asks."""

from sim.audit.ids import Packed, PrincipalKind, principal

ISSUER = principal(PrincipalKind.SERVICE, 0)
DECISION_POINT = principal(PrincipalKind.SERVICE, 1)

# Owners are numbered after approvers among the humans: nobody has two million approvers.
_FIRST_OWNER = 1 << 21
_HOLDER_BITS = 10


def agent(number: Packed) -> Packed:
    """The agent with this number."""
    return principal(PrincipalKind.AGENT, number)


def team(number: Packed) -> Packed:
    """The team with this number."""
    return principal(PrincipalKind.TEAM, number)


def approver(number: Packed) -> Packed:
    """The human who approves, with this number."""
    return principal(PrincipalKind.HUMAN, number)


def seat(number: int, holder: int) -> int:
    """The number of the person who is the so-many-th holder, from 0, of a seat."""
    return number << _HOLDER_BITS | holder


def owner(number: Packed) -> Packed:
    """The human with this number among those who own."""
    return principal(PrincipalKind.HUMAN, number + _FIRST_OWNER)
