"""The assessor's phone with the network cut: pairs asked aloud, a practice played, somebody added at the door."""

from __future__ import annotations

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hocvuso.assessment import rules
from hocvuso.assessment.models import Answer, Attempt, Policy, Seat, SittingRecord, SparePaper, WalkIn
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.services import load_policies
from hocvuso.assessment.sittings import papers, services
from hocvuso.curriculum.public import practice_definition
from hocvuso.people.public import Purpose, Role, has_consent, record_consent
from tests.assessment.test_question_kinds import MATCH
from tests.factories.people import make_officer
from tests.factories.spine import make_city, make_person
from tests.factories.traces import passing_trace

from .conftest import PHONE

# The page, every script and style it has loaded, and the drawings of practices, which it has not.
EVERYTHING_KEPT = """async () => {
  if (!navigator.serviceWorker.controller) return false;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => /\\.(js|css)$/.test(one));
  const drawings = document.querySelector("template[data-practice]").content.querySelector("hvs-practice").getAttribute("drawings");
  const wanted = ["/coi-kiem-tra/", drawings, ...loaded].map((one) => new URL(one, location.origin).href);
  return (await Promise.all(wanted.map((one) => caches.match(one, { ignoreVary: true })))).every(Boolean);
}"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("starter")]


@pytest.fixture
def room(settings, monkeypatch, site) -> SimpleNamespace:
    """A session in which everybody gets one question in pairs and the policy's one practice."""
    settings.DEMO = True
    load_policies()
    now, city = timezone.now(), make_city()
    account = make_officer("Hồ Thị Bích Vân", city.binh_thanh, Role.ASSESSOR, "van@demo.test")
    learner = make_person(city.khu_pho_1, "Nguyễn Thị Sáu")
    record_consent(
        actor=None, person=learner, purpose=Purpose.LEARNING, given=True, text_version="1", how="paper", at=now
    )
    policy = Policy.objects.get(code="pho-cap-nguoi-dan")
    values = {field.name: getattr(policy, field.name) for field in Policy._meta.fields if field.name != "id"}
    policy = Policy.objects.create(**(values | {"version": 2, "practice_tasks": 1}))
    monkeypatch.setattr(papers.paper_rules, "draw", lambda *_args: [rules.drawn(MATCH, random.Random(7))])
    services.read_guide(actor=account.person, at=now)
    sitting = services.open_sitting(
        actor=account.person,
        unit=city.binh_thanh,
        policy=policy,
        mode=SittingMode.SPOKEN,
        place="Nhà bà Sáu",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        at=now,
    )
    services.call_person(actor=account.person, sitting=sitting, person=learner, at=now)
    return SimpleNamespace(account=account, sitting=sitting, learner=learner)


