"""The ledger: stored once, never changed, and figures follow."""

from __future__ import annotations

import random
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hocvuso.evidence.errors import AlreadyRevoked, DaySealed, NoSuchEvidence, UnknownKind, UnknownPerson
from hocvuso.evidence.models import Evidence, PendingEvidence, Seal, Standing, StandingUnit
from hocvuso.evidence.projector import project, project_all
from hocvuso.evidence.public import Assurance, EvidenceKind, NewEvidence, record_evidence, record_many, revoke_evidence
from hocvuso.evidence.rebuild import rebuild
from hocvuso.evidence.seals import seal_days, verify
from hocvuso.evidence.services import replace_by_tombstone
from hocvuso.indicators.models import Tally, TallyTotal
from hocvuso.kernel.ids import new_id
from hocvuso.kernel.models import AppendOnly
from hocvuso.units.public import merge_units
from tests.factories.spine import MORNING, City, make_city, make_person, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_city()


def people(unit, milestone="PASSED", group="ALL", segment="ALL") -> int:
    row = TallyTotal.objects.filter(unit=unit, milestone=milestone, group=group, segment=segment).first()
    return row.people if row else 0


@pytest.mark.clause("R-04")
def test_one_entry_counts_once_in_every_unit_above_and_in_every_line(city):
    person = make_person(city.khu_pho_1, unions=[city.union], groups=["ADULT", "WORKER"])
    record(person)
    project_all()
    counted = [
        people(unit) for unit in (city.khu_pho_1, city.binh_thanh, city.city, city.nation, city.union, city.federation)
    ]
    assert counted == [1] * 6
    assert (people(city.khu_pho_2), people(city.an_khanh)) == (0, 0)
    assert (people(city.city, group="WORKER"), people(city.city, group="PUPIL")) == (1, 0)
    assert (people(city.city, segment="FEMALE"), people(city.city, segment="AGE60")) == (1, 0)


def test_a_person_in_two_unions_of_one_federation_counts_once_in_the_federation(city):
    second = city.federation.add_child(line="UNION", kind="UNION_GRASSROOTS", code="CD-2", name="Công đoàn Công ty May")
    record(make_person(city.khu_pho_1, unions=[city.union, second]))
    project_all()
    assert (people(city.union), people(second), people(city.federation)) == (1, 1, 1)


def test_the_same_entry_sent_five_times_is_stored_once(city):
    person, same = make_person(city.khu_pho_1), new_id()
    record(person, id=same)
    for _ in range(4):
        again = record_evidence(
            person_id=person.id,
            kind=EvidenceKind.ASSESSMENT_PASSED,
            subject="x",
            assurance=Assurance.OBSERVED,
            source="app",
            occurred_at=MORNING,
            at=MORNING,
            id=same,
        )
        assert again is None
    project_all()
    assert (Evidence.objects.count(), people(city.city)) == (1, 1)


def test_record_many_answers_how_many_were_new_and_needs_a_constant_number_of_queries(city):
    persons = [make_person(city.khu_pho_1, f"Trần Văn {name}") for name in ("An", "Bình", "Cường", "Dũng")]

    def items(some):
        return [
            NewEvidence(person.id, EvidenceKind.PRACTICE_PASSED, "practice:qr", 1, "app", MORNING) for person in some
        ]

    with CaptureQueriesContext(connection) as one:
        assert record_many(items(persons[:1]), MORNING) == 1
    with CaptureQueriesContext(connection) as three:
        assert record_many(items(persons[1:]), MORNING) == 3
    assert len(three) == len(one)


def test_an_unknown_kind_is_refused_and_nothing_is_stored(city):
    person = make_person(city.khu_pho_1)
    with pytest.raises(UnknownKind):
        record_many([NewEvidence(person.id, "TYPED_IN", "x", 0, "app", MORNING)], MORNING)
    assert not Evidence.objects.exists()


def test_rows_of_the_ledger_cannot_be_changed_or_removed_through_the_models(city):
    record(make_person(city.khu_pho_1))
    row = Evidence.objects.get()
    for attempt in (row.save, row.delete, Evidence.objects.all().delete, lambda: Evidence.objects.update(assurance=5)):
        with pytest.raises(AppendOnly):
            attempt()
    assert Evidence.objects.get().assurance == Assurance.OBSERVED


def test_something_told_to_happen_in_the_future_happened_now_at_the_latest(city):
    person = make_person(city.khu_pho_1)
    row = record_evidence(
        person_id=person.id,
        kind=EvidenceKind.LESSON_COMPLETED,
        subject="lesson:x",
        assurance=0,
        source="app",
        occurred_at=MORNING + timedelta(days=2),
        at=MORNING,
    )
    assert row is not None and row.occurred_at == MORNING


