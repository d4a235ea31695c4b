"""The intake: idempotent, late, duplicate and partly bad batches; forged traces; two devices; what follows."""

from __future__ import annotations

import copy
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from hocvuso.curriculum.public import lesson_requirements, practice_definition, published_paths
from hocvuso.evidence.public import Evidence, milestones_of, project_all
from hocvuso.indicators.models import TallyTotal
from hocvuso.kernel import clock
from hocvuso.kernel.ids import new_id
from hocvuso.learning import endpoints
from hocvuso.learning.models import Activity, LessonProgress, PathProgress
from hocvuso.learning.services import take_in
from hocvuso.people.public import Purpose, create_account_with_password, owner_mark, record_consent, set_groups
from tests.factories.spine import make_city, make_person
from tests.factories.traces import passing_trace

pytestmark = pytest.mark.django_db
LESSON = "cuoc-goi-cong-an-gia"
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(starter):
    return make_city()


@pytest.fixture
def learner(city):
    person = make_person(city.khu_pho_1)
    record_consent(
        actor=person, person=person, purpose=Purpose.LEARNING, given=True, text_version="1", how="web", at=NOW
    )
    return person


@pytest.fixture
def browser(learner, monkeypatch):
    account = create_account_with_password(
        person=learner, email="sau@example.vn", password="chiếc-đèn-dầu-1945", at=NOW
    )
    client = Client()
    client.force_login(account)
    monkeypatch.setattr(clock.timezone, "now", lambda: NOW)
    return client


def activity(kind: str, lesson: str = LESSON, at: datetime = NOW - timedelta(hours=1), **more: object) -> dict:
    return {"id": str(new_id()), "kind": kind, "lesson": lesson, "at": at.isoformat(), **more}


def whole_lesson(lesson: str = LESSON, skin: str = "android") -> list[dict]:
    """Everything a phone tells of somebody who does the whole lesson."""
    needed = lesson_requirements(lesson)
    practices = [
        activity("PRACTISED", lesson, trace=passing_trace(practice_definition(digest), skin))
        for digest in needed.practice_digests.values()
    ]
    return [activity("UNDERSTOOD", lesson), *practices, activity("USED", lesson, steps=list(needed.steps))]


def send(client: Client, items: object, sent_at: datetime = NOW, **headers: str):
    body = {"v": 1, "device": str(uuid.uuid4()), "sent_at": sent_at.isoformat(), "activities": items}
    return client.post(
        "/api/v1/sync", json.dumps(body), content_type="application/json", headers={"X-Hocvuso": "1", **headers}
    )


def statuses(response) -> list[tuple[str, str]]:
    assert response.status_code == 200, response.content
    return [(one["status"], one["reason"]) for one in response.json()["results"]]


@pytest.mark.clause("R-03", "R-20")
def test_a_lesson_done_on_a_phone_becomes_a_number_in_the_city(browser, learner, city):
    answer = send(browser, whole_lesson())
    assert {status for status, _ in statuses(answer)} == {"stored"}
    assert answer.json()["state"]["lessons"][LESSON]["done"] is True
    kinds = sorted(Evidence.objects.filter(person=learner).values_list("kind", flat=True))
    practices = len(lesson_requirements(LESSON).practices)
    assert kinds[:1] == ["LESSON_COMPLETED"] and kinds.count("PRACTICE_PASSED") == practices
    project_all()
    total = TallyTotal.objects.get(unit=city.city, milestone="PRACTISED", group="ALL", segment="ALL")
    assert total.people == 1


def test_the_same_batch_five_times_is_stored_once(browser, learner):
    items = whole_lesson()
    first = statuses(send(browser, items))
    for _ in range(4):
        assert statuses(send(browser, items)) == [("duplicate", "")] * len(items)
    assert len(first) == len(items) == Activity.objects.filter(person=learner).count()
    assert Evidence.objects.filter(person=learner, kind="LESSON_COMPLETED").count() == 1


def test_an_item_twice_in_one_batch_is_stored_once(browser, learner):
    item = activity("UNDERSTOOD")
    assert statuses(send(browser, [item, item])) == [("stored", ""), ("duplicate", "")]


def test_a_partly_bad_batch_keeps_what_is_good(browser, learner):
    good = activity("UNDERSTOOD")
    bad = [
        None,
        5,
        {"id": "x"},
        activity("DANCED"),
        activity("UNDERSTOOD", "khong-co-bai-nay"),
        {**activity("UNDERSTOOD"), "at": "hôm qua"},
        activity("PRACTISED", trace="passed"),
        activity("PRACTISED", trace={"practice": "khac", "release": "0" * 64}),
        activity("USED", steps="all"),
    ]
    answers = statuses(send(browser, [*bad, good]))
    assert answers[-1] == ("stored", "")
    assert [reason for _, reason in answers[:-1]] == [
        "malformed",
        "malformed",
        "malformed",
        "unknown_kind",
        "unknown_lesson",
        "malformed",
        "malformed",
        "unknown_practice",
        "malformed",
    ]
    assert Activity.objects.filter(person=learner).count() == 1


