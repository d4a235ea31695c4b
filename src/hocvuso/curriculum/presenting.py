"""From the content of a release to what its page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from hocvuso.curriculum import queries, serving
from hocvuso.curriculum.content import in_language, pictures_of
from hocvuso.curriculum.rules import Packed
from hocvuso.curriculum.words import in_words


def lesson_page(
    content: Mapping[str, Any], digest: str, *, definitions: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The context of curriculum/lesson.html. definitions: practices by code, for drafts; else those of the releases."""
    practices = []
    for number, head in enumerate(content["practices"], start=1):
        definition = definitions[head["slug"]] if definitions else queries.definition_of(head["digest"])
        card = practice_card(definition, head["digest"])
        if definitions:
            card["definition"] = definition
        card["place"] = "lam" if number == 1 else f"lam-{number}"
        practices.append(card)
    following = [*(one["place"] for one in practices), "dung"][1:]
    for card, after in zip(practices, following, strict=True):
        card["next"] = f"#{after}"
    return {
        "lesson": content,
        "understand": understand_sections(content["understand"]),
        "credits": pictures_of({"understand": content["understand"]}),
        "digest": digest,
        "practices": practices,
        "checked_on": _day(content["checked_on"]),
        "several": len(practices) > 1,
        "first_practice": practices[0]["place"] if practices else "dung",
        "links": ["#hieu", "#lam" if practices else "#dung", "#dung"],
    }


def understand_sections(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Step 1 as the page shows it: pictures with their address; those further down wait until they are near."""
    return [
        {**section, "url": picture_address(section["picture"]), "lazy": place > 0}
        if "picture" in section
        else dict(section)
        for place, section in enumerate(sections)
    ]


def picture_address(picture: Mapping[str, Any]) -> str:
    """Where the bytes of a picture are, for ever."""
    return reverse("picture", args=[picture["digest"], picture["type"]])


def packed_lesson(digest: str, *, path: str, language: str) -> Packed:
    """The page of a lesson ready to send, drawn where it was not asked for before."""
    return serving.pages.get(
        (digest, language),
        lambda: serving.drawn(
            "curriculum/lesson.html",
            lesson_page(in_language(queries.content_of(digest), language), digest),
            path=path,
            language=language,
        ),
    )


@dataclass(frozen=True, slots=True)
class Weight:
    """What keeping a lesson takes. urls: its page, its practices and its pictures; sent: bytes that travel (Brotli); plain: bytes unpacked."""

    urls: tuple[str, ...]
    sent: int
    plain: int


def weight_of(slug: str, digest: str) -> Weight:
    """Measure a lesson's page, its practices and its pictures; shared files (looks, scripts, drawings of practices) are not counted."""
    with translation.override(settings.LANGUAGE_CODE):
        page = reverse("curriculum:lesson", args=[slug])
    parts = [packed_lesson(digest, path=page, language=settings.LANGUAGE_CODE)]
    urls = [page]
    for head in queries.content_of(digest)["practices"]:
        packed = queries.packed_release(head["digest"])
        if packed is not None:
            parts.append(packed)
            urls.append(reverse("release", args=[head["digest"]]))
    sent, plain = sum(len(part.br) for part in parts), sum(len(part.body) for part in parts)
    pictures = pictures_of(queries.content_of(digest))
    sizes = queries.picture_sizes(one["digest"] for one in pictures) if pictures else []
    urls += [picture_address(picture) for picture in pictures]
    return Weight(tuple(urls), sent + sum(one[0] for one in sizes), plain + sum(one[1] for one in sizes))


def practice_card(definition: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """What _practice.html needs, and the practice in words for both kinds of phone."""
    android, iphone = in_words(definition, "android"), in_words(definition, "iphone")
    return {
        "slug": definition["slug"],
        "title": definition["title"],
        "goal": definition["goal"],
        "scam": definition.get("scam", False) is True,
        "release": digest,
        "url": reverse("release", args=[digest]),
        "words": android,
        "words_iphone": iphone if iphone != android else [],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