@pytest.mark.clause("R-01", "R-27")
def test_pairs_a_practice_and_a_walk_in_without_a_network(room, new_page, sign_in, axe):
    # given the session on the assessor's phone
    page = new_page(**PHONE)
    sign_in(page, room.account)
    page.goto("/coi-kiem-tra/")
    page.get_by_role("button", name="Lấy về máy").click()
    expect(page.get_by_role("button", name="Nguyễn Thị Sáu")).to_be_visible()
    kept_for_later(page)

    # when the network goes, and the person on the list answers in pairs and plays the practice
    page.context.set_offline(True)
    address, context = page.url, page.context
    page.close()
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Nguyễn Thị Sáu").click()
    page.get_by_role("button", name="Tôi thấy người này").click()
    page.get_by_role("button", name="Hỏi câu đầu tiên").click()
    paper = Seat.objects.get(person=room.learner).paper
    answer_pairs(page, paper[0], axe)
    play(page, paper[1], axe)
    page.get_by_role("button", name="Xong, khóa bài").click()

    # and somebody comes who is not on the list
    page.get_by_role("button", name="Thêm người chưa có trong danh sách").click()
    expect(page.get_by_label("Họ và tên")).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="Người này đồng ý").click()
    page.get_by_role("button", name="Niêm phong").click()
    expect(page.get_by_role("alert")).to_have_text("Ghi đủ họ và tên giúp.")
    page.get_by_label("Họ và tên").fill("Trần Thị Bảy")
    page.get_by_label("Năm sinh").fill("1958")
    page.get_by_label("Điện thoại, không có thì để trống").fill("0903 123 456")
    page.get_by_label("Sống ở Phường Bình Thạnh").check()
    axe(page)
    page.get_by_role("button", name="Niêm phong").click()
    page.get_by_role("button", name="Tôi thấy người này").click()
    page.get_by_role("button", name="Hỏi câu đầu tiên").click()
    spare = SparePaper.objects.order_by("pk").first().paper
    answer_pairs(page, spare[0])
    play(page, spare[1])
    page.get_by_role("button", name="Xong, khóa bài").click()
    expect(page.get_by_role("button", name="Trần Thị Bảy")).to_be_visible()
    expect(page.locator("hvs-sitting")).to_have_attribute("data-waiting", "9")
    kept = page.evaluate(
        """() => new Promise((resolve) => { const asked = indexedDB.open("hvs-sitting");
        asked.onsuccess = () => { const all = asked.result.transaction("lines").objectStore("lines").getAll();
        all.onsuccess = () => resolve(all.result.map((one) => one.line).join()); }; })"""
    )
    assert "0903123456" not in kept and "Trần Thị Bảy" not in kept and '"tap"' not in kept
    assert not SittingRecord.objects.exists()

    # then, with the network back, both are graded by the server, and the one from the door is known
    page.context.set_offline(False)
    expect(page.locator("hvs-sitting")).to_have_attribute("data-waiting", "0")
    expect(page.locator("[data-tag]")).to_have_text(["đạt", "đạt"])
    assert {(one.person.full_name, one.passed, one.correct) for one in Attempt.objects.select_related("person")} == {
        ("Nguyễn Thị Sáu", True, 2),
        ("Trần Thị Bảy", True, 2),
    }
    assert Answer.objects.filter(position=2, chosen__v=1, correct=True).count() == 2
    assert has_consent(WalkIn.objects.get().person, Purpose.LEARNING)


def kept_for_later(page: Page) -> None:
    """Look until the phone holds everything; a promise alone counts as true for Playwright's own waiting."""
    for _look in range(200):
        if page.evaluate(EVERYTHING_KEPT):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page was not kept within twenty seconds")


def answer_pairs(page: Page, question: dict, axe=None) -> None:
    """Tap a letter for every line; one that belonged to another line leaves it."""
    letters = {partner["name"]: place for place, partner in enumerate(question["partners"])}
    lines = page.get_by_role("radiogroup")
    expect(lines).to_have_count(4)
    lines.nth(0).get_by_role("radio").nth(1).check()
    lines.nth(1).get_by_role("radio").nth(1).check()
    expect(lines.nth(0).get_by_role("radio").nth(1)).not_to_be_checked()
    page.get_by_role("button", name="Ghi câu này").click()
    expect(page.get_by_role("alert")).to_have_text("Chọn chữ cái cho từng dòng.")
    for place, line in enumerate(question["options"]):
        lines.nth(place).get_by_role("radio").nth(letters[line["partner"]]).check()
    if axe:
        axe(page)
    page.get_by_role("button", name="Ghi câu này").click()


def play(page: Page, question: dict, axe=None) -> None:
    """The shortest honest way through the practice, tapped on the drawn phone."""
    expect(page.get_by_text("Đưa máy cho")).to_be_visible()
    expect(page.locator("hvs-practice .pr-glass")).to_be_visible()
    if axe:
        axe(page)
    record = page.get_by_role("button", name="Ghi phần thực hành này")
    expect(record).to_be_hidden()
    trace = passing_trace(practice_definition(question["digest"]))
    page.locator("hvs-practice").evaluate(
        "(phone, events) => { phone.wear('android'); for (const { t, ...event } of events) phone.act(event); }",
        trace["events"],
    )
    record.click()
