"""Search that forgives: no tone marks, small slips, the ways people shorten and spell as they speak.

Two steps. The index (three letters in a row, one indexed query) finds the entries worth a closer look; `score` then ranks those
few. The phone ranks what it has kept with the same arithmetic (static/curriculum/search.js); tests/vectors/search.json holds both
to it. Source: R-01, R-20.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, F

from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.models import Release, SearchEntry, SearchGram
from hocvuso.kernel.vietnamese import folded

# More words than this say nothing more about what somebody looks for.
MOST_WORDS = 8
MOST_LOOKED_AT = 80
MOST_FOUND = 50
# Words that stand in almost every sentence: they count little, and a lesson cannot be found by them alone.
LITTLE = frozenset(
    [
        "qua",
        "cho",
        "la",
        "co",
        "cach",
        "cac",
        "cua",
        "va",
        "thi",
        "bi",
        "lam",
        "sao",
        "nao",
        "voi",
        "toi",
        "trong",
        "khi",
        "de",
        "bang",
        "tren",
        "nhu",
        "the",
        "em",
        "con",
        "minh",
        "muon",
        "duoc",
        "mot",
    ]
)
# What almost every lesson here is about: they say half as much as others.
COMMON = frozenset(["dien", "thoai", "may", "mang", "so"])
# How people shorten, and words of other languages that everybody uses.
SHORT = {
    "cccd": "can cuoc",
    "cmnd": "can cuoc",
    "ck": "chuyen khoan",
    "dt": "dien thoai",
    "dtdd": "dien thoai",
    "sdt": "so dien thoai",
    "tk": "tai khoan",
    "mk": "mat khau",
    "pass": "mat khau",
    "password": "mat khau",
    "bhyt": "bao hiem y te",
    "bhxh": "bao hiem xa hoi",
    "dvc": "dich vu cong",
    "fb": "mang xa hoi facebook",
    "facebook": "mang xa hoi facebook",
    "ytb": "video youtube",
    "chatgpt": "tro ly ai",
    "gpt": "tro ly ai",
    "nh": "ngan hang",
    "link": "duong dan",
    "app": "ung dung",
    "scam": "lua dao",
    "k": "khong",
    "ko": "khong",
}
_WORD = re.compile(r"[^\W_]+")
_SOUNDS = (
    (re.compile(r"^(?:qu|w)"), "w"),
    (re.compile(r"^(?:gi|r)"), "d"),
    (re.compile(r"^tr"), "ch"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"^ngh"), "ng"),
    (re.compile(r"^gh"), "g"),
    (re.compile(r"^(?:ph|f)"), "f"),
    (re.compile(r"^(?:k(?!h)|q)"), "c"),
    (re.compile(r"^n(?![gh])"), "l"),
    (re.compile(r"^z|^j"), "d"),
    (re.compile(r"([^aeou]|^)y"), r"\1i"),
)
_TITLE, _KEYWORD, _SUMMARY = 6, 4, 2
_CLEAR = 3.6  # as it sounds, in a keyword or the title


def words_of(text: str) -> list[str]:
    """`Lừa đảo qua Zalo!` → `lua dao qua zalo`, as a list."""
    return _WORD.findall(folded(text))


def asked_words(text: str) -> list[str]:
    """The words of a search, short forms written out."""
    found: list[str] = []
    for word in words_of(text):
        found += SHORT.get(word, word).split()
    return found[:MOST_WORDS]


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """How a word sounds to somebody who spells as they speak: `wa` and `qua`, `sài` and `xài`, `nàm` and `làm` are the same."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word, count=1)
    return word


_LITTLE_SOUNDS = frozenset(sound(word) for word in LITTLE)


def weight_of(word: str) -> float:
    """How much an asked word says: little words a quarter, what every lesson is about a half."""
    return 0.25 if sound(word) in _LITTLE_SOUNDS else 0.5 if word in COMMON else 1.0


def grams_of(words: Iterable[str]) -> set[str]:
    """Three letters in a row of every word as it sounds, with its two ends."""
    found: set[str] = set()
    for word in words:
        padded = f" {sound(word)[:30]} "
        found |= {padded[place : place + 3] for place in range(len(padded) - 2)}
    return found


def near(one: str, other: str) -> bool:
    """Whether one slip (a letter more, less, other, or two changed places) leads from one word to the other; two in long words."""
    allowed = 0 if min(len(one), len(other)) < 4 else 2 if min(len(one), len(other)) >= 8 else 1
    # Syllables are short: a slip in the first letter is another word (cong, rong, dong).
    if not allowed or abs(len(one) - len(other)) > allowed or sound(one)[0] != sound(other)[0]:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, theirs in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1] <= allowed