@pytest.mark.clause("R-04")
@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (lambda trace: trace["events"].pop(), "truncated"),
        (lambda trace: trace["events"].clear(), "truncated"),
        (lambda trace: trace["result"].update(wrong=7), "result_mismatch"),
        (lambda trace: trace["events"][0].update(on="tap", id="nut_khong_co"), "impossible_event"),
        (lambda trace: trace.update(release="0" * 64), "wrong_release"),
        (lambda trace: trace["events"][-1].update(t=-1), "malformed"),
    ],
    ids=["truncated", "empty", "other result", "impossible", "other release", "bad time"],
)
def test_a_forged_trace_is_refused_and_lights_no_lamp(browser, learner, forge, reason):
    digest = next(iter(lesson_requirements(LESSON).practice_digests.values()))
    trace = copy.deepcopy(passing_trace(practice_definition(digest)))
    forge(trace)
    assert statuses(send(browser, [activity("PRACTISED", trace=trace)])) == [("rejected", reason)]
    assert not Evidence.objects.filter(person=learner).exists()
    assert not LessonProgress.objects.filter(person=learner).exists()


def test_a_clock_two_days_off_is_put_right(browser, learner):
    wrong = timedelta(days=2)
    item = activity("UNDERSTOOD", at=NOW - timedelta(hours=3) + wrong)
    assert statuses(send(browser, [item], sent_at=NOW + wrong)) == [("stored", "")]
    assert Activity.objects.get(person=learner).occurred_at == NOW - timedelta(hours=3)


@pytest.mark.clause("R-01")
def test_two_devices_together_finish_a_lesson(browser, learner):
    items = whole_lesson()
    send(browser, items[:1])
    assert send(browser, items[1:]).json()["state"]["lessons"][LESSON]["done"] is True
    assert Evidence.objects.filter(person=learner, kind="LESSON_COMPLETED").count() == 1


def test_a_week_late_batch_counts_on_the_day_it_happened(browser, learner):
    late = NOW - timedelta(days=7)
    items = [{**item, "at": late.isoformat()} for item in whole_lesson()]
    send(browser, items)
    project_all()
    assert milestones_of(learner.id)["PRACTISED"].reached_at == late


@pytest.mark.clause("R-21")
def test_finishing_every_lesson_of_a_path_finishes_the_path(browser, learner):
    path = next(path for path in published_paths() if path.slug == "nguoi-dan")
    for lesson in path.lessons:
        assert not PathProgress.objects.filter(person=learner, path="nguoi-dan").exists()
        send(browser, whole_lesson(lesson, "iphone"))
    assert PathProgress.objects.filter(person=learner, path="nguoi-dan").count() == 1
    project_all()
    assert "LEARNED" in milestones_of(learner.id)


def test_a_service_counts_as_used_only_when_every_step_was_ticked(browser, learner):
    needed = lesson_requirements("kich-hoat-vneid")
    send(browser, [activity("USED", "kich-hoat-vneid", steps=list(needed.steps[:-1]))])
    assert not Evidence.objects.filter(kind="SERVICE_USED").exists()
    send(browser, [activity("USED", "kich-hoat-vneid", steps=[*needed.steps, "buoc_bia_ra"])])
    assert Evidence.objects.get(kind="SERVICE_USED").subject == "service:vneid"


def test_somebody_signed_out_is_told_that_nothing_is_lost(starter):
    answer = send(Client(), [activity("UNDERSTOOD")])
    assert (answer.status_code, answer.json()["error"]) == (401, "learning.signed_out")
    assert "máy" in answer.json()["message"]


def test_without_consent_nothing_is_kept(browser, learner):
    record_consent(
        actor=learner,
        person=learner,
        purpose=Purpose.LEARNING,
        given=False,
        text_version="1",
        how="web",
        at=NOW + timedelta(minutes=1),
    )
    answer = send(browser, [activity("UNDERSTOOD")])
    assert (answer.status_code, answer.json()["error"]) == (403, "learning.consent_missing")
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://keo-xau.example"}, {"X-Hocvuso": ""}],
    ids=["foreign origin", "without our header"],
)
def test_a_foreign_page_cannot_send_in_somebodys_name(browser, learner, headers):
    answer = send(browser, [activity("UNDERSTOOD")], **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "learning.foreign_page")


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "null",
        '{"v":2,"activities":[]}',
        '{"v":1,"activities":{}}',
        "[" * 100_000,
        '{"v":1,"activities":NaN}',
    ],
)
def test_an_unreadable_body_is_refused_calmly(browser, body):
    answer = browser.post("/api/v1/sync", body, content_type="application/json", headers={"X-Hocvuso": "1"})
    assert (answer.status_code, answer.json()["error"]) == (400, "learning.batch_unreadable")


