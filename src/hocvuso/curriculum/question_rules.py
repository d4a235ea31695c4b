"""What makes a question sound, whoever wrote it and wherever: plain values in, sentences out. No database.

Source: docs/reference/content-format.md, `cau-hoi.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hocvuso.curriculum.choices import QuestionKind, SceneKind

# Where in the question, and what is wrong with it.
Finding = tuple[tuple[str | int, ...], str]

ONE_RIGHT = frozenset({QuestionKind.ONE.value, QuestionKind.SITUATION.value})
WITHOUT_RIGHT = frozenset({QuestionKind.ORDER.value, QuestionKind.MATCH.value})
_ALL_OF_THEM = re.compile(
    r"(tất cả|toàn bộ|mọi)\s+(các\s+)?(đáp án|câu|ý|phương án|lựa chọn|điều)\b.*(trên|đúng|đều)"
    r"|(cả|tất cả)\s+.*\bđều\s+(đúng|sai)|(all|none)\s+of\s+the\s+above",
    re.IGNORECASE,
)
# Longer than the longest wrong answer by this share and by this many letters: anybody finds it without reading.
FAR_LONGER, FAR_LETTERS = 1.4, 12
# From this many single choices on, a habit shows.
ENOUGH_FOR_A_HABIT = 4


def question_findings(question: Mapping[str, Any]) -> list[Finding]:
    """Everything wrong with one question; its options are dictionaries already."""
    kind, options = str(question.get("kind")), list(question.get("options") or ())
    if kind not in QuestionKind.values:
        return [(("kind",), _("“kind” is one, many, order, match, spot or situation."))]
    found = list(_every_option(kind, options))
    found += _right_ones(kind, options)
    if kind == QuestionKind.MATCH:
        found += _partners(options)
    found += _dressing(kind, question)
    found += _giveaways(kind, options)
    return found


def _every_option(kind: str, options: Sequence[Mapping[str, Any]]) -> Iterable[Finding]:
    for number, option in enumerate(options):
        place = ("options", number)
        if kind in WITHOUT_RIGHT and "right" in option:
            yield place, _("Answers of this kind of question have no “right”.")
        elif kind not in WITHOUT_RIGHT and not isinstance(option.get("right"), bool):
            yield place, _("Say for each answer whether it is right: true or false.")
        if "pair" in option and kind != QuestionKind.MATCH:
            yield place, _("Only answers of a “match” question have a “pair”.")
        if len(str(option.get("text") or "")) > 300:
            yield place, _("“%(field)s” is too long.") % {"field": "text"}
    texts = Counter(str(option.get("text")).casefold() for option in options)
    if texts and max(texts.values()) > 1:
        yield ("options",), _("Two answers say the same.")


def _right_ones(kind: str, options: Sequence[Mapping[str, Any]]) -> Iterable[Finding]:
    right = sum(option.get("right") is True for option in options)
    if kind in ONE_RIGHT and right != 1:
        yield ("options",), _("Exactly one answer must be right: true.")
    elif kind == QuestionKind.MANY and not 2 <= right < len(options):
        yield ("options",), _("At least two answers must be right: true, and at least one must not.")
    elif kind == QuestionKind.SPOT and not 1 <= right <= min(4, len(options) - 1):
        yield (
            ("options",),
            _("One to four parts must be right: true, the ones that give the scam away, and one harmless."),
        )


def _partners(options: Sequence[Mapping[str, Any]]) -> Iterable[Finding]:
    if not 3 <= len(options) <= 5:
        yield ("options",), _("A “match” question has three to five pairs.")
    pairs = [str(option.get("pair") or "").strip() for option in options]
    if not all(pairs):
        yield ("options",), _("Each answer of a “match” question needs its partner: pair.")
    elif len({pair.casefold() for pair in pairs}) != len(pairs):
        yield ("options",), _("Two answers have the same partner.")


def _dressing(kind: str, question: Mapping[str, Any]) -> Iterable[Finding]:
    """The story of a situation and the looks of a message stand where they belong, and only there."""
    story, scene = question.get("story"), question.get("scene")
    if kind == QuestionKind.SITUATION and not story:
        yield (), _("A “situation” needs its story: two to four short sentences.")
    if kind != QuestionKind.SITUATION and story:
        yield ("story",), _("Only a “situation” has a story.")
    if kind == QuestionKind.SPOT:
        if not isinstance(scene, Mapping) or str(scene.get("kind")) not in SceneKind.values:
            yield (
                ("scene",),
                _("A “spot” question needs scene: {kind: sms, from: …}; kind is %(kinds)s.")
                % {"kinds": ", ".join(SceneKind.values)},
            )
        elif set(scene) - {"kind", "from"}:
            yield ("scene",), _("A scene has “kind” and “from” and nothing else.")
    elif scene:
        yield ("scene",), _("Only a “spot” question has a scene.")


def _giveaways(kind: str, options: Sequence[Mapping[str, Any]]) -> Iterable[Finding]:
    for number, option in enumerate(options):
        if _ALL_OF_THEM.search(str(option.get("text") or "")):
            yield (
                ("options", number),
                _("“All of the above” can be guessed without knowing anything. Write an answer of its own."),
            )
    if kind not in ONE_RIGHT:
        return
    right = [len(str(option.get("text"))) for option in options if option.get("right") is True]
    wrong = [len(str(option.get("text"))) for option in options if option.get("right") is False]
    if len(right) == 1 and wrong and right[0] > FAR_LONGER * max(wrong) and right[0] - max(wrong) >= FAR_LETTERS:
        yield (
            ("options",),
            _(
                "The right answer is the longest by far: people find it without reading. Shorten it, or fill the others."
            ),
        )


def habit_findings(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the questions of one lesson give away together: always the longest, always in the same place."""
    singles = [
        list(question["options"])
        for question in questions
        if question.get("kind") in ONE_RIGHT and sum(one.get("right") is True for one in question["options"]) == 1
    ]
    if len(singles) < ENOUGH_FOR_A_HABIT:
        return []
    found = []
    if all(_longest_is_right(options) for options in singles):
        found.append(_("In every question of this lesson the right answer is the longest one."))
    if len({next(at for at, one in enumerate(options) if one.get("right") is True) for options in singles}) == 1:
        found.append(_("In every question of this lesson the right answer stands in the same place."))
    return found


def _longest_is_right(options: Sequence[Mapping[str, Any]]) -> bool:
    return max(options, key=lambda one: len(str(one.get("text")))).get("right") is True