@lru_cache(maxsize=32768)
def closeness(asked: str, word: str) -> float:
    """How well a word answers an asked one, 0 to 1."""
    if asked == word:
        return 1.0
    if sound(asked) == sound(word):
        return 0.9
    if len(asked) > 2 and word.startswith(asked):
        return 0.8
    return 0.7 if near(asked, word) else 0.0


def score(asked: Sequence[str], *, title: Sequence[str], keywords: Sequence[str], summary: Sequence[str]) -> float:
    """How well an entry answers the asked words; 0 when too little of them is in it.

    The title weighs most, then keywords, then the summary; words that stand side by side as they were asked weigh more. At least
    half of the words that mean something must be there; a single one of several only where it is unmistakable.
    """
    fields = ((title, _TITLE), (keywords, _KEYWORD), (summary, _SUMMARY))
    total, there, meant, clearest = 0.0, 0, 0, 0.0
    for one in asked:
        weighs = weight_of(one)
        little = weighs < 0.5
        best = max((weight * max((closeness(one, word) for word in words), default=0.0) for words, weight in fields))
        total += best * weighs
        meant += not little
        there += best > 0 and not little
        clearest = max(clearest, 0 if little else best)
    if not there or there * 2 < meant or (there == 1 and meant > 1 and clearest < _CLEAR):
        return 0.0
    for first, second in pairwise(asked):
        total += max(
            (
                weight / 2 * min(weight_of(first), weight_of(second))
                for words, weight in fields
                for one, two in pairwise(words)
                if closeness(first, one) >= 0.7 and closeness(second, two) >= 0.7
            ),
            default=0.0,
        )
    return total * there / max(meant, 1)


# --- the index --------------------------------------------------------------------------------------------------------


def refresh() -> int:
    """Make entries for releases that have none yet, drop those of lessons that are gone; how many changed.

    One query when nothing changed. A database that cannot be written to now is searched as it is.
    """
    current = Release.objects.filter(kind=ReleaseKind.LESSON, is_current=True)
    indexed = SearchEntry.objects.values("digest")
    fresh = list(current.exclude(digest__in=indexed).values_list("slug", "digest", "body"))
    if not fresh:
        return 0
    entries = [_entry(slug, digest, json.loads(bytes(body))) for slug, digest, body in fresh]
    slugs = [entry.slug for entry in entries]
    grams = [
        SearchGram(gram=gram, entry_id=entry.slug)
        for entry in entries
        for gram in sorted(grams_of(f"{entry.title} {entry.keywords} {entry.summary}".split()))
    ]
    try:
        with transaction.atomic():
            SearchEntry.objects.filter(slug__in=slugs).delete()
            SearchEntry.objects.exclude(slug__in=current.values("slug")).delete()
            SearchEntry.objects.bulk_create(entries, ignore_conflicts=True)
            SearchGram.objects.bulk_create(grams, batch_size=500, ignore_conflicts=True)
    except DatabaseError:
        return 0
    return len(entries)


def _entry(slug: str, digest: str, content: dict[str, Any]) -> SearchEntry:
    return SearchEntry(
        slug=slug,
        digest=digest,
        title=" ".join(words_of(content["title"])),
        keywords=" ".join(words_of(" ".join(content.get("keywords", [])))),
        summary=" ".join(words_of(content["summary"])),
    )


def found_slugs(text: str) -> list[str]:
    """Codes of lessons that fit the words, the best first, at most 50; empty for an empty search. Three queries."""
    asked = asked_words(text)
    grams = grams_of(word for word in asked if weight_of(word) >= 0.5) or grams_of(asked)
    if not grams:
        return []
    refresh()
    likely = (
        SearchGram.objects.filter(gram__in=grams)
        .values("entry_id")
        .annotate(number=Count("gram"), slug=F("entry__slug"))
        .order_by("-number", "slug")
        .values_list("slug", "entry__title", "entry__keywords", "entry__summary")[:MOST_LOOKED_AT]
    )
    ranked = [
        (score(asked, title=title.split(), keywords=keywords.split(), summary=summary.split()), slug)
        for slug, title, keywords, summary in likely
    ]
    return [slug for rank, slug in sorted(ranked, key=lambda one: (-one[0], one[1])) if rank > 0][:MOST_FOUND]
