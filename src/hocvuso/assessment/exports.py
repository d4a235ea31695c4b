"""What people download about themselves: tests, answers in words, the short check, what they still do, sessions. Never a key."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from hocvuso.assessment import rules
from hocvuso.assessment.models import Answer, Attempt, FollowUp, Incident, Placement, Rescoring, Seat


def own_data(person_id: uuid.UUID) -> dict[str, Any]:
    """Everything the assessment holds about a person, in what JSON can say. Seven queries."""
    answers: dict[uuid.UUID, dict[int, Answer]] = defaultdict(dict)
    for row in Answer.objects.filter(person_id=person_id):
        answers[row.attempt_id][row.position] = row
    attempts = Attempt.objects.select_related("policy").filter(person_id=person_id).order_by("started_at", "id")
    incidents = list(Incident.objects.filter(person_id=person_id))
    return {
        "tests": [_test(attempt, answers[attempt.id]) for attempt in attempts],
        "computed_again": [
            {"test": str(row.attempt_id), "why": row.reason, "at": row.at.isoformat(), "passed": row.new_passed}
            for row in Rescoring.objects.filter(person_id=person_id).order_by("at", "id")
        ],
        "short_checks": [
            {
                "started_at": row.started_at.isoformat(),
                "finished_at": row.finished_at.isoformat() if row.finished_at else None,
                "ability": row.ability,
                "right": sum(one["right"] for one in row.answers),
                "questions": len(row.answers),
            }
            for row in Placement.objects.filter(person_id=person_id).order_by("started_at", "id")
        ],
        "sessions": [
            {
                "place": seat.sitting.place,
                "how": str(seat.get_how_display()),
                "at": seat.joined_at.isoformat(),
                "present_at": seat.present_at.isoformat() if seat.present_at else None,
                "incidents": [str(one.get_kind_display()) for one in incidents if one.sitting_id == seat.sitting_id],
            }
            for seat in Seat.objects.select_related("sitting").filter(person_id=person_id).order_by("joined_at", "id")
        ],
        "still_used": [
            {"days": row.round, "services": row.services, "at": row.answered_at.isoformat()}
            for row in FollowUp.objects.filter(person_id=person_id).order_by("round")
        ],
    }


def _test(attempt: Attempt, answers: Mapping[int, Answer]) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "test": attempt.policy.title,
        "version": attempt.policy.version,
        "started_at": attempt.started_at.isoformat(),
        "graded_at": attempt.graded_at.isoformat() if attempt.graded_at else None,
        "minutes_added": attempt.extra_minutes,
        "right": attempt.correct,
        "passed": attempt.passed,
        "answers": [
            {
                "question": question["text"],
                "answer": _words(question, answers[place].chosen),
                "right": None if attempt.is_open else answers[place].correct,
                "at": answers[place].answered_at.isoformat(),
            }
            for place, question in enumerate(attempt.paper, 1)
            if place in answers and answers[place].chosen
        ],
    }


def _words(question: Mapping[str, Any], chosen: Any) -> Any:
    """An answer as the person saw it; of a practice task, what was recorded."""
    if question["kind"] == rules.PRACTICE:
        return chosen
    texts = {one["name"]: one["text"] for one in [*question["options"], *question.get("partners", [])]}
    return [" – ".join(texts.get(part, "") for part in name.split(rules.PAIR)) for name in chosen]
