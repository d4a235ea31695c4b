"""What helps to teach: notes, hand-outs, meeting packs led and recorded, and what covers which skill."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hocvuso.curriculum.coverage import coverage_of, equivalents
from hocvuso.curriculum.errors import MeetingInFuture, MoreHandsThanPeople
from hocvuso.curriculum.meetings import meetings_held, record_meeting, runs_page
from hocvuso.curriculum.models import Framework, MeetingRun
from hocvuso.curriculum.public import current_release
from hocvuso.curriculum.serving import pages
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.models import Account
from hocvuso.people.public import Capability, Person, Role, reach_of
from hocvuso.units.models import Unit
from tests.factories.people import make_officer

HANDS = [[9, 1], [0, 10], [None, None]]


@dataclass
class Place:
    ward: Unit
    quarter: Unit
    other: Unit
    account: Account

    @property
    def officer(self) -> Person:
        return self.account.person


@pytest.fixture
def place(db) -> Place:
    nation = Unit.add_root(line="TERRITORY", kind="NATION", code="VN", name="Việt Nam")
    ward = nation.add_child(line="TERRITORY", kind="WARD", code="26824", name="Phường Bình Thạnh")
    quarter = ward.add_child(line="TERRITORY", kind="NEIGHBOURHOOD", code="26824-01", name="Khu phố 1")
    other = nation.add_child(line="TERRITORY", kind="WARD", code="26800", name="Phường Linh Xuân")
    return Place(ward, quarter, other, make_officer("Lê Văn Cường", ward, Role.OFFICER, "cuong@binhthanh.test"))


@pytest.fixture(autouse=True)
def _fresh_pages():
    pages.clear()


def record(place, now, **changes):
    values = {
        "actor": place.officer,
        "run_id": uuid.uuid4(),
        "digest": current_release("meeting", "hop").digest,
        "unit": place.quarter,
        "held_on": now.date(),
        "people_present": 10,
        "hands": HANDS,
        "at": now,
    }
    return record_meeting(**{**values, **changes})


@pytest.mark.clause("R-21")
def test_teachers_find_notes_handout_loudspeaker_and_packs_behind_the_lesson(loaded, client):
    assert "/bai/giu-ma/day/" in client.get("/bai/giu-ma/").content.decode()
    words = client.get("/bai/giu-ma/day/").content.decode()
    for piece in ("Nỗi sợ thường gặp", "Bà con nghe giúp.", "/bai/giu-ma/to-roi.pdf", "/sinh-hoat/hop/"):
        assert piece in words
    assert client.get("/bai/khong-co/day/").status_code == 404


@pytest.mark.clause("R-21")
def test_handout_is_the_same_pdf_for_the_same_release(loaded, client):
    first, again = client.get("/bai/giu-ma/to-roi.pdf"), client.get("/bai/giu-ma/to-roi.pdf")
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    assert client.get("/sinh-hoat/hop/to-roi.pdf").content.startswith(b"%PDF-")


def test_quick_questions_of_every_kind_can_be_answered_without_scripts(loaded, client):
    words = client.get("/bai/giu-ma/").content.decode()
    assert "Chị Ba đang nấu cơm." in words  # situation
    assert (
        words.index("Hỏi người nhà") < words.index("Không đọc cho ai") < words.index("Tự nghĩ ra")
    )  # partners, sorted
    assert words.count('class="part part--betrays"') == 1
    assert "Số lạ" in words


@pytest.mark.clause("R-25")
def test_meeting_is_recorded_once_with_its_unit_day_and_people(loaded, place, now):
    run = record(place, now)
    assert record(place, now, run_id=run.pk, people_present=99).people_present == 10
    assert MeetingRun.objects.count() == 1
    assert AuditEntry.objects.filter(action="curriculum.meeting.recorded", object_id=str(run.pk)).count() == 1
    within = reach_of(place.officer, Capability.SEE_FIGURES).paths("unit__path")
    held = meetings_held(within=within, since=now.date(), until=now.date())
    assert (held.times, held.people) == (1, 10)
    assert runs_page(within=within)[0][0].right_percent == 95


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"people_present": 9}, MoreHandsThanPeople),
        ({"days": 1}, MeetingInFuture),
        ({"elsewhere": True}, NotAllowed),
    ],
)
def test_recording_a_meeting_refuses(loaded, place, now, changes, problem):
    if changes.pop("elsewhere", False):
        changes["unit"] = place.other
    if days := changes.pop("days", 0):
        changes["held_on"] = now.date() + timedelta(days=days)
    with pytest.raises(problem):
        record(place, now, **changes)
    assert not MeetingRun.objects.exists()


@pytest.mark.clause("R-25")
def test_officer_leads_a_pack_and_records_it_others_only_lead(loaded, place, client):
    words = client.get("/sinh-hoat/hop/chay/").content.decode()
    assert "Ai chọn câu đầu?" in words
    assert 'name="people_present"' not in words
    client.force_login(place.account, "allauth.account.auth_backends.AuthenticationBackend")
    assert 'name="people_present"' in client.get("/sinh-hoat/hop/chay/").content.decode()
    sent = {"run": str(uuid.uuid4()), "unit": place.quarter.pk, "held_on": "2026-11-09", "people_present": 12}
    assert client.post("/sinh-hoat/hop/chay/", {**sent, "people_present": 0}).status_code == 422
    assert client.post("/sinh-hoat/hop/chay/", {**sent, "hands_0_0": 3}).status_code == 302
    assert MeetingRun.objects.get().hands == [[3, None], [None, None], [None, None]]


def test_meetings_take_the_same_queries_for_any_number(loaded, place, now, django_assert_num_queries):
    within = reach_of(place.officer, Capability.SEE_FIGURES).paths("unit__path")
    record(place, now)
    with django_assert_num_queries(2):
        runs_page(within=within)
    for _ in range(3):
        record(place, now)
    with django_assert_num_queries(2):
        assert len(runs_page(within=within)[0]) == 4


def test_skills_said_to_be_the_same_share_their_lessons():
    counted = equivalents(
        [("a", None, ["x"]), ("a.1", "a", ["x.1"]), ("x", None, []), ("x.1", "x", []), ("y", None, [])]
    )
    assert counted["a"] == {"a", "a.1", "x", "x.1"}
    assert counted["a.1"] == {"a.1", "x.1"}
    assert counted["x.1"] == {"x.1", "a.1"}
    assert counted["y"] == {"y"}


@pytest.mark.clause("R-21")
def test_coverage_tells_lessons_practices_and_questions_of_a_skill(loaded, django_assert_num_queries):
    framework = Framework.objects.get(slug="khung")
    with django_assert_num_queries(4):
        rows = {row.code: row for row in coverage_of(framework)}
    assert [slug for slug, _ in rows["kt-4"].lessons] == ["giu-ma"]
    assert (rows["kt-4.2"].practices, rows["kt-4.2"].quick, rows["kt-4.2"].graded) == (1, 4, 1)
    assert rows["kt-1"].is_family
    assert [slug for slug, _ in rows["kt-1"].lessons] == ["tra-tien"]
