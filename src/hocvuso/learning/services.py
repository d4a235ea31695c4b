"""Taking in what devices tell."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from hocvuso.curriculum.public import (
    LessonNotFound,
    LessonRequirements,
    ReleaseNotFound,
    lesson_content,
    lesson_requirements,
    published_paths,
    replay_practice,
)
from hocvuso.evidence.public import Assurance, EvidenceKind, NewEvidence, record_many
from hocvuso.kernel.clock import parse_moment
from hocvuso.kernel.ids import parse_id
from hocvuso.learning.choices import ActivityKind, ItemStatus
from hocvuso.learning.errors import SignedOut
from hocvuso.learning.goals import GOALS, OTHER, WHO
from hocvuso.learning.models import Activity, Bookmark, LessonProgress, PathProgress
from hocvuso.learning.rules import Progress, all_right, completed_at, corrected, is_screen, merged
from hocvuso.learning.signals import PathCompleted, path_completed
from hocvuso.people.public import Person

MAX_ITEMS = 200
SOURCE = "app"
# Ids of evidence that follows from progress: the same person and lesson always give the same id, on whatever device.
_NAMESPACE = uuid.UUID("0197f3c0-0000-7000-8000-68f76375736f")


@dataclass(frozen=True)
class ItemAnswer:
    """What became of one item; `reason` is a stable code, empty unless rejected."""

    id: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class _Accepted:
    activity: Activity
    requirements: LessonRequirements


def take_in(
    *, person: Person, device_id: uuid.UUID | None, items: Sequence[Any], sent_at: datetime | None, at: datetime
) -> list[ItemAnswer]:
    """Store a batch of activities and let progress and evidence follow; one answer an item, in order.

    items: parsed JSON as it came (hostile until read). Good items are stored whatever the others are; the same batch again
    answers `duplicate`. One transaction, a constant number of queries plus one replay a practice. Raises SignedOut when the person
    was erased meanwhile. Source: design §6, R-20.
    """
    replies: list[ItemAnswer] = []
    accepted: dict[uuid.UUID, _Accepted] = {}
    requirements = _Requirements()
    for item in items:
        answer, found = _read(item, person, device_id, sent_at or at, at, requirements)
        if found is not None and found.activity.id in accepted:
            answer = ItemAnswer(answer.id, ItemStatus.DUPLICATE)
        elif found is not None:
            accepted[found.activity.id] = found
        replies.append(answer)
    with transaction.atomic():
        # One batch of a person at a time: two devices that send at the same moment take turns.
        if not Person.objects.select_for_update().filter(pk=person.pk).values_list("pk", flat=True):
            raise SignedOut  # erased while the batch was on its way
        stored = set(Activity.objects.filter(person=person, id__in=list(accepted)).values_list("id", flat=True))
        fresh = [found for key, found in accepted.items() if key not in stored]
        Activity.objects.bulk_create([found.activity for found in fresh], batch_size=200)
        if fresh:
            _follow(person, fresh, at)
    known = {str(key) for key in stored}
    return [
        ItemAnswer(reply.id, ItemStatus.DUPLICATE) if reply.status == ItemStatus.STORED and reply.id in known else reply
        for reply in replies
    ]


class _Requirements:
    """What lessons ask for, looked up once a batch."""

    def __init__(self) -> None:
        self._known: dict[str, LessonRequirements | None] = {}

    def of(self, lesson: str) -> LessonRequirements | None:
        if lesson not in self._known:
            try:
                self._known[lesson] = lesson_requirements(lesson)
            except LessonNotFound:
                self._known[lesson] = None
        return self._known[lesson]


def _read(
    item: Any, person: Person, device_id: uuid.UUID | None, sent_at: datetime, at: datetime, requirements: _Requirements
) -> tuple[ItemAnswer, _Accepted | None]:
    """One item as an activity, or the reason why not."""
    if not isinstance(item, dict):
        return ItemAnswer("", ItemStatus.REJECTED, "malformed"), None
    raw_id = item.get("id")
    shown_id = raw_id if isinstance(raw_id, str) and len(raw_id) <= 64 else ""

    def refuse(reason: str) -> tuple[ItemAnswer, None]:
        return ItemAnswer(shown_id, ItemStatus.REJECTED, reason), None

    activity_id, moment, kind, lesson = (
        parse_id(raw_id),
        parse_moment(item.get("at")),
        item.get("kind"),
        item.get("lesson"),
    )
    if activity_id is None or moment is None or not isinstance(lesson, str) or len(lesson) > 120:
        return refuse("malformed")
    if kind not in ActivityKind.values:
        return refuse("unknown_kind")
    needed = requirements.of(lesson) if lesson.isprintable() else None
    if needed is None:
        return refuse("unknown_lesson")
    activity = Activity(
        person=person,
        id=activity_id,
        kind=kind,
        lesson=lesson,
        device_id=device_id,
        occurred_at=corrected(moment, sent_at=sent_at, received_at=at),
        received_at=at,
    )
    if kind == ActivityKind.PRACTISED:
        reason = _replay(activity, item.get("trace"), needed)
        if reason:
            return refuse(reason)
    elif kind == ActivityKind.USED:
        steps = item.get("steps", [])
        if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
            return refuse("malformed")
        activity.payload = {"steps": sorted(set(steps) & set(needed.steps))}
    elif kind == ActivityKind.KNOWN:
        reason = _check_answers(activity, item)
        if reason:
            return refuse(reason)
    return ItemAnswer(str(activity_id), ItemStatus.STORED), _Accepted(activity, needed)


def _replay(activity: Activity, trace: Any, needed: LessonRequirements) -> str:
    """Run the trace again; the reason why it is refused, or nothing."""
    if not isinstance(trace, dict):
        return "malformed"
    practice, release = trace.get("practice"), trace.get("release")
    if practice not in needed.practices or not isinstance(release, str) or not release.isprintable():
        return "unknown_practice"
    result = replay_practice(release, trace)
    if not result.valid:
        return str(result.reason)
    activity.practice, activity.release, activity.passed = str(practice), release, result.passed
    activity.payload = {"trace": result.trace, "wrong": result.wrong, "hints": result.hints, "ms": result.duration_ms}
    return ""


def _check_answers(activity: Activity, item: dict[str, Any]) -> str:
    """Look at the answers to the quick questions again; the reason why they are refused, or nothing."""
    release = item.get("release")
    if not isinstance(release, str) or not release.isprintable() or len(release) != 64:
        return "malformed"
    try:
        content = lesson_content(release)
    except ReleaseNotFound:
        return "wrong_release"
    if content.get("kind") != "lesson" or content["slug"] != activity.lesson:
        return "wrong_release"
    # A lesson with neither questions nor practices shows nothing of what somebody knows.
    if not all_right(content["questions"], item.get("answers")) or not (content["questions"] or content["practices"]):
        return "not_right"
    activity.release = release
    return ""


def _follow(person: Person, fresh: Sequence[_Accepted], at: datetime) -> None:
    """Light the lamps, and write down what counts."""
    by_lesson: dict[str, list[_Accepted]] = defaultdict(list)
    for found in fresh:
        by_lesson[found.activity.lesson].append(found)
    rows = {row.lesson: row for row in LessonProgress.objects.filter(person=person)}
    evidence: list[NewEvidence] = []
    changed: list[LessonProgress] = []
    for lesson, found_here in by_lesson.items():
        row = rows.setdefault(lesson, LessonProgress(person=person, lesson=lesson))
        progress = _progress_of(row)
        for found in found_here:
            progress = merged(progress, _progress_from(found.activity))
            evidence += _evidence_from(found, person)
        was = row.completed_at
        _put(row, progress, completed_at(progress, found_here[0].requirements.practices))
        latest = max(found.activity.occurred_at for found in found_here)
        row.touched_at = max(row.touched_at or latest, latest)
        changed.append(row)
        if row.completed_at and was is None:
            known = progress.known_at is not None and (progress.understood_at is None or progress.used_at is None)
            # Without a practice only the quick questions speak, and their keys are on the phone.
            seen = found_here[0].requirements.practices or not known
            evidence.append(
                _derived(
                    person,
                    EvidenceKind.LESSON_COMPLETED,
                    f"lesson:{lesson}",
                    row.completed_at,
                    assurance=Assurance.OBSERVED if seen else Assurance.DECLARED,
                    details={"known": True} if known else {},
                )
            )
    LessonProgress.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["person_id", "lesson"],
        update_fields=["understood_at", "practised", "used_at", "known_at", "completed_at", "touched_at"],
    )
    evidence += _finished_paths(person, rows)
    record_many(evidence, at)


def _evidence_from(found: _Accepted, person: Person) -> list[NewEvidence]:
    activity = found.activity
    if activity.kind == ActivityKind.PRACTISED and activity.passed:
        details = {"release": activity.release, "wrong": activity.payload["wrong"], "hints": activity.payload["hints"]}
        return [
            _evidence(
                person,
                EvidenceKind.PRACTICE_PASSED,
                f"practice:{activity.practice}",
                Assurance.OBSERVED,
                activity,
                details,
            )
        ]
    needed = found.requirements
    if activity.kind == ActivityKind.USED and needed.service and set(activity.payload["steps"]) == set(needed.steps):
        return [
            _evidence(person, EvidenceKind.SERVICE_USED, f"service:{needed.service}", Assurance.DECLARED, activity, {})
        ]
    return []


def _evidence(
    person: Person,
    kind: EvidenceKind,
    subject: str,
    assurance: Assurance,
    activity: Activity,
    details: dict[str, Any],
) -> NewEvidence:
    return NewEvidence(
        person_id=person.id,
        kind=kind,
        subject=subject,
        assurance=assurance,
        source=SOURCE,
        occurred_at=activity.occurred_at,
        id=activity.id,
        details={**details, "activity": str(activity.id)},
    )


def _derived(
    person: Person,
    kind: EvidenceKind,
    subject: str,
    moment: datetime,
    *,
    assurance: Assurance = Assurance.OBSERVED,
    details: dict[str, Any] | None = None,
) -> NewEvidence:
    """Evidence that follows from progress: its id follows too, so that it is written once."""
    return NewEvidence(
        person_id=person.id,
        kind=kind,
        subject=subject,
        assurance=assurance,
        source=SOURCE,
        occurred_at=moment,
        details=details or {},
        id=uuid.uuid5(_NAMESPACE, f"{person.id}:{kind}:{subject}"),
    )


def _finished_paths(person: Person, rows: dict[str, LessonProgress]) -> list[NewEvidence]:
    """Paths whose every lesson is finished now and was not before."""
    finished = {lesson: row.completed_at for lesson, row in rows.items() if row.completed_at}
    candidates = [
        path for path in published_paths() if path.lessons and all(lesson in finished for lesson in path.lessons)
    ]
    if not candidates:
        return []
    known = set(PathProgress.objects.filter(person=person).values_list("path", flat=True))
    fresh = [
        PathProgress(person=person, path=path.slug, completed_at=max(finished[lesson] for lesson in path.lessons))
        for path in candidates
        if path.slug not in known
    ]
    PathProgress.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in fresh:
        event = PathCompleted(person.id, row.path, row.completed_at)
        transaction.on_commit(partial(path_completed.send, sender="learning", event=event))
    # A path without an assessment (for elderly people, for market sellers, on AI) is worth a mark of its own, but "finished
    # learning" in the figures means the path of a group.
    counted = {path.slug for path in candidates if path.policy}
    return [
        _derived(person, EvidenceKind.PATH_COMPLETED, f"path:{row.path}", row.completed_at)
        for row in fresh
        if row.path in counted
    ]


def _progress_of(row: LessonProgress) -> Progress:
    practised = {slug: moment for slug, text in row.practised.items() if (moment := parse_moment(text)) is not None}
    return Progress(row.understood_at, practised, row.used_at, row.known_at)


def _progress_from(activity: Activity) -> Progress:
    moment = activity.occurred_at
    match activity.kind:
        case ActivityKind.UNDERSTOOD:
            return Progress(understood_at=moment)
        case ActivityKind.PRACTISED if activity.passed:
            return Progress(practised={activity.practice: moment})
        case ActivityKind.USED:
            return Progress(used_at=moment)
        case ActivityKind.KNOWN:
            return Progress(known_at=moment)
    return Progress()


def _put(row: LessonProgress, progress: Progress, finished_at: datetime | None) -> None:
    row.understood_at = progress.understood_at
    row.practised = {slug: moment.isoformat() for slug, moment in sorted(progress.practised.items())}
    row.used_at = progress.used_at
    row.known_at = progress.known_at
    # A finished lesson stays finished when its next release asks for more.
    row.completed_at = row.completed_at or finished_at


# --- where somebody stopped -------------------------------------------------------------------------------------------

_WHO = {who.code for who in WHO}
_GOALS = {goal.code for goal in (*GOALS, OTHER)}


def keep_bookmark(*, person: Person, told: Any, sent_at: datetime | None, at: datetime) -> None:
    """Remember where a person stopped and what they want to learn; the newer of what is kept and what a device tells.

    told: hostile JSON, `{who, goal, chosen_at, lesson, screen, opened_at}`; what is not understood is left out, for nothing hangs
    on it. Two queries.
    """
    if not isinstance(told, dict):
        return
    row = Bookmark.objects.filter(person=person).first() or Bookmark(person=person)

    def moment(name: str) -> datetime | None:
        said = parse_moment(told.get(name))
        return corrected(said, sent_at=sent_at or at, received_at=at) if said else None

    chosen, opened = moment("chosen_at"), moment("opened_at")
    who, goal, lesson, screen = told.get("who"), told.get("goal"), told.get("lesson"), told.get("screen")
    fits = who in {"", *_WHO} and goal in {"", *_GOALS} if isinstance(who, str) and isinstance(goal, str) else False
    if chosen and fits and (row.chosen_at is None or chosen > row.chosen_at):
        row.who, row.goal, row.chosen_at = str(who), str(goal), chosen
    here = isinstance(lesson, str) and is_screen(screen) and len(lesson) <= 120 and lesson.isprintable()
    if opened and here and (row.opened_at is None or opened > row.opened_at):
        row.lesson, row.screen, row.opened_at = str(lesson), str(screen), opened
    Bookmark.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["who", "goal", "chosen_at", "lesson", "screen", "opened_at"],
    )