def test_too_many_at_once_are_refused_and_stay_on_the_phone(browser, learner):
    answer = send(browser, [activity("UNDERSTOOD") for _ in range(201)])
    assert answer.status_code == 413
    assert not Activity.objects.exists()


def test_a_batch_needs_the_same_number_of_queries_for_one_item_and_for_five(learner, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(items: list[dict]) -> int:
        with CaptureQueriesContext(connection) as queries:
            take_in(person=learner, device_id=None, items=items, sent_at=NOW, at=NOW)
        return len(queries)

    count([activity("UNDERSTOOD")])
    assert count([activity("UNDERSTOOD")]) == count([activity("UNDERSTOOD") for _ in range(5)])


def test_a_server_that_dies_half_way_keeps_nothing_half(learner, monkeypatch):
    def die(*args: object, **kwargs: object) -> int:
        raise RuntimeError("power cut")

    monkeypatch.setattr("hocvuso.learning.services.record_many", die)
    items = whole_lesson()
    with pytest.raises(RuntimeError):
        take_in(person=learner, device_id=None, items=items, sent_at=NOW, at=NOW)
    monkeypatch.undo()
    assert not Activity.objects.exists() and not LessonProgress.objects.exists()
    take_in(person=learner, device_id=None, items=items, sent_at=NOW, at=NOW)
    assert Activity.objects.count() == len(items)


@pytest.mark.clause("R-20")
def test_a_batch_of_another_account_is_not_taken_for_this_one(browser, learner):
    stranger = make_person(None, "Trần Văn Tám")
    items = whole_lesson()
    body = {"v": 1, "device": str(uuid.uuid4()), "sent_at": NOW.isoformat(), "activities": items}

    def post(owner: str):
        text = json.dumps({**body, "owner": owner})
        return browser.post("/api/v1/sync", text, content_type="application/json", headers={"X-Hocvuso": "1"})

    refused = post(owner_mark(stranger))
    assert (refused.status_code, refused.json()["error"]) == (409, "learning.other_owner")
    assert not Activity.objects.exists()
    mark = browser.get("/api/v1/me").json()["owner"]
    assert mark == owner_mark(learner) and str(learner.pk) not in mark
    assert {status for status, _ in statuses(post(mark))} == {"stored"}


def test_signs_no_database_stores_refuse_their_item_and_keep_the_others(browser, learner):
    """PostgreSQL fails on a NUL: one such item must not hold up a whole outbox."""
    trace = passing_trace(
        practice_definition(next(iter(lesson_requirements(LESSON).practice_digests.values()))), "android"
    )
    typed = copy.deepcopy(trace)
    typed["events"][0] = {"t": 1, "on": "type", "id": "a", "value": "1\0"}
    named = copy.deepcopy(trace)
    named["events"][0] = {"t": 1, "on": "tap", "id": "a\0"}
    items = [
        activity("UNDERSTOOD", "bai\0"),
        activity("PRACTISED", trace={**trace, "release": "\0" * 64}),
        activity("PRACTISED", trace=typed),
        activity("PRACTISED", trace=named),
        activity("UNDERSTOOD"),
    ]
    answers = statuses(send(browser, items))
    assert answers == [
        ("rejected", "unknown_lesson"),
        ("rejected", "unknown_practice"),
        ("rejected", "impossible_event"),
        ("rejected", "malformed"),
        ("stored", ""),
    ]


@pytest.mark.clause("R-05")
def test_a_full_disk_leaves_the_outbox_alone_and_says_so(browser, learner, monkeypatch):
    def full(**values: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(endpoints, "take_in", full)
    browser.raise_request_exception = False
    answer = send(browser, [activity("UNDERSTOOD")])
    assert (answer.status_code, answer.json()["error"]) == (503, "web.out_of_order")
    assert "trên máy" in answer.json()["message"] or "điện thoại" in answer.json()["message"]
    assert not Activity.objects.exists()


@pytest.mark.clause("R-20")
def test_who_somebody_most_likely_is_follows_from_their_group_until_they_say_so(browser, learner):
    set_groups(person=learner, groups=["WORKER"], at=NOW)
    assert send(browser, []).json()["state"]["likely"] == "lao-dong"
    mark = {"who": "buon-ban", "goal": "", "chosen_at": NOW.isoformat(), "lesson": "", "screen": "", "opened_at": None}
    body = {"v": 1, "device": str(uuid.uuid4()), "sent_at": NOW.isoformat(), "activities": [], "bookmark": mark}
    told = browser.post(
        "/api/v1/sync", json.dumps(body), content_type="application/json", headers={"X-Hocvuso": "1"}
    ).json()["state"]
    assert (told["likely"], told["bookmark"]["who"]) == ("", "buon-ban")
