"""Words that pages and open data share."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from hocvuso.evidence.choices import ALL
from hocvuso.kernel import vietnamese
from hocvuso.people.choices import Group
from hocvuso.units.public import Kind

# "phường sẽ đạt…": the kind of a unit inside a sentence.
_KIND_WORDS: dict[str, Promise] = {
    Kind.NATION: pgettext_lazy("unit in a sentence", "the country"),
    Kind.PROVINCE: pgettext_lazy("unit in a sentence", "the province"),
    Kind.CITY: pgettext_lazy("unit in a sentence", "the city"),
    Kind.COMMUNE: pgettext_lazy("unit in a sentence", "the commune"),
    Kind.WARD: pgettext_lazy("unit in a sentence", "the ward"),
    Kind.SPECIAL_ZONE: pgettext_lazy("unit in a sentence", "the special zone"),
    Kind.NEIGHBOURHOOD: pgettext_lazy("unit in a sentence", "the neighbourhood"),
    Kind.ORGANISATION: pgettext_lazy("unit in a sentence", "the organisation"),
    Kind.UNION_UPPER: pgettext_lazy("unit in a sentence", "the union"),
    Kind.UNION_GRASSROOTS: pgettext_lazy("unit in a sentence", "the union"),
    Kind.SCHOOL: pgettext_lazy("unit in a sentence", "the school"),
    Kind.ENTERPRISE: pgettext_lazy("unit in a sentence", "the enterprise"),
    Kind.COOPERATIVE: pgettext_lazy("unit in a sentence", "the cooperative"),
}
_SHORT_GROUPS: dict[str, Promise] = {
    Group.PUBLIC: gettext_lazy("Public-sector staff"),
    Group.PUPIL: gettext_lazy("Pupils"),
    Group.STUDENT: gettext_lazy("Students"),
    Group.ADULT: gettext_lazy("Adults"),
    Group.WORKER: gettext_lazy("Workers in enterprises"),
    ALL: gettext_lazy("Everybody"),
}


_SOURCES: dict[str, Promise] = {
    "app": gettext_lazy("the learner's phone"),
    "sync": gettext_lazy("the learner's phone"),
    "assessment": gettext_lazy("the test, graded by the server"),
    "credentials": gettext_lazy("the confirming unit"),
    "credentials CERTIFICATE_ISSUED": gettext_lazy("issued by the system"),
    "credentials VNEID_ACCEPTED": gettext_lazy("the answer of VNeID"),
    "oversight": gettext_lazy("inspection"),
    "import": gettext_lazy("a file from another platform"),
    "demo": gettext_lazy("demo data"),
}


def source_word(source: str, kind: str = "") -> str:
    """Where an entry of the ledger comes from (`import:ptit` → a file from another platform); the code itself if unknown.

    kind: of the entry. One room may write entries that different parties stand for: the server issues, the unit confirms.
    """
    room = source.partition(":")[0]
    word = _SOURCES.get(f"{room} {kind}", _SOURCES.get(room))
    return source if word is None else str(word)


def kind_word(kind: str) -> str:
    """`the ward`, `phường`."""
    return str(_KIND_WORDS.get(kind, _("the unit")))


def group_word(group: str) -> str:
    """`Adults`, `Người trưởng thành`."""
    return str(_SHORT_GROUPS.get(group, group))


def day_month(day: date) -> str:
    """`31/12`, in English `31 Dec`."""
    return f"{day.day} {day:%b}" if get_language() == "en" else day.strftime("%d/%m")


def full_date(day: date) -> str:
    """`31/12/2026`, in English `31 Dec 2026`."""
    return f"{day.day} {day:%b %Y}" if get_language() == "en" else vietnamese.short_date(day)


_ENGLISH = str.maketrans(",.", ".,")


def number(value: float | int | None, decimals: int = 0) -> str:
    """`1.250`, in English `1,250`."""
    text = vietnamese.number(value, decimals)
    return text.translate(_ENGLISH) if get_language() == "en" else text


def percent(ratio: float | None, decimals: int = 1) -> str:
    """`82,5%`, in English `82.5%`."""
    text = vietnamese.percent(ratio, decimals)
    return text.translate(_ENGLISH) if get_language() == "en" else text
