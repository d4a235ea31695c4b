"""The demo city: believable, the same for the same seed, and accepted by the ledger's own checks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest
from django.core.management import CommandError, call_command

from hocvuso.credentials.public import AssessedResult, Certificate, Confirmation
from hocvuso.evidence.choices import Milestone
from hocvuso.evidence.models import Evidence, OpenDay, Standing, StandingUnit
from hocvuso.evidence.public import record_histories, record_many, verify
from hocvuso.evidence.rebuild import rebuild
from hocvuso.indicators.models import Denominator, Tally, TallyTotal
from hocvuso.kernel.clock import local_date
from hocvuso.people.models import Account, Consent, Membership, Person, PersonGroup
from hocvuso.people.public import snapshot
from hocvuso.programme.demo import build, city, names, story
from hocvuso.programme.demo.accounts import ACCOUNTS
from hocvuso.units.models import Unit
from hocvuso.units.public import find_unit

UNTIL = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LESSONS = (story.Lesson("kich-hoat-vneid", "vneid-cai", "vneid"), story.Lesson("tra-tien-qr", "qr-mua", ""))
PATHS = {"ADULT": story.Path("nguoi-dan", LESSONS, "pho-cap-nguoi-dan")}
YEAR_END = int(datetime(2027, 1, 31, tzinfo=UTC).timestamp())
PERSONAL = (Person, PersonGroup, Membership, Consent, Evidence, Standing, StandingUnit)


def some_wards(count=4, seed=1):
    codes = [
        ("26929", "Phường Bình Thạnh"),
        ("26740", "Phường Sài Gòn"),
        ("27496", "Xã Củ Chi"),
        ("26732", "Đặc khu Côn Đảo"),
    ]
    kinds = {"Phường": "WARD", "Xã": "COMMUNE", "Đặc": "SPECIAL_ZONE"}
    return [city.make_ward(seed, code, name, kinds[name.split()[0]]) for code, name in codes[:count]]


def one_story(seed, until=YEAR_END, **changes):
    values = {"groups": ("WORKER",), "age": 35, "reach": 1.1, "speed": 1.0, "path": PATHS["ADULT"], "lean": False}
    return story.happenings(Random(seed), until=until, **{**values, **changes})


@pytest.fixture
def small_city(db, monkeypatch, settings):
    """Four wards and a fixed path, so that a city takes a second instead of a minute."""
    settings.DEMO = True
    monkeypatch.setattr(build, "paths_by_group", lambda: PATHS)
    wanted = {ward.code for ward in some_wards()}
    every = build._wards

    def few(seed):
        return [ward for ward in every(seed) if ward.code in wanted]

    monkeypatch.setattr(build, "_wards", few)


def seed(people=120, number=1, until=UNTIL):
    return build.seed_city(people=people, seed=number, until=until, progress=lambda done, whole: None)


def stored(*models):
    return [list(model._base_manager.order_by(*_keys(model)).values()) for model in models]


def _keys(model):
    return {PersonGroup: ("person", "group"), Standing: ("person", "milestone"), Evidence: ("person", "id")}.get(
        model, ("person", "milestone", "unit") if model is StandingUnit else ("pk",)
    )


def without_ids(rows):
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


# --- pure generators


def test_names_fit_sex_and_age_and_are_composed():
    rng = Random(5)
    for sex, year, given in (
        ("F", 1950, names.OLD_WOMEN),
        ("F", 2010, names.YOUNG_WOMEN),
        ("M", 1980, names.MIDDLE_MEN),
    ):
        for _ in range(50):
            name = names.full_name(rng, sex, year)
            assert name.split(" ", 1)[1] in given
            assert name == unicodedata.normalize("NFC", name)


def test_about_three_in_ten_are_called_nguyen():
    rng = Random(7)
    nguyen = sum(names.full_name(rng, "F", 1980).startswith("Nguyễn ") for _ in range(4000))
    assert 1100 < nguyen < 1500


@pytest.mark.parametrize(("total", "weights"), [(1000, [1, 2, 3.5]), (7, [1.0] * 10), (1_000_000, [0.3, 90, 12.7])])
def test_share_out_adds_up(total, weights):
    shares = city.share_out(total, weights)
    assert sum(shares) == total
    assert all(abs(share - total * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))


def test_unions_stand_in_145_of_168_wards_and_every_ward_has_one_that_looks_after_it():
    wards = [city.make_ward(1, f"{number:05d}", f"Phường {number}", "WARD") for number in range(168)]
    managed = city.wards_with_union(wards)
    assert len(set(managed.values())) == 145
    assert managed.keys() == {ward.code for ward in wards}


def test_every_body_stands_below_one_that_comes_before_it():
    seen = set()
    for body in city.bodies(some_wards()):
        assert not body.parent or body.parent in seen
        seen.add(body.code)


@pytest.mark.clause("R-04")
def test_milestones_come_in_their_order():
    order = [
        "LESSON_COMPLETED",
        "PATH_COMPLETED",
        "ASSESSMENT_PASSED",
        "CERTIFICATE_ISSUED",
        "CONFIRMED",
        "VNEID_ACCEPTED",
    ]
    complete = 0
    for number in range(400):
        first = {}
        for happening in one_story(number):
            assert happening.recorded >= happening.at
            first[happening.kind] = max(first.get(happening.kind, 0), happening.at)
        reached = [first[kind] for kind in order if kind in first]
        assert reached == sorted(reached)
        assert [kind in first for kind in order] == sorted([kind in first for kind in order], reverse=True)
        complete += "VNEID_ACCEPTED" in first
    assert complete > 150


def test_offices_confirm_on_working_days_in_office_hours():
    for number in range(300):
        for happening in one_story(number):
            if happening.kind in ("CONFIRMED", "VNEID_ACCEPTED"):
                moment = datetime.fromtimestamp(happening.at, tz=story.VIETNAM)
                assert moment.weekday() < 5
                assert 7 <= moment.hour < 18


def test_a_later_day_only_adds_to_a_story():
    middle = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())
    for number in range(100):
        whole = one_story(number)
        assert one_story(number, until=middle) == [one for one in whole if one.recorded <= middle]


def test_the_festival_is_the_busiest_day_and_tet_the_quietest():
    begun = Counter()
    for number in range(6000):
        happenings = one_story(number)
        if happenings:
            begun[datetime.fromtimestamp(happenings[0].at, tz=story.VIETNAM).date()] += 1
    assert begun.most_common(1)[0][0] == date(2026, 10, 10)
    assert (
        sum(begun[date(2026, 2, day)] for day in range(14, 23))
        < sum(begun[date(2026, 3, day)] for day in range(14, 23)) / 3
    )


# --- what is stored


@pytest.mark.clause("R-04")
def test_the_city_passes_every_check_of_the_ledger(small_city):
    seeded = seed()

    assert (seeded.people, seeded.entries) == (120, Evidence.objects.count())
    assert Person.objects.count() == 120 + len(ACCOUNTS) + 2 * 4  # four wards, two officers each
    assert rebuild(check=True).differences == []
    assert verify().problems == []
    assert Unit.find_problems() == ([], [], [], [], [])
    last = Evidence.objects.order_by("-recorded_at").first().recorded_at
    assert last <= UNTIL
    place = find_unit("TERRITORY", "79")
    adults = Denominator.objects.get(unit=place, group="ADULT").people
    passed = TallyTotal.objects.get(unit=place, group="ADULT", segment="ALL", milestone=Milestone.PASSED).people
    assert 0.4 < passed / adults < 0.95


def test_snapshots_are_what_the_people_room_says(small_city):
    seed()
    people = list(Person.objects.filter(account__isnull=True, home_unit__isnull=False).values_list("pk", flat=True))
    said = snapshot(people, on=date(2026, 11, 1))
    for row in Evidence.objects.all():
        stood = said[row.person_id]
        assert (row.unit_ids, row.groups, row.traits) == (list(stood.unit_ids), list(stood.groups), list(stood.traits))


def test_the_same_seed_makes_the_same_rows(small_city):
    from django.db import transaction

    pictures = []
    for number in (1, 1, 2):
        sid = transaction.savepoint()
        seed(number=number)
        accounts = set(Account.objects.values_list("person_id", flat=True))
        pictures.append(
            [
                [row for row in without_ids(rows) if row.get("person_id", row.get("salt")) not in accounts]
                for rows in stored(Evidence, Standing, Membership)
            ]
            + [
                sorted(
                    Person.objects.filter(account__isnull=True, home_unit__isnull=False).values_list(
                        "pk", "full_name", "salt", "home_unit__code"
                    )
                )
            ]
        )
        transaction.savepoint_rollback(sid)
    assert without(pictures[0]) == without(pictures[1])
    assert without(pictures[0]) != without(pictures[2])


def without(picture):
    """The part of a picture that does not hold the database's own ids of units."""
    evidence, standings, _, people = picture
    kept = [
        {name: row[name] for name in ("person_id", "kind", "subject", "occurred_at", "recorded_at")} for row in evidence
    ]
    return kept, [{name: row[name] for name in ("person_id", "milestone", "evidence_id")} for row in standings], people


