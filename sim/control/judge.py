"""What a policy answers: asked once for each class of questions that it cannot tell apart."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

import cedarpy

from sim.control.classes import features
from sim.control.policy import Policy
from sim.control.question import Entity, Question, Uid

# Tiers of approval that may be held, 0 for none.
TIERS: Final = (0, 1, 2, 3)


class Judge:
    """A policy in force; remembers its answers. `asked` counts questions, the length its distinct classes."""

    def __init__(self, policy: Policy) -> None:
        """Parse the policy, and read from its syntax tree what it can tell apart."""
        self.policy = policy
        self.asked = 0
        self._set = cedarpy.PolicySet.from_str(policy.text)
        self._features = features(policy.text)
        self._answers: dict[object, bool] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def allows(self, question: Question) -> bool:
        """Whether the policy permits it."""
        [answer] = self.answers([question])
        return answer

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        """Whether it permits each, asked in one batch for what is new."""
        self.asked += len(questions)
        classes = [self.class_of(question) for question in questions]
        new = {each: question for each, question in zip(classes, questions, strict=True) if each not in self._answers}
        # Of two that bear one name, each is asked beside its own entities.
        for batch in _apart(new.items()):
            results = cedarpy.is_authorized_batch([q.said for _, q in batch], self._set, _entities(q for _, q in batch))
            self._answers |= {each: result.allowed for (each, _), result in zip(batch, results, strict=True)}
        return [self._answers[each] for each in classes]

    def class_of(self, question: Question) -> tuple[object, ...]:
        """What the policy can tell of a question: two that look alike are answered alike."""
        return tuple(look(question) for look in self._features)

    def requirement(self, question: Question) -> int | None:
        """The smallest tier of approval with which it is permitted; None: forbidden whatever the approval."""
        return next((tier for tier in TIERS if self.allows(question.under(tier))), None)


def _apart(asked: Iterable[tuple[object, Question]]) -> list[list[tuple[object, Question]]]:
    """Questions in batches within which each name stands for one entity."""
    batches: list[list[tuple[object, Question]]] = []
    known: list[dict[Uid, Entity]] = []
    for each, question in asked:
        own = (question.principal, question.resource)
        fits = (n for n, names in enumerate(known) if all(names.get(e.uid, e) == e for e in own))
        place = next(fits, len(batches))
        if place == len(batches):
            batches.append([])
            known.append({})
        batches[place].append((each, question))
        known[place].update((entity.uid, entity) for entity in own)
    return batches


def _entities(questions: Iterable[Question]) -> cedarpy.Entities:
    """Everything that these questions are about."""
    found = {entity.uid: entity for q in questions for entity in (q.principal, q.resource)}
    return cedarpy.Entities.from_json_str(json.dumps([found[uid].said for uid in sorted(found)]))