def test_late_evidence_moves_the_date_of_the_first_time(city):
    person = make_person(city.khu_pho_1)
    record(person)
    project_all()
    late = record_evidence(
        person_id=person.id,
        kind=EvidenceKind.ASSESSMENT_PASSED,
        subject="x",
        assurance=1,
        source="app",
        occurred_at=MORNING - timedelta(days=9),
        at=MORNING,
    )
    assert late is not None
    project_all()
    assert Standing.objects.get(milestone="PASSED").reached_on == date(2026, 10, 25)
    days = list(
        Tally.objects.filter(unit=city.city, milestone="PASSED", group="ALL", segment="ALL").values_list(
            "day", "people"
        )
    )
    assert days == [(date(2026, 10, 25), 1)]
    assert people(city.city) == 1


def test_a_revoked_entry_no_longer_counts_and_stays_readable(city):
    person = make_person(city.khu_pho_1)
    entry = record(person)
    project_all()
    revoke_evidence(actor=None, person_id=person.id, evidence_id=entry, reason="Thi hộ", at=MORNING)
    project_all()
    assert (people(city.city), Evidence.objects.count()) == (0, 2)
    assert not Tally.objects.filter(milestone="PASSED").exists()
    with pytest.raises(AlreadyRevoked):
        revoke_evidence(actor=None, person_id=person.id, evidence_id=entry, reason="lần nữa", at=MORNING)
    with pytest.raises(NoSuchEvidence):
        revoke_evidence(actor=None, person_id=person.id, evidence_id=new_id(), reason="không có", at=MORNING)


def test_a_projector_that_works_in_small_batches_gives_the_figures_of_a_rebuild(city):
    dice = random.Random(7)
    kinds = [kind for kind in EvidenceKind if kind != EvidenceKind.REVOCATION]
    for number in range(12):
        person = make_person(
            dice.choice([city.khu_pho_1, city.khu_pho_2, city.an_khanh]), unions=[city.union] if number % 3 else []
        )
        for _ in range(dice.randint(1, 5)):
            entry = record(person, dice.choice(kinds), days=-dice.randint(0, 40))
            if dice.random() < 0.2:
                revoke_evidence(actor=None, person_id=person.id, evidence_id=entry, reason="thử", at=MORNING)
            if dice.random() < 0.4:
                project(dice.randint(1, 3))
    project_all()
    assert rebuild(check=True).differences == []
    before = [sorted(model.objects.values_list()) for model in (Standing, StandingUnit, TallyTotal)]
    tallies = sorted(Tally.objects.values_list("unit", "group", "segment", "milestone", "day", "people"))
    rebuild(check=False)
    after = [sorted(model.objects.values_list()) for model in (Standing, StandingUnit)]
    assert after == before[:2]
    assert sorted(Tally.objects.values_list("unit", "group", "segment", "milestone", "day", "people")) == tallies


def test_rebuild_check_leaves_waiting_entries_out(city):
    person = make_person(city.khu_pho_1)
    record(person)
    project_all()
    record(person, EvidenceKind.CONFIRMED)
    assert PendingEvidence.objects.count() == 1
    assert rebuild(check=True).differences == []


def test_rebuild_check_finds_a_figure_typed_by_hand(city):
    record(make_person(city.khu_pho_1))
    project_all()
    Tally.objects.filter(unit=city.city).update(people=80)
    assert rebuild(check=True).differences != []
    rebuild(check=False)
    assert rebuild(check=True).differences == []
    assert people(city.city) == 1


def test_a_sealed_day_takes_no_more_entries(city):
    person = make_person(city.khu_pho_1)
    record(person)
    seals = seal_days(at=MORNING + timedelta(days=1))
    assert [seal.day for seal in seals] == [date(2026, 11, 3)]
    with pytest.raises(DaySealed):
        record(person, EvidenceKind.CONFIRMED)
    record(person, EvidenceKind.CONFIRMED, days=1)
    assert verify().problems == []


def test_an_entry_that_lands_between_projecting_and_sealing_is_worked_in_and_sealed(city, monkeypatch):
    person = make_person(city.khu_pho_1)
    record(person)
    project_all()
    record(person, EvidenceKind.CONFIRMED)
    monkeypatch.setattr("hocvuso.evidence.seals.project_all", lambda: 0)
    [seal] = seal_days(at=MORNING + timedelta(days=1))
    assert seal.rows == 2
    project_all()
    assert people(city.city, "CONFIRMED") == 1
    assert seal_days(at=MORNING + timedelta(days=2)) == []
    assert verify().problems == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_day_is_not_sealed_while_an_entry_of_it_is_being_written(now):
    """A writer that found the day open commits before the seal; the seal then holds its entry."""
    city = make_city()
    person = make_person(city.khu_pho_1)
    record(person)
    project_all()

    def seal() -> int:
        try:
            return seal_days(at=MORNING + timedelta(days=1))[0].rows
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            record(person, EvidenceKind.CONFIRMED)
            sealing = other.submit(seal)
            assert not wait([sealing], timeout=1).done
        assert sealing.result(timeout=20) == 2
    assert verify().problems == []


