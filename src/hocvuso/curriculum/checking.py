"""What keeps a draft from being published: the very checks that files go through, told for the studio.

A lesson is written as its files into a folder of its own and read as any author's folder is, so that whatever is published can be taken
out as files and brought in again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path as Folder
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from hocvuso.curriculum.authored import AuthoredFile, Problem
from hocvuso.curriculum.exporting import meeting_data, question_data, write_lesson, write_yaml
from hocvuso.curriculum.models import LessonPage, MeetingPack, Path, Picture, Practice, Question, QuestionOption, Skill
from hocvuso.curriculum.models.practices import problem_sentences
from hocvuso.curriculum.models.workflow import publication_checks
from hocvuso.curriculum.question_rules import question_findings
from hocvuso.curriculum.starter import read_lesson
from hocvuso.curriculum.starter_kits import read_meeting


def publication_problems(thing: Any) -> list[str]:
    """What has to be mended before this draft can be published, in the reader's language; empty when it is fit."""
    if isinstance(thing, LessonPage):
        return _lesson_problems(thing)
    if isinstance(thing, Practice):
        return problem_sentences(thing.definition)
    if isinstance(thing, Question):
        return list(dict.fromkeys(sentence for _place, sentence in question_findings(question_data(thing))))
    if isinstance(thing, MeetingPack):
        return _meeting_problems(thing)
    if isinstance(thing, Path) and not thing.path_lessons.all():
        return [_("A path needs at least one lesson.")]
    return []


def _lesson_problems(page: LessonPage) -> list[str]:
    for place in page.lesson_practices.all():
        place.practice = _as_published_with(place.practice)
    for place in page.lesson_questions.all():
        place.question = _as_published_with(place.question)
    options = Prefetch("options", queryset=QuestionOption.objects.order_by("sort_order", "id"))
    bank = Question.objects.filter(live=True, lesson_slug=page.slug).order_by("pk").prefetch_related(options)
    with tempfile.TemporaryDirectory() as made:
        folder = Folder(made)
        write_lesson(folder, page.slug, page, list(bank))
        found = read_lesson(
            folder,
            folder / page.slug,
            skills=set(Skill.objects.values_list("code", flat=True)),
            pictures=dict(Picture.objects.values_list("slug", "weight")),
        )
    return _told(found)


def _as_published_with(part: Practice | Question) -> Any:
    """A part that was never published goes out with its lesson, as its newest draft."""
    return part if part.live or part.latest_revision_id is None else part.get_latest_revision_as_object()


def _meeting_problems(pack: MeetingPack) -> list[str]:
    with tempfile.TemporaryDirectory() as made:
        notebook = _Notebook(Folder(made))
        write_yaml(notebook.folder, "sinh-hoat.yaml", meeting_data(pack))
        read_meeting(
            AuthoredFile(notebook, notebook.folder / "sinh-hoat.yaml"),
            lessons=set(LessonPage.objects.live().values_list("slug", flat=True)),
            skills=set(Skill.objects.values_list("code", flat=True)),
        )
    return _told(notebook.problems)


class _Notebook:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def note(self, file: str, line: int, sentence: str) -> None:
        self.problems.append(Problem(file, line, sentence))


def _told(problems: Iterable[Problem]) -> list[str]:
    """The sentences with the names of the studio's parts instead of files and fields."""
    names = _field_names()
    sentences = []
    for problem in problems:
        sentence = problem.sentence
        for field, name in names.items():
            sentence = sentence.replace(f"“{field}”", f"“{name}”")
        part = _part_name(problem.file)
        sentences.append(f"{part}: {sentence}" if part else sentence)
    return list(dict.fromkeys(sentences))


def _part_name(file: str) -> str:
    name = Folder(file).name
    parts = {
        "hieu.md": _("1. Understand"),
        "dung.yaml": _("3. Use"),
        "cau-hoi.yaml": _("Quick questions"),
        "giao-an.md": _("Teaching notes"),
        "loa.md": _("For the loudspeaker"),
        "to-roi.yaml": _("Hand-out (A5)"),
    }
    if name.startswith("lam-"):
        return _("2. Practise")
    told = parts.get(name, "")
    language = Folder(file).parent.name
    return f"{told} ({language})" if told and len(language) == 2 else told


def _field_names() -> dict[str, str]:
    """What the studio calls the fields of the files."""
    return {
        "title": _("Title"),
        "summary": _("Summary"),
        "minutes": _("Minutes"),
        "groups": _("For"),
        "skills": _("Skills"),
        "sources": _("Sources"),
        "checked_on": _("checked on"),
        "next_check_on": _("to be checked again on"),
        "intro": _("opening sentence"),
        "steps": _("things to do"),
        "help": _("who can help"),
        "lines": _("lines of the hand-out"),
        "remember": _("one sentence to remember"),
        "ask": _("whom to ask"),
        "why": _("why"),
        "text": _("Its words"),
    }


if publication_problems not in publication_checks:
    publication_checks.append(publication_problems)
