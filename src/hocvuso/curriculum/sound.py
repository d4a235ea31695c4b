"""Recorded voices of lessons: which text they read, whether it still stands, and the bytes.

What is read is the text of a release, so a new release with the same words keeps its voice, and a changed word flags it. Source:
R-01; design §9 no. 3.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.errors import LessonNotFound
from hocvuso.curriculum.models import LessonPage, Recording, Release, SoundPart
from hocvuso.curriculum.queries import content_of, current_digest
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.vietnamese import composed

MOST_BYTES = 2 * 1024 * 1024  # about ten minutes of speech as a phone records it
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.I)
_TAG = re.compile(r"<[^>]+>")


class BadSound(HocVuSoError):
    code = "curriculum.bad_sound"
    message = _("This is no recording that phones can play. Record it here, or bring an MP3, M4A, OGG or WebM file.")


class SoundTooLarge(HocVuSoError):
    code = "curriculum.sound_too_large"
    status = 413
    message = _("This recording is larger than 2 MB, too much for a phone. Record it shorter or with less quality.")


class SpeakerMissing(HocVuSoError):
    code = "curriculum.speaker_missing"
    message = _("Say who reads: the name stands beside the licence.")


def text_of(content: Mapping[str, Any], part: str) -> str:
    """What is read aloud of a part of a lesson: plain sentences, a line a paragraph."""
    if part == SoundPart.UNDERSTAND:
        lines = [content["title"], *(_plain(section["html"]) for section in content["understand"])]
    else:
        steps = [" ".join(filter(None, [step["text"], step["note"]])) for step in content["use"]["steps"]]
        lines = [content["use"]["intro"], *steps, content["use"]["help"]]
    return "\n".join(line for line in lines if line)


def _plain(markup: str) -> str:
    lines = _TAG.sub("", _BLOCK.sub("\n", markup)).split("\n")
    return "\n".join(line for line in (composed(html.unescape(line)) for line in lines) if line)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kind_of(content: bytes) -> str:
    """The type of a recording by its first bytes. Raises BadSound for anything phones do not play."""
    if content.startswith(b"\x1aE\xdf\xa3"):
        return "audio/webm"
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content[4:8] == b"ftyp":
        return "audio/mp4"
    if content.startswith(b"ID3") or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0):
        return "audio/mpeg"
    raise BadSound


def keep_recording(*, lesson: str, part: str, content: bytes, speaker: str, licence: str, at: datetime) -> Recording:
    """Keep a recording of a part of a lesson as it stands published; it takes the place of an earlier one.

    Raises LessonNotFound, BadSound, SoundTooLarge, SpeakerMissing.
    """
    digest = current_digest(ReleaseKind.LESSON, lesson)
    if digest is None or part not in SoundPart.values:
        raise LessonNotFound
    if len(content) > MOST_BYTES:
        raise SoundTooLarge
    name = composed(speaker)[:120]
    if not name:
        raise SpeakerMissing
    values = {
        "text_digest": digest_of(text_of(content_of(digest), part)),
        "digest": hashlib.sha256(content).hexdigest(),
        "content_type": kind_of(content),
        "body": content,
        "speaker": name,
        "licence": composed(licence)[:60] or "CC BY 4.0",
        "recorded_at": at,
    }
    found, _made = Recording.objects.update_or_create(lesson=lesson, part=part, language="vi", defaults=values)
    return found


def remove_recording(*, lesson: str, part: str) -> None:
    Recording.objects.filter(lesson=lesson, part=part).delete()


def sounds_of(lesson: str) -> dict[str, Any]:
    """What a phone needs to play: the release these recordings read, and part → digest of the sound. Raises LessonNotFound.

    Recordings of an older text are left out. Two queries.
    """
    digest = current_digest(ReleaseKind.LESSON, lesson)
    if digest is None:
        raise LessonNotFound
    content = content_of(digest)
    rows = Recording.objects.filter(lesson=lesson).values_list("part", "text_digest", "digest", "speaker")
    parts = {
        part: {"sound": sound, "speaker": speaker}
        for part, text, sound, speaker in rows
        if digest_of(text_of(content, part)) == text
    }
    return {"v": 1, "lesson": lesson, "release": digest, "parts": parts}


@dataclass(frozen=True, slots=True)
class SoundLine:
    """A part of a lesson as authors see it: `state` is none, current or stale (the text has changed since)."""

    lesson: str
    title: str
    part: str
    part_label: str
    state: str
    speaker: str
    recorded_at: datetime | None


def sound_lines() -> list[SoundLine]:
    """Every part of every published lesson with its recording, those whose text changed first. Three queries."""
    rows = {
        (row["lesson"], row["part"]): row
        for row in Recording.objects.values("lesson", "part", "text_digest", "speaker", "recorded_at")
    }
    titles = dict(LessonPage.objects.live().values_list("slug", "title"))
    found = []
    releases = Release.objects.filter(kind=ReleaseKind.LESSON, is_current=True).order_by("slug")
    for slug, digest in releases.values_list("slug", "digest"):
        content = content_of(digest)
        for part in SoundPart:
            row = rows.get((slug, part.value))
            state = "none"
            if row is not None:
                state = "current" if digest_of(text_of(content, part)) == row["text_digest"] else "stale"
            found.append(
                SoundLine(
                    slug,
                    titles.get(slug, content["title"]),
                    part.value,
                    str(part.label),
                    state,
                    row["speaker"] if row else "",
                    row["recorded_at"] if row else None,
                )
            )
    order = {"stale": 0, "none": 1, "current": 2}
    return sorted(found, key=lambda line: (order[line.state], line.title, line.part))
