"""Past tests brought in at once, as grading would have left them: the demo city with its planted fraud. No certificate follows."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from hocvuso.assessment import rules
from hocvuso.assessment.bank import current_bank
from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.models import Answer, Attempt, Policy, Trace


@dataclass(frozen=True)
class PastAttempt:
    """One test somebody took. answers: chosen option names by position (from 1) with the moment of each.

    device: 32 hex digits or empty; assessor_id: who ticked the presence, none for a test taken alone.
    """

    person_id: uuid.UUID
    id: uuid.UUID
    paper: list[dict[str, Any]]
    answers: dict[int, tuple[list[str], datetime]]
    started_at: datetime
    graded_at: datetime
    device: str = ""
    assessor_id: uuid.UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)


def past_papers(policy: Policy, dice: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Papers of a policy, each drawn anew from the bank as it is. Raises TooFewQuestions."""
    bank = current_bank()
    while True:
        yield rules.draw(bank.questions, policy.blueprint, set(), dice, bank.over)


@transaction.atomic
def load_attempts(items: Sequence[PastAttempt], *, policy: Policy) -> int:
    """Bring graded tests in, with what integrity measures of them later; answers how many were new. Four statements a call."""
    known = set(Attempt.objects.filter(person_id__in={item.person_id for item in items}).values_list("person_id", "id"))
    fresh = [item for item in items if (item.person_id, item.id) not in known]
    attempts, answers, traces = [], [], []
    for item in fresh:
        right = 0
        for position, (chosen, at) in item.answers.items():
            question = item.paper[position - 1]
            correct = rules.is_correct(question, chosen)
            right += correct
            answers.append(
                Answer(
                    person_id=item.person_id,
                    attempt_id=item.id,
                    position=position,
                    chosen=chosen,
                    correct=correct,
                    answered_at=at,
                    item=question["id"],
                )
            )
        result = rules.score(len(item.paper), right, policy.pass_ratio)
        attempts.append(
            Attempt(
                person_id=item.person_id,
                id=item.id,
                policy=policy,
                state=AttemptState.GRADED,
                paper=item.paper,
                started_at=item.started_at,
                deadline_at=item.graded_at,
                graded_at=item.graded_at,
                correct=right,
                score_ratio=result.ratio,
                passed=result.passed,
                frozen={
                    "method": "count",
                    "code": policy.code,
                    "version": policy.version,
                    "pass_ratio": str(policy.pass_ratio),
                    "questions": len(item.paper),
                },
                counted=True,
            )
        )
        traces.append(
            Trace(
                person_id=item.person_id,
                attempt_id=item.id,
                device=item.device,
                assessor_id=item.assessor_id,
                graded_at=item.graded_at,
            )
        )
    Attempt.objects.bulk_create(attempts, batch_size=500)
    Answer.objects.bulk_create(answers, batch_size=1000)
    Trace.objects.bulk_create(traces, batch_size=500)
    return len(fresh)
