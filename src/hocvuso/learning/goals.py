"""What people come for, and who they are: the two questions of the first page, and the lessons that answer them (R-20, R-21).

Which lessons serve a goal follows from their course; single lessons are named where a course serves several goals. A lesson that
no goal names is still found under OTHER, so nothing published is out of sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hocvuso.curriculum.public import LessonCard


@dataclass(frozen=True)
class Goal:
    """Something to be able to do. `courses`: their lessons belong here; `lessons`: these too; `without`: these do not."""

    code: str
    title: str | Promise
    icon: str
    courses: Sequence[str] = ()
    lessons: Sequence[str] = ()
    without: Sequence[str] = ()

    def holds(self, card: LessonCard) -> bool:
        return card.slug in self.lessons or (card.course in self.courses and card.slug not in self.without)


@dataclass(frozen=True)
class Who:
    """How people name themselves. `group`: the population group whose lessons they get; `first`: goals that come first for them."""

    code: str
    title: str | Promise
    icon: str
    group: str
    first: Sequence[str] = ()


GOALS = (
    Goal("dien-thoai", _("Get on well with the phone"), "phone", courses=("buoc-dau-dien-thoai",)),
    Goal(
        "lua-dao",
        _("Not be cheated"),
        "shield",
        courses=("khong-bi-lua",),
        lessons=(
            "cuoc-goi-cong-an-gia",
            "lua-cap-nhat-dia-chi",
            "theo-doi-ho-so",
            "cai-ung-dung-an-toan",
            "an-toan-nhom-to-ca",
            "anh-giong-noi-ai",
        ),
    ),
    Goal(
        "giay-to",
        _("Papers and procedures"),
        "id-card",
        courses=("song-so-hang-ngay",),
        without=("tra-tien-qr", "so-suc-khoe-dien-tu"),
    ),
    Goal(
        "tien",
        _("Pay, buy and sell"),
        "wallet",
        courses=("tien-va-mua-ban",),
        lessons=("tra-tien-qr", "ai-cho-ban-hang", "thue-etax"),
    ),
    Goal(
        "suc-khoe",
        _("Health and insurance"),
        "heart",
        lessons=("so-suc-khoe-dien-tu", "bao-hiem-vssid", "xem-luong-bao-hiem"),
    ),
    Goal(
        "tai-khoan",
        _("Keep accounts safe"),
        "lock",
        courses=("giu-tai-khoan",),
        lessons=("du-lieu-ca-nhan", "rieng-tu-khi-dung-ai"),
    ),
    Goal(
        "ai",
        _("Use AI well"),
        "ai",
        courses=("tri-tue-nhan-tao",),
        lessons=("hoi-tro-ly-ai",),
    ),
    Goal(
        "tin-that",
        _("Find out, tell true from false"),
        "search",
        courses=("tim-va-kiem-tra",),
        lessons=("video-giong-noi-gia", "kiem-tra-cau-tra-loi-ai"),
    ),
    Goal(
        "lam-viec",
        _("Work with a computer and a phone"),
        "document",
        courses=("lam-viec-so", "can-bo-so", "nguoi-lao-dong-so"),
        lessons=("ai-cho-van-phong",),
    ),
    Goal(
        "hoc-tap",
        _("Study online"),
        "school",
        courses=("hoc-sinh-so",),
        lessons=("ai-cho-hoc-tap", "tim-thong-tin"),
    ),
    Goal(
        "gia-dinh",
        _("Children and family online"),
        "people",
        courses=("quyen-va-gia-dinh",),
        lessons=("goi-video-con-chau", "thoi-gian-man-hinh"),
    ),
)
OTHER = Goal("khac", _("Other things"), "book")

WHO = (
    Who("lon-tuoi", _("An older person"), "heart", "ADULT", ("dien-thoai", "gia-dinh", "lua-dao", "suc-khoe")),
    Who("nguoi-dan", pgettext_lazy("who", "A grown-up"), "user", "ADULT"),
    Who("buon-ban", _("A shopkeeper or market seller"), "market", "ADULT", ("tien", "lua-dao")),
    Who("lao-dong", _("A worker"), "people", "WORKER", ("lam-viec", "lua-dao", "suc-khoe", "tien")),
    Who("can-bo", _("A civil servant"), "document", "PUBLIC", ("lam-viec", "ai", "tai-khoan", "giay-to")),
    Who("hoc-sinh", _("A pupil"), "school", "PUPIL", ("hoc-tap", "lua-dao", "ai", "tin-that")),
    Who("sinh-vien", _("A student"), "book", "STUDENT", ("hoc-tap", "ai", "tien", "lua-dao")),
)


# Who somebody most likely is, by the group they are known to belong to; they can say otherwise.
LIKELY = {"PUPIL": "hoc-sinh", "STUDENT": "sinh-vien", "WORKER": "lao-dong", "PUBLIC": "can-bo", "ADULT": "nguoi-dan"}


@dataclass(frozen=True)
class GoalLessons:
    """A goal and every lesson that serves it: the same number is said wherever the goal is named."""

    goal: Goal
    lessons: tuple[LessonCard, ...]


def codes_of(card: LessonCard) -> list[str]:
    """Every goal a lesson serves; OTHER alone where none names it."""
    return [goal.code for goal in GOALS if goal.holds(card)] or [OTHER.code]


def by_goal(cards: Iterable[LessonCard]) -> list[GoalLessons]:
    """Goals that have lessons, in their order; a lesson stands under each goal it serves."""
    found: dict[str, list[LessonCard]] = {}
    for card in cards:
        for code in codes_of(card):
            found.setdefault(code, []).append(card)
    return [GoalLessons(goal, tuple(found[goal.code])) for goal in (*GOALS, OTHER) if goal.code in found]


def served(cards: Iterable[LessonCard]) -> list[Goal]:
    """Goals that at least one lesson serves, in their order."""
    codes = {code for card in cards for code in codes_of(card)}
    return [goal for goal in (*GOALS, OTHER) if goal.code in codes]