def test_seeding_again_changes_nothing(small_city):
    seed()
    before = stored(*PERSONAL, Tally, Denominator)
    again = seed(people=500, number=9)
    assert again.existed
    assert stored(*PERSONAL, Tally, Denominator) == before


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(small_city, monkeypatch):
    monkeypatch.setattr(build, "BATCH", 40)

    def stop(done, whole):
        if done == 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.seed_city(people=120, seed=1, until=UNTIL, progress=stop)
    assert Person.objects.filter(account__isnull=True, home_unit__isnull=False).count() == 80

    seeded = seed(people=999, number=9)

    assert (seeded.people, seeded.entries) == (120, Evidence.objects.count())
    assert Person.objects.filter(account__isnull=True, home_unit__isnull=False).count() == 120
    assert rebuild(check=True).differences == []


def test_what_the_ledger_says_of_certificates_can_be_shown(small_city, monkeypatch):
    result = AssessedResult("pho-cap-nguoi-dan", "Kiểm tra kỹ năng số cơ bản", "1", True, None, 0.8)
    monkeypatch.setattr(build, "results_by_policy", lambda: {result.policy_code: result})
    seed()

    def entries(kind):
        return set(Evidence.objects.filter(kind=kind).values_list("person_id", "id"))

    assert set(Certificate.objects.values_list("person_id", "evidence_id")) == entries("CERTIFICATE_ISSUED")
    decided = Confirmation.objects.exclude(decided_at=None)
    assert set(decided.values_list("person_id", "confirmed_evidence_id")) == entries("CONFIRMED")
    accepted = Confirmation.objects.filter(state="ACCEPTED")
    assert set(accepted.values_list("person_id", "accepted_evidence_id")) == entries("VNEID_ACCEPTED")
    assert {"PROPOSED", "ELIGIBLE"} <= set(Confirmation.objects.values_list("state", flat=True))
    ward = find_unit("TERRITORY", "26929")
    in_ward = decided.filter(unit__path__startswith=ward.path)
    people = [Account.objects.get(email=email).person_id for email in ("canbo@demo.test", "xacnhan@demo.test")]
    assert set(in_ward.values_list("proposed_by", "decided_by")) == {tuple(people)}
    assert rebuild(check=True).differences == []


