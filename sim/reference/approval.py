"""What approvals cover: the action that was asked for, or later ones of its task, or of its sub-agents too."""

from dataclasses import dataclass, field

from sim.control.model import Approval


@dataclass
class Grant:
    """A human's yes to an atom, and how many more uses it is good for; None is as many as come."""

    decision: int
    left: int | None

    @property
    def spent(self) -> bool:
        """Whether it is used up."""
        return self.left == 0


@dataclass
class Cover:
    """What a task may do without asking again, by atom; `above` is that of its parent, where it counts for children."""

    rules: Approval
    above: "Cover | None" = None
    grants: dict[int, Grant] = field(default_factory=dict)

    def below(self) -> "Cover":
        """That of a sub-agent."""
        return Cover(self.rules, self if self.rules.covers == "subtree" else None)

    def granted(self, atom: int, decision: int) -> None:
        """Humans said yes to an action that needs this atom; that action is the first use."""
        if self.rules.covers != "action":
            budget = self.rules.budget
            self.grants[atom] = Grant(decision, None if budget == "never" else budget - 1)

    def spend(self, atom: int) -> int | None:
        """The decision that one more use of an atom rests on, if one still covers it: the nearest first."""
        grant = self.grants.get(atom)
        if grant is None or grant.spent:
            return None if self.above is None else self.above.spend(atom)
        if grant.left is not None:
            grant.left -= 1
        return grant.decision
