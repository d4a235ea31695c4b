"""Texts that go live and come down at a set moment: approved first, through the same checks and releases, once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from hocvuso.curriculum import scheduling
from hocvuso.curriculum.checking import publication_problems
from hocvuso.curriculum.errors import NotApprovedYet, OnlyPublishers
from hocvuso.curriculum.models import LessonPage, Practice, Release, ScheduledChange
from hocvuso.curriculum.public import carry_out_due, current_release
from hocvuso.curriculum.scheduling import schedule_publication, schedule_withdrawal
from hocvuso.people.choices import Role
from tests.curriculum.test_studio import author, nation  # noqa: F401

SLUG = "giu-ma"


@pytest.fixture
def clock(monkeypatch, now):
    """The clock of the house, set by hand: everybody reads it through the kernel, Wagtail through Django."""

    class Clock:
        moment = now

        def to(self, moment: datetime) -> datetime:
            self.moment = moment
            return moment

    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.moment)
    return made


@pytest.fixture
def people(loaded, author):  # noqa: F811
    return author("Mot"), author("Ba", Role.REVIEWER), author("Tu", Role.PUBLISHER)


def lesson() -> LessonPage:
    return LessonPage.objects.get(slug=SLUG)


def on_the_publishers_desk(writer, reviewer, **values: object) -> LessonPage:
    """A changed lesson that was sent in and reviewed."""
    page = lesson().get_latest_revision_as_object()
    for name, value in {"summary": "Bản sẽ lên.", **values}.items():
        setattr(page, name, value)
    page.save_revision(user=writer.account)
    page = lesson()
    page.get_workflow().start(page, writer.account)
    page = lesson()
    page.current_workflow_task.on_action(page.current_workflow_task_state, reviewer.account, "approve")
    return lesson()


def digest() -> str:
    return current_release("lesson", SLUG).digest


@pytest.mark.clause("R-23")
def test_at_its_moment_a_text_becomes_the_release_that_publishing_by_hand_makes(people, clock, now):
    writer, reviewer, publisher = people
    before = digest()
    page = on_the_publishers_desk(writer, reviewer)
    with transaction.atomic():
        page.current_workflow_task.on_action(page.current_workflow_task_state, publisher.account, "approve")
        by_hand = digest()
        transaction.set_rollback(True)
    assert digest() == before != by_hand
    moment = now + timedelta(days=3)
    change = schedule_publication(user=publisher.account, thing=lesson(), moment=moment, at=now)
    assert change.state == "WAITING"
    assert carry_out_due(at=clock.to(moment - timedelta(seconds=1))) == 0
    assert digest() == before
    # What is written meanwhile waits for its own approval.
    later = lesson().get_latest_revision_as_object()
    later.summary = "Chưa duyệt."
    later.save_revision(user=writer.account)
    assert carry_out_due(at=clock.to(moment)) == 1
    change.refresh_from_db()
    assert (change.state, change.digest, digest()) == ("DONE", by_hand, by_hand)
    assert lesson().summary == "Bản sẽ lên."
    assert Release.objects.get(pk=by_hand).created_at == moment
    assert carry_out_due(at=clock.to(moment + timedelta(days=1))) == 0
    assert Release.objects.filter(kind="lesson", slug=SLUG).count() == 2


def test_a_text_comes_down_at_its_moment_and_what_it_was_stays_readable(people, clock, now, client):
    publisher = people[2]
    before = digest()
    moment = now + timedelta(hours=5)
    schedule_withdrawal(user=publisher.account, thing=lesson(), moment=moment, at=now)
    assert carry_out_due(at=clock.to(moment)) == 1
    assert current_release("lesson", SLUG) is None
    assert client.get(f"/bai/{SLUG}/").status_code == 404
    assert client.get(f"/phat-hanh/{before}.json").status_code == 200


def test_what_no_longer_passes_the_checks_stays_back_and_the_studio_says_why(people, clock, now):
    writer, reviewer, publisher = people
    page = on_the_publishers_desk(writer, reviewer)
    moment = now + timedelta(days=1)
    schedule_publication(user=publisher.account, thing=page, moment=moment, at=now)
    before = digest()
    # A practice of the lesson was never published and is broken meanwhile.
    practice = Practice.objects.get(slug="giu-ma-otp")
    Practice.objects.filter(pk=practice.pk).update(source=practice.source.replace("go: xong", "go: mat"))
    assert carry_out_due(at=clock.to(moment)) == 0
    assert digest() == before
    change = ScheduledChange.objects.get()
    assert change.state == "REFUSED"
    assert any("mat" in sentence for sentence in change.told)
    told = publisher.get("/soan/hen-gio/?xem=hong").content.decode()
    assert "Giữ mã OTP" in told
    assert "mat" in told
    for browser, address in (
        (publisher, reverse("curriculum_studio:schedule", args=["lesson", page.pk])),
        (writer, f"/soan/pages/{page.pk}/edit/"),
        (publisher, "/soan/"),
    ):
        assert "ông lên được" in browser.get(address).content.decode()


def test_the_checks_are_those_of_files_and_stand_before_every_approval(people):
    writer, reviewer, _publisher = people
    page = lesson().get_latest_revision_as_object()
    page.skills, page.checked_on, page.handout_title = [], None, ""
    page.sources = []
    page.save_revision(user=writer.account)
    told = " ".join(publication_problems(page))
    for word in ("Kỹ năng", "nguồn", "ngày kiểm tra"):
        assert word.lower() in told.lower(), told
    page = lesson()
    page.get_workflow().start(page, writer.account)
    page = lesson()
    names = [name for name, _label, _modal in page.current_workflow_task.get_actions(page, reviewer.account)]
    assert names == ["reject"]
    assert "Kỹ năng" in reviewer.get(f"/soan/pages/{page.pk}/edit/").content.decode()


def test_only_publishers_set_moments_authors_propose_and_the_approval_decides(people, clock, now):
    writer, reviewer, publisher = people
    moment = now + timedelta(days=2)
    with pytest.raises(OnlyPublishers):
        schedule_publication(user=reviewer.account, thing=lesson(), moment=moment, at=now)
    with pytest.raises(OnlyPublishers):
        schedule_withdrawal(user=writer.account, thing=lesson(), moment=moment, at=now)
    # A publisher goes round no review either.
    with pytest.raises(NotApprovedYet):
        schedule_publication(user=publisher.account, thing=lesson(), moment=moment, at=now)
    assert schedule_publication(user=writer.account, thing=lesson(), moment=moment, at=now).state == "PROPOSED"
    assert carry_out_due(at=moment + timedelta(days=1)) == 0
    page = on_the_publishers_desk(writer, reviewer)
    before = digest()
    page.current_workflow_task.on_action(page.current_workflow_task_state, publisher.account, "approve")
    assert digest() == before
    assert ScheduledChange.objects.get().state == "WAITING"
    with pytest.raises(OnlyPublishers):
        schedule_publication(user=writer.account, thing=lesson(), moment=moment + timedelta(days=9), at=now)
    with pytest.raises(OnlyPublishers):
        scheduling.cancel_change(user=writer.account, change_id=ScheduledChange.objects.get().pk, at=now)
    assert carry_out_due(at=clock.to(moment)) == 1
    assert digest() != before


def test_moments_are_set_listed_and_called_off_in_the_studio(people, clock, now, django_assert_num_queries):
    writer, reviewer, publisher = people
    page = on_the_publishers_desk(writer, reviewer)
    address = reverse("curriculum_studio:schedule", args=["lesson", page.pk])
    assert publisher.post(address, {"dang": "2026-11-01T08:00", "dat_dang": ""}).status_code == 422
    assert publisher.post(address, {"dang": "khi nao", "dat_dang": ""}).status_code == 422
    assert publisher.post(address, {"dang": "2026-12-01T08:00", "dat_dang": ""}).status_code == 302
    # Set twice is set once, and moved.
    assert publisher.post(address, {"dang": "2026-12-02T08:00", "dat_dang": ""}).status_code == 302
    change = ScheduledChange.objects.get()
    assert change.at == datetime.fromisoformat("2026-12-02T08:00+07:00")
    assert "08:00, 02/12/2026" in writer.get("/soan/hen-gio/").content.decode()
    cancel = reverse("curriculum_studio:schedule_cancel", args=[change.pk])
    assert writer.post(cancel).status_code == 403
    assert publisher.post(cancel).status_code == 302
    before = digest()
    assert carry_out_due(at=clock.to(change.at)) == 0
    assert digest() == before
    assert publisher.post(cancel).status_code == 302
    for count in (1, 3):
        for number in range(count):
            ScheduledChange.objects.create(
                kind="lesson", object_id=900 + count * 10 + number, slug="x", title="X", action="PUBLISH", at=change.at,
                due_at=change.at, state="WAITING", set_by=publisher.account, set_at=now,
            )  # fmt: skip
        with django_assert_num_queries(1):
            rows, following = scheduling.schedule_page(scheduling.VIEWS["cho"], rows=2)
            assert [row.set_by.get_full_name() for row in rows] == ["Tu"] * len(rows)
    again, _ = scheduling.schedule_page(scheduling.VIEWS["cho"], after=following, rows=2)
    assert {row.pk for row in again}.isdisjoint({row.pk for row in rows})


def test_a_fault_of_ours_is_tried_again_and_then_told(people, clock, now, monkeypatch):
    writer, reviewer, publisher = people
    moment = now + timedelta(days=1)
    schedule_publication(user=publisher.account, thing=on_the_publishers_desk(writer, reviewer), moment=moment, at=now)
    before = digest()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as hurt:
        hurt.setattr(Revision, "publish", broken)
        assert carry_out_due(at=clock.to(moment)) == 0
        change = ScheduledChange.objects.get()
        assert (change.state, change.tries, digest()) == ("WAITING", 1, before)
    assert carry_out_due(at=clock.to(moment + timedelta(seconds=1))) == 0
    assert carry_out_due(at=clock.to(moment + timedelta(minutes=6))) == 1
    assert digest() != before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_publish_once(people, clock, now):
    writer, reviewer, publisher = people
    moment = now + timedelta(days=1)
    schedule_publication(user=publisher.account, thing=on_the_publishers_desk(writer, reviewer), moment=moment, at=now)
    done: list[int] = []
    gate = threading.Barrier(2)

    def work() -> None:
        try:
            gate.wait(timeout=20)
            done.append(carry_out_due(at=clock.to(moment)))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(done) == [0, 1]
    assert ScheduledChange.objects.get().state == "DONE"
    assert Release.objects.filter(kind="lesson", slug=SLUG).count() == 2
    assert connection.in_atomic_block is False