def test_demo_accounts_exist_only_on_a_demo_installation(small_city, settings):
    settings.DEMO = False
    seed()
    assert Account.objects.count() == 0


def test_demo_accounts_hold_their_mandates(small_city):
    seed()
    held = set(Account.objects.filter(demo=True).values_list("person__mandates__role", "person__mandates__unit__code"))
    assert held >= {
        ("OFFICER", "26929"),
        ("CONFIRMER", "26929"),
        ("LEADER", "79"),
        ("OFFICER", "CD-26929"),
        (None, None),
    }


@pytest.mark.django_db
def test_without_lessons_it_says_what_to_do_first():
    with pytest.raises(CommandError):
        call_command("seed", "city", "--people", "1000")


@pytest.mark.parametrize("people", ["999", "1000001"])
def test_the_size_has_limits(people):
    with pytest.raises(CommandError):
        call_command("seed", "city", "--people", people)


@pytest.mark.clause("R-04")
def test_the_fast_path_stores_the_very_rows_of_the_slow_one(small_city):
    """The same people twice in two databases' worth: once by record_many and project, once by record_histories."""
    from django.db import transaction

    from hocvuso.evidence.public import project_all

    results = []
    batches = []
    real = build.record_histories

    def slow(items, at):
        record_many(items, at)
        project_all()
        return len(items)

    # Units first, so that both runs meet the same ids: sequences do not roll back.
    wards = build._wards(1)
    build._make_units(wards, city.bodies(wards))
    for path in (real, slow):
        sid = transaction.savepoint()
        build.record_histories = path
        try:
            seed()
        finally:
            build.record_histories = real
        batches.append(Evidence.objects.count())
        results.append(
            stored(Evidence, Standing, StandingUnit, OpenDay)
            + [without_ids(rows) for rows in stored(Tally, TallyTotal)]
        )
        transaction.savepoint_rollback(sid)
    assert batches[0] == batches[1] > 500
    for fast_rows, slow_rows in zip(*results, strict=True):
        by_text = [sorted(map(repr, rows)) for rows in (fast_rows, slow_rows)]
        assert by_text[0] == by_text[1]


def test_histories_are_for_people_without_entries(small_city):
    from hocvuso.evidence.errors import HistoryExists

    seed()
    row = Evidence.objects.first()
    stood = snapshot([row.person_id], on=local_date(UNTIL))[row.person_id]
    item = build.NewEvidence(
        person_id=row.person_id,
        kind="LESSON_COMPLETED",
        subject="lesson:x",
        assurance=1,
        source="demo",
        occurred_at=UNTIL,
        snapshot=stood,
    )
    count = Evidence.objects.count()
    with pytest.raises(HistoryExists):
        record_histories([item], at=UNTIL)
    assert Evidence.objects.count() == count
