"""Draft, handed in, returned, approved, locked, opened by exception: who may, and nothing lost."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hocvuso.evidence.public import EvidenceKind, project_all, revoke_evidence
from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError, NotAllowed
from hocvuso.kernel.models import AppendOnly, AuditEntry
from hocvuso.people.choices import Role
from hocvuso.programme import editions, moves
from hocvuso.programme.choices import ReportState, Side, Verb
from hocvuso.programme.errors import (
    BelowNotDone,
    EditedMeanwhile,
    HandedInAlready,
    MovedMeanwhile,
    PeriodStillRunning,
    SamePerson,
)
from hocvuso.programme.models import Report, ReportEdition, ReportMove, ReportPeriod
from hocvuso.programme.queries import get_period, report_of
from hocvuso.programme.services import end_exceptions, hand_in, load_periods, move_report, save_narrative
from tests.credentials.test_at_once import at_once
from tests.factories.figures import give_denominator, make_officer
from tests.factories.spine import City, make_city, make_person, record

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
IN_PERIOD = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


class Ward:
    """A ward with an officer, the city above with an officer who checks and two leaders."""

    def __init__(self) -> None:
        load_periods(range(2026, 2027))
        self.city: City = make_city()
        self.unit = self.city.binh_thanh
        self.period: ReportPeriod = get_period("2026-M11")
        self.officer = make_officer(self.unit)
        self.checker = make_officer(self.city.city, full_name="Phạm Văn Chuyên Viên")
        self.leader = make_officer(self.city.city, Role.LEADER, "Nguyễn Quốc Lãnh Đạo")
        self.own_leader = make_officer(self.unit, Role.LEADER, "Trần Thị Chủ Tịch")

    @property
    def report(self) -> Report:
        return Report.objects.select_related("unit", "period", "edition").get()

    def hand_in(
        self, *, actor=None, narrative=None, version: int | None = None, at: datetime = NOW, remark: str = ""
    ) -> Report:
        stored = Report.objects.filter(unit=self.unit).first()
        current = stored.version if stored else 0
        return hand_in(
            actor=(actor or self.officer).person,
            unit=self.unit,
            period=self.period,
            narrative=narrative if narrative is not None else {"plan": "Mở 4 lớp"},
            version=current if version is None else version,
            remark=remark,
            at=at,
        )

    def move(
        self,
        verb: Verb,
        actor=None,
        *,
        version: int | None = None,
        remark: str = "vì thế",
        at: datetime = NOW,
        until=TODAY,
    ) -> Report:
        report = self.report
        return move_report(
            actor=(actor or self.leader).person,
            report=report,
            verb=verb,
            version=report.version if version is None else version,
            remark=remark,
            until=until,
            at=at,
        )


@pytest.fixture
def ward(db: None, monkeypatch: pytest.MonkeyPatch) -> Ward:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Ward()


@pytest.mark.clause("R-31")
@pytest.mark.django_db
def test_any_order_of_moves_keeps_the_rules(ward):
    """Walks at random over every move by everybody: the table of moves says what happens, and nothing else does."""
    people = {"officer": ward.officer, "checker": ward.checker, "leader": ward.leader, "own_leader": ward.own_leader}
    sides = {
        "officer": {Side.UNIT},
        "checker": {Side.UNIT, Side.ABOVE},  # a mandate over the city reaches its wards
        "leader": {Side.ABOVE, Side.LEADER},
        "own_leader": set(),
    }
    dice, moment = Random(9), itertools.count()
    ward.hand_in()
    state, reached = ReportState.SUBMITTED, set()
    for _ in range(160):
        fitting = [(name, move.verb) for move in moves.moves_from(state) for name in people if move.side in sides[name]]
        name, verb = dice.choice(fitting if dice.random() < 0.7 else [(n, v) for n in people for v in Verb])
        move, at = moves.MOVES[verb], NOW + timedelta(seconds=next(moment))
        before = ward.report
        own = verb in moves.FOUR_EYES and str(people[name].person.pk) in before.writers
        allowed = state in move.sources and move.side in sides[name] and not own
        try:
            if verb == Verb.HAND_IN:
                ward.hand_in(actor=people[name], at=at)
            else:
                ward.move(verb, people[name], at=at)
        except HocVuSoError:
            assert not allowed, (state, name, verb)
            assert (ward.report.version, ward.report.state) == (before.version, before.state)
        else:
            assert allowed, (state, name, verb)
            state = move.target
            reached.add((verb, name))
        after = ward.report
        assert after.state == state
        assert all(editions.is_intact(edition) for edition in after.editions.all())
        if state == ReportState.LOCKED:
            assert after.edition_id == after.locked_edition_id
    assert {verb for verb, _ in reached} == set(Verb), "the walk never tried everything"
    told = ReportMove.objects.count()
    assert (
        AuditEntry.objects.filter(action__startswith="programme.report.").exclude(action__endswith=".saved").count()
        == told
    )
    for row in ReportMove.objects.filter(verb=Verb.APPROVE):
        assert row.actor_id == ward.leader.person_id


@pytest.mark.clause("R-04")
@pytest.mark.django_db
def test_locked_figures_stay_and_late_corrections_stand_beside_them_with_their_reason(ward):
    give_denominator(ward.unit, 10)
    people = [make_person(ward.city.khu_pho_1, f"Người {number}") for number in range(4)]
    ids = [record(person, at=IN_PERIOD) for person in people]
    project_all()
    ward.hand_in()
    ward.move(Verb.APPROVE)
    locked = ward.move(Verb.LOCK)
    for person, evidence_id in list(zip(people, ids, strict=True))[:2]:
        revoke_evidence(
            actor=None, person_id=person.pk, evidence_id=evidence_id, reason="WRONG_DATA", at=NOW + timedelta(hours=1)
        )
    late = make_person(ward.city.khu_pho_2, "Người ghi muộn")
    from hocvuso.evidence.public import record_evidence

    record_evidence(
        person_id=late.pk,
        kind=EvidenceKind.ASSESSMENT_PASSED,
        subject="x",
        assurance=1,
        source="app",
        occurred_at=IN_PERIOD,
        at=NOW + timedelta(hours=1),
    )
    project_all()
    content = report_of(ward.unit, ward.period, TODAY)
    line = next(line for line in content.lines if line.code == "R-10c")
    change = next(change for change in content.late if change.code == "R-10c")
    assert line.so_far == 4
    assert (change.frozen, change.now, change.removed, change.added, change.moved) == (4, 3, 2, 1, 0)
    assert ReportEdition.objects.get(pk=locked.locked_edition_id).digest == locked.locked_edition.digest
    client = Client()
    client.force_login(ward.leader)
    page = " ".join(client.get(address(ward)).content.decode().split())
    assert "đã chốt <strong>4</strong> · nay <strong>3</strong>" in page and "2 kết quả bị thu hồi" in page
    with pytest.raises(AppendOnly):
        locked.locked_edition.save()


@pytest.mark.django_db
def test_an_exception_ends_by_itself_and_the_locked_figures_come_back(ward):
    ward.hand_in(narrative={"plan": "bản đã chốt"})
    ward.move(Verb.APPROVE)
    first = ward.move(Verb.LOCK).locked_edition_id
    ward.move(Verb.UNLOCK, until=TODAY + timedelta(days=3))
    assert end_exceptions(at=NOW + timedelta(days=3)) == 0
    save_narrative(
        actor=ward.officer.person,
        unit=ward.unit,
        period=ward.period,
        narrative={"plan": "sửa dở"},
        version=ward.report.version,
        at=NOW,
    )
    assert end_exceptions(at=NOW + timedelta(days=4)) == 1
    assert end_exceptions(at=NOW + timedelta(days=4)) == 0
    report = ward.report
    assert (report.state, report.edition_id, report.open_until) == (ReportState.LOCKED, first, None)
    assert report_of(ward.unit, ward.period, TODAY).narrative == {"plan": "bản đã chốt"}
    assert ReportMove.objects.order_by("-at").first().actor_id is None


@pytest.mark.django_db
def test_four_eyes_and_wrong_roles(ward):
    both = make_officer(ward.city.city, full_name="Người Kiêm Nhiệm")
    from hocvuso.people.models import Mandate

    Mandate.objects.create(person=both.person, unit=ward.city.city, role=Role.LEADER, valid_from=date(2025, 7, 1))
    ward.hand_in(actor=both)
    with pytest.raises(SamePerson):
        ward.move(Verb.APPROVE, both)
    for stranger in (
        make_officer(ward.city.an_khanh),
        make_officer(ward.city.federation, Role.LEADER),
        ward.own_leader,
    ):
        with pytest.raises(NotAllowed):
            ward.move(Verb.APPROVE, stranger)
        with pytest.raises(NotAllowed):
            ward.hand_in(actor=stranger)
    assert ward.report.state == ReportState.SUBMITTED


@pytest.mark.django_db
def test_a_report_is_handed_in_when_its_period_is_over_and_says_why_when_those_below_are_not_done(ward):
    early = get_period("2026-M12")
    with pytest.raises(PeriodStillRunning):
        hand_in(
            actor=ward.officer.person, unit=ward.unit, period=early, narrative={"plan": "giữ lại"}, version=0, at=NOW
        )
    assert Report.objects.get(period=early).narrative == {"plan": "giữ lại"}
    Report.objects.all().delete()
    neighbourhood = make_officer(ward.city.khu_pho_1)
    hand_in(actor=neighbourhood.person, unit=ward.city.khu_pho_1, period=ward.period, narrative={}, version=0, at=NOW)
    with pytest.raises(BelowNotDone):
        ward.hand_in()
    ward.hand_in(remark="Khu phố 2 mất mạng", version=1)
    assert ReportMove.objects.get(report__unit=ward.unit).remark == "Khu phố 2 mất mạng"


def address(ward, tail: str = "") -> str:
    return f"/dieu-hanh/bao-cao/{ward.unit.line}/{ward.unit.code}/2026-M11/{tail}"


@pytest.mark.django_db
def test_a_page_left_open_loses_nothing_and_says_so(ward):
    client = Client()
    client.force_login(ward.officer)
    ward.hand_in(narrative={"plan": "của người kia"})
    answer = client.post(address(ward), {"version": 0, "plan": "của tôi, viết lâu", "hand-in": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "của tôi, viết lâu" in page and "của người kia" in page and "Đã nộp" in page
    above = Client()
    above.force_login(ward.leader)
    answer = above.post(
        address(ward, "viec/"), {"verb": "RETURN", "version": 0, "remark": "Thiếu kế hoạch quý"}, follow=True
    )
    page = answer.content.decode()
    assert "Thiếu kế hoạch quý" in page and ward.report.state == ReportState.SUBMITTED
    done = above.post(
        address(ward, "viec/"), {"verb": "RETURN", "version": ward.report.version, "remark": "Thiếu kế hoạch quý"}
    )
    assert done.status_code == 302 and ward.report.state == ReportState.RETURNED
    assert "Thiếu kế hoạch quý" in client.get(address(ward)).content.decode()


@pytest.mark.django_db
def test_the_page_of_a_report_needs_a_constant_number_of_queries(ward):
    client = Client()
    client.force_login(ward.leader)

    def count() -> int:
        client.get(address(ward))
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(ward)).status_code == 200
        return len(found)

    record(make_person(ward.city.khu_pho_1), at=IN_PERIOD)
    project_all()
    ward.hand_in()
    ward.move(Verb.RETURN, ward.checker)
    ward.hand_in()
    before = count()
    for number in range(3):
        ward.move(Verb.RETURN, ward.checker)
        ward.hand_in(at=NOW + timedelta(minutes=number))
    assert count() == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once_one_wins_and_the_other_is_told():
    ward = Ward()
    second = make_officer(ward.unit, full_name="Người Thứ Hai")
    first = {"unit": ward.unit, "period": ward.period, "version": 0, "at": NOW}
    results = at_once(
        *(
            lambda who=who, words=words: hand_in(actor=who.person, narrative={"plan": words}, **first)
            for who, words in ((ward.officer, "một"), (second, "hai"))
        )
    )
    assert results[0] == "done" and results[1] in {EditedMeanwhile.code, HandedInAlready.code, MovedMeanwhile.code}
    report = ward.report
    assert ReportEdition.objects.count() == 1 and report.edition.content["narrative"] == report.narrative
    other = make_officer(ward.city.city, Role.LEADER, "Lãnh đạo khác")
    results = at_once(
        lambda: move_report(actor=ward.leader.person, report=report, verb=Verb.APPROVE, version=report.version, at=NOW),
        lambda: move_report(
            actor=other.person, report=report, verb=Verb.RETURN, version=report.version, remark="x", at=NOW
        ),
    )
    assert results == ["done", MovedMeanwhile.code]
    assert ReportMove.objects.count() == 2
