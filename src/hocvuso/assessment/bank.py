"""The bank as a test sees it: the curriculum's graded questions with what is known of each as an item."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Count, Max, Q, Sum

from hocvuso.assessment import adaptive, rules
from hocvuso.assessment.choices import ItemState
from hocvuso.assessment.models import BankClock, Item
from hocvuso.assessment.rules import PRACTICE
from hocvuso.curriculum.models import Question
from hocvuso.curriculum.public import catalogue, graded_questions, lesson_content, practice_definition

# An adaptive test needs calibrated questions: in each cell twice as many as it asks for.
CALIBRATED_TIMES = 2
# Exposure means something once this many papers were drawn.
EXPOSURE_FROM = 200


@dataclass(frozen=True)
class Bank:
    """Questions that may be drawn, each with `a`, `b` and `calibrated`; over: ids shown to more people than their limit."""

    questions: tuple[Mapping[str, Any], ...]
    over: frozenset[str]

    def of_cell(self, cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [one for one in self.questions if rules.in_family(one["skill"], cell["skills"])]

    def is_ready(self, blueprint: Sequence[Mapping[str, Any]]) -> bool:
        """Whether every cell has calibrated questions enough for an adaptive test."""
        return all(
            sum(one["calibrated"] for one in self.of_cell(cell)) >= CALIBRATED_TIMES * cell["count"]
            for cell in blueprint
        )

    def calibrated(self) -> Bank:
        return Bank(tuple(one for one in self.questions if one["calibrated"]), self.over)


_kept: tuple[object, Bank] | None = None
_lock = threading.Lock()


def current_bank() -> Bank:
    """The bank as it is now. Kept in this process while neither questions nor items have changed: three small queries then."""
    global _kept
    mark = _mark()
    kept = _kept
    if kept is not None and kept[0] == mark:
        return kept[1]
    with _lock:
        bank = _read()
        _kept = (mark, bank)
    return bank


def _mark() -> object:
    questions = Question.objects.filter(graded=True, live=True).aggregate(
        Count("id"), Max("id"), Max("live_revision_id")
    )
    items = Item.objects.aggregate(
        Count("id"),
        Max("id"),
        Max("changed_at"),
        Sum("difficulty"),
        Sum("discrimination"),
        active=Count("id", filter=Q(state=ItemState.ACTIVE)),
        calibrated=Count("calibrated_at"),
    )
    papers = BankClock.objects.values_list("papers", flat=True).first()
    # The name of the database too: tests go from one to another in one process.
    return connections["default"].settings_dict["NAME"], tuple(questions.values()), tuple(items.values()), papers


def _read() -> Bank:
    items = {item.code: item for item in Item.objects.all()}
    papers = BankClock.objects.values_list("papers", flat=True).first() or 0
    questions, over = [], set()
    for question in graded_questions():
        item = items.get(question["id"])
        if item is not None and item.state != ItemState.ACTIVE:
            continue
        a, b = parameters(question, item)
        questions.append({**question, "a": a, "b": b, "calibrated": item is not None and item.is_calibrated})
        if item is not None and papers >= EXPOSURE_FROM and item.exposure_ratio > item.exposure_limit:
            over.add(question["id"])
    return Bank(tuple(questions), frozenset(over))


def parameters(question: Mapping[str, Any], item: Item | None) -> adaptive.Parameters:
    """Discrimination and difficulty: calibrated ones, or the author's estimate."""
    if item is not None and item.is_calibrated:
        return item.discrimination, item.difficulty
    return adaptive.FIRST_DISCRIMINATION, adaptive.LEVEL_DIFFICULTY.get(question.get("level", 2), 0.0)


def open_questions() -> list[dict[str, Any]]:
    """The quick questions inside published lessons, with `lesson`: everybody may see them, so a check without an account uses them."""
    found = []
    for card in catalogue():
        for question in lesson_content(card.digest).get("questions", []):
            a, b = parameters(question, None)
            found.append({**question, "lesson": card.slug, "a": a, "b": b})
    return found


def practice_tasks(slugs: Sequence[str]) -> list[dict[str, Any]]:
    """Published practices as questions, by their codes; all published ones when no code is given."""
    wanted = set(slugs)
    found: dict[str, dict[str, Any]] = {}
    for card in catalogue():
        for head in lesson_content(card.digest).get("practices", []):
            slug = head["slug"]
            if slug in found or (wanted and slug not in wanted):
                continue
            definition = practice_definition(head["digest"])
            found[slug] = {
                "id": f"practice:{slug}",
                "kind": PRACTICE,
                "skill": card.skills[0] if card.skills else "",
                "lesson": card.slug,
                "text": definition["goal"],
                "title": definition["title"],
                "practice": slug,
                "digest": head["digest"],
                "options": [],
                "a": adaptive.FIRST_DISCRIMINATION,
                "b": 0.0,
            }
    return list(found.values())