def test_a_day_is_not_sealed_in_the_first_half_hour_of_the_next(city):
    record(make_person(city.khu_pho_1))
    midnight = datetime(2026, 11, 3, 17, 0, tzinfo=UTC)
    assert seal_days(at=midnight + timedelta(minutes=29)) == []
    assert len(seal_days(at=midnight + timedelta(minutes=30))) == 1


def _by_hand(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


TAMPERINGS = {
    "changed": "UPDATE evidence_evidence SET assurance = 5",
    "removed": "DELETE FROM evidence_evidence WHERE subject = 'lesson:kich-hoat-vneid' AND kind = 'CONFIRMED'",
    "moved to another day": "UPDATE evidence_evidence SET recorded_on = '2026-11-01'",
    "occurred earlier": "UPDATE evidence_evidence SET occurred_at = '2026-01-01 00:00:00+00:00'",
    "other units": "UPDATE evidence_evidence SET unit_ids = '[1]'",
}


@pytest.mark.clause("R-04")
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed day", "open day"])
@pytest.mark.parametrize("how", TAMPERINGS)
def test_verify_finds_what_was_touched_by_hand(city, how, sealed):
    for number in range(3):
        person = make_person(city.khu_pho_1, f"Lê Văn {number}")
        record(person)
        record(person, EvidenceKind.CONFIRMED)
    project_all()
    if sealed:
        seal_days(at=MORNING + timedelta(days=1))
    assert verify().problems == []
    _by_hand(TAMPERINGS[how])
    assert verify().problems != []


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed day", "open day"])
def test_verify_finds_a_row_copied_in_by_hand(city, sealed):
    person, other = make_person(city.khu_pho_1), make_person(city.khu_pho_2)
    record(person)
    project_all()
    if sealed:
        seal_days(at=MORNING + timedelta(days=1))
    row = Evidence.objects.get()
    row.person_id = other.id
    row._state.adding = True
    Evidence._base_manager.bulk_create([row])
    assert verify().problems != []


def test_verify_finds_a_seal_made_again_without_the_key(city):
    record(make_person(city.khu_pho_1))
    project_all()
    seal_days(at=MORNING + timedelta(days=1))
    Seal.objects.update(rows=0, signature="00" * 64)
    assert any("not signed" in problem for problem in verify().problems)


@pytest.mark.clause("R-05")
def test_erasing_a_person_keeps_the_count_and_the_seals(city):
    person = make_person(city.khu_pho_1)
    record(person)
    project_all()
    seal_days(at=MORNING + timedelta(days=1))
    record(person, EvidenceKind.CONFIRMED, days=1)
    tombstone = replace_by_tombstone(person_id=person.id, at=MORNING + timedelta(days=1))
    person.delete()
    assert not Evidence.objects.filter(person_id=person.id).exists()
    assert (Evidence.objects.filter(person_id=tombstone.id).count(), people(city.city)) == (2, 1)
    assert verify().problems == []
    assert rebuild(check=True).differences == []


def test_a_batch_that_dies_half_way_leaves_everything_as_it_was(city, monkeypatch):
    record(make_person(city.khu_pho_1))

    def die(*args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("hocvuso.indicators.tallies.add_to_tallies", die)
    with pytest.raises(RuntimeError):
        project()
    monkeypatch.undo()
    assert (Standing.objects.count(), PendingEvidence.objects.count()) == (0, 1)
    project_all()
    assert people(city.city) == 1


def test_merging_wards_keeps_every_total_and_moves_the_figures_to_the_successor(city):
    both = make_person(city.khu_pho_1, unions=[city.union])
    for person in (both, make_person(city.khu_pho_2), make_person(city.an_khanh), make_person(city.an_khanh)):
        record(person)
    project_all()
    merge_units(actor=None, sources=[city.binh_thanh], target=city.an_khanh, on=date(2026, 11, 5), at=MORNING)
    assert [people(unit) for unit in (city.city, city.an_khanh, city.binh_thanh, city.khu_pho_1, city.union)] == [
        4,
        4,
        2,
        1,
        1,
    ]
    assert rebuild(check=True).differences == []
    record(both, EvidenceKind.CONFIRMED, days=3)
    project_all()
    assert (people(city.an_khanh, "CONFIRMED"), people(city.city, "CONFIRMED")) == (1, 1)
    assert rebuild(check=True).differences == []


def test_a_person_counted_in_both_merged_unions_counts_once_in_the_successor(city):
    second = city.federation.add_child(line="UNION", kind="UNION_GRASSROOTS", code="CD-2", name="Công đoàn Công ty May")
    record(make_person(city.khu_pho_1, unions=[city.union, second]))
    project_all()
    merge_units(actor=None, sources=[second], target=city.union, on=date(2026, 11, 5), at=MORNING)
    assert (people(city.union), people(second), people(city.federation)) == (1, 1, 1)
    assert rebuild(check=True).differences == []


def test_an_entry_of_an_unknown_person_is_refused(city):
    with pytest.raises(UnknownPerson):
        record_many([NewEvidence(uuid.uuid4(), EvidenceKind.CONFIRMED, "x", 4, "app", MORNING)], MORNING)
    assert not Evidence.objects.exists()
