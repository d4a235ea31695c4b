"""A learner's whole way in a real browser: without a network and an account, on two devices, with a wrong clock; and a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from hocvuso.assessment.models import Attempt
from hocvuso.assessment.services import load_policies
from hocvuso.curriculum.practice import engine
from hocvuso.curriculum.public import lesson_requirements, practice_definition
from hocvuso.evidence.public import Evidence
from hocvuso.kernel import clock
from hocvuso.learning.models import Activity, LessonProgress
from hocvuso.people.public import Account, Person, Purpose, create_account_with_password, record_consent
from tests.assessment.conftest import CODE, right, wrong
from tests.factories.spine import make_city, make_person
from tests.factories.traces import passing_trace
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser

SLUG = "cuoc-goi-cong-an-gia"
LESSON = f"/bai/{SLUG}/"
SignIn = Callable[[Page, Any], None]
Axe = Callable[..., None]
# True once every lesson of the catalogue is on the phone.
KEPT = """async () => {
    for (let turn = 0; turn < 300; turn++) {
        if (await caches.match("/ngoai-mang/da-giu.json")) return true;
        await new Promise((go) => setTimeout(go, 200));
    }
    return false;
}"""


@pytest.fixture
def learner(site: str, starter: None) -> Person:
    person = make_person(make_city().khu_pho_1)
    record_consent(
        actor=person,
        person=person,
        purpose=Purpose.LEARNING,
        given=True,
        text_version="1",
        how="web",
        at=clock.now(),
    )
    return person


def account_of(person: Person) -> Account:
    return create_account_with_password(
        person=person, email=f"{person.pk.hex[-8:]}@demo.invalid", password="chiếc-đèn-dầu-1945", at=clock.now()
    )


@pytest.fixture
def account(learner: Person) -> Account:
    return account_of(learner)


def outbox(page: Page) -> Locator:
    return page.locator("hvs-outbox .outbox")


def read(page: Page) -> None:
    """Step 1."""
    page.goto(f"{LESSON}#hieu")
    page.get_by_role("link", name="Đọc xong, làm thử").click()


def practise(page: Page) -> None:
    """Step 2: every practice of the lesson, by hand, the shortest way."""
    for slug, digest in lesson_requirements(SLUG).practice_digests.items():
        definition = practice_definition(digest)
        place = page.locator(f".screen[data-practice='{slug}']")
        page.evaluate("id => { location.hash = id; }", place.get_attribute("id"))
        expect(place.locator(".pr-phone")).to_be_visible()
        state = engine.start(definition, "android")
        for event in passing_trace(definition)["events"]:
            block = next((one for one in engine.visible_blocks(state) if one.get("id") == event.get("id")), None)
            act(place, event, block)
            state = engine.step(state, {key: value for key, value in event.items() if key != "t"})


def act(place: Locator, event: dict[str, Any], block: dict[str, Any] | None) -> None:
    """One action with the finger."""
    glass = place.locator(".pr-glass")
    if event["on"] == "back":
        place.locator(".pr-phone .pr-back").click()
    elif event["on"] == "tap":
        glass.locator(f'[data-block="{event["id"]}"]').click()
    elif event["on"] == "choose":
        glass.locator(f'[data-block="{event["id"]}-{event["option"]}"]').click()
    elif block is not None and block["type"] == "keypad":
        for digit in event["value"] or "9" * block["length"]:
            glass.locator(f'[data-block="{event["id"]}-{digit}"]').click()
    else:
        field = place.locator(f'[data-block="{event["id"]}"]')
        field.fill(event["value"] or "gì đó khác")
        field.press("Enter")


def use(page: Page) -> None:
    """Step 3, every box ticked."""
    page.evaluate("location.hash = 'dung'")
    for box in page.locator("#dung input[type=checkbox]").all():
        box.check()
    page.get_by_role("link", name="Tôi làm xong rồi").click()


def lamps(page: Page) -> list[bool]:
    return [lamp.get_attribute("data-lit") is not None for lamp in page.locator(".lesson__head .lamps > li").all()]


@pytest.mark.clause("R-01", "R-03", "R-20")
def test_a_lesson_done_without_network_and_account_becomes_evidence_after_signing_in(
    phone: Page, learner: Person, account: Account, sign_in: SignIn, axe: Axe
) -> None:
    """Given one visit, when somebody learns a lesson offline, closes the tab, and signs in later, then the server has it all."""
    phone.goto("/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=40_000)
    assert phone.evaluate(KEPT)
    phone.context.set_offline(True)
    read(phone)
    practise(phone)
    use(phone)
    assert lamps(phone) == [True, True, True]
    expected = 2 + len(lesson_requirements(SLUG).practices)
    expect(outbox(phone)).to_contain_text(f"{expected} việc giữ trên máy này")
    axe(phone)

    again = phone.context.new_page()
    phone.close()
    again.goto("/viec-cho-gui/")
    expect(again.locator("[data-list=waiting] li")).to_have_count(expected)
    expect(again.get_by_text("Đã dùng thật")).to_be_visible()
    axe(again)
    with again.expect_download() as saved:
        again.get_by_role("button", name="Lưu thành tệp").click()
    assert len(json.loads(saved.value.path().read_text())["activities"]) == expected
    assert not Activity.objects.exists()

    again.goto("about:blank")
    again.context.set_offline(False)
    sign_in(again, account)
    again.goto("/")
    expect(outbox(again)).to_contain_text("Mọi việc đã gửi", timeout=30_000)
    expect(again.locator(f"li[data-lesson='{SLUG}']").first.get_by_text("Đã học xong")).to_have_count(1)
    axe(again)
    assert Activity.objects.filter(person=learner).count() == expected
    assert LessonProgress.objects.get(person=learner, lesson=SLUG).completed_at is not None
    kinds = set(Evidence.objects.filter(person=learner).values_list("kind", flat=True))
    assert {"LESSON_COMPLETED", "PRACTICE_PASSED"} <= kinds
    again.goto("/viec-cho-gui/")
    expect(again.get_by_text("Không còn việc nào chờ")).to_be_visible()
    expect(outbox(again)).to_be_hidden()


@pytest.mark.clause("R-20")
def test_the_same_lesson_on_two_devices_comes_together(
    new_page: Callable[..., Page], learner: Person, account: Account, sign_in: SignIn
) -> None:
    """Given step 1 on the phone and step 3 on a tablet, when both have sent, then each shows the lamps of both."""
    one, other = new_page(**PHONE), new_page(**PHONE)
    sign_in(one, account)
    sign_in(other, account)
    read(one)
    expect(outbox(one)).to_be_hidden()
    one.goto("/viec-cho-gui/")
    expect(one.get_by_text("Không còn việc nào chờ")).to_be_visible(timeout=30_000)
    one.goto("/")
    expect(one.locator(f"li[data-lesson='{SLUG}']").first.locator(".lamps > [data-lit]")).to_have_count(1)
    other.goto(LESSON)
    expect(other.locator(".lesson__head .lamps > li[data-lit]")).to_have_count(1, timeout=30_000)
    use(other)
    expect(outbox(other)).to_contain_text("Mọi việc đã gửi", timeout=30_000)
    one.goto(LESSON)
    practise(one)
    expect(one.locator(".lesson__head .lamps > li[data-lit]")).to_have_count(3, timeout=30_000)
    one.goto("/viec-cho-gui/")
    expect(one.get_by_text("Không còn việc nào chờ")).to_be_visible(timeout=30_000)
    assert LessonProgress.objects.get(person=learner, lesson=SLUG).completed_at is not None


@pytest.mark.clause("R-20")
@pytest.mark.parametrize("days", [2, -2])
def test_a_clock_two_days_off_does_not_move_what_happened(
    phone: Page, learner: Person, account: Account, sign_in: SignIn, days: int
) -> None:
    phone.add_init_script(
        f"""{{ const Real = Date, off = {days} * 86400000;
        window.Date = class extends Real {{
            constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + off); }}
            static now() {{ return Real.now() + off; }}
        }}; }}"""
    )
    read(phone)
    use(phone)
    expect(outbox(phone)).to_contain_text("2 việc giữ trên máy này")
    sign_in(phone, account)
    phone.goto("/")
    expect(outbox(phone)).to_contain_text("Mọi việc đã gửi", timeout=30_000)
    for activity in Activity.objects.filter(person=learner):
        assert abs(activity.received_at - activity.occurred_at) < timedelta(minutes=5)
    assert Activity.objects.filter(person=learner).count() == 2


@pytest.mark.clause("R-01", "R-20")
def test_the_last_tick_and_done_in_the_same_breath_lose_nothing(phone: Page, site: str, starter: None) -> None:
    """Both tell the same thing at the same moment: one of them stays in the outbox."""
    read(phone)
    expect(outbox(phone)).to_contain_text("1 việc giữ trên máy này")
    phone.evaluate(
        """() => {
            location.hash = "dung";
            const boxes = [...document.querySelectorAll("#dung input[type=checkbox]")];
            for (const box of boxes) box.click();
            document.querySelector("#dung [data-done=use]").click();
        }"""
    )
    expect(outbox(phone)).to_contain_text("2 việc giữ trên máy này")
    phone.goto("/viec-cho-gui/")
    expect(outbox(phone)).to_contain_text("2 việc giữ trên máy này")


@pytest.mark.clause("R-05", "R-20")
def test_on_a_shared_phone_nothing_is_sent_for_somebody_else_unasked(
    phone: Page, learner: Person, account: Account, sign_in: SignIn, axe: Axe
) -> None:
    """Given a phone that knew one account, when work without an account waits and another signs in, then they are asked."""
    other = make_person(None, "Trần Văn Tám")
    record_consent(
        actor=other, person=other, purpose=Purpose.LEARNING, given=True, text_version="1", how="web", at=clock.now()
    )
    sign_in(phone, account)
    read(phone)
    # Where it was sent before this page was opened, only the list of what waits says so.
    phone.goto("/viec-cho-gui/")
    expect(phone.get_by_text("Không còn việc nào chờ")).to_be_visible(timeout=30_000)
    phone.context.clear_cookies()
    phone.goto("/")
    expect(outbox(phone)).to_be_hidden()
    phone.goto(LESSON)
    expect(phone.locator(".lesson__head .lamps > li[data-lit]")).to_have_count(0)
    use(phone)
    expect(outbox(phone)).to_contain_text("1 việc giữ trên máy này")
    sign_in(phone, account_of(other))
    phone.goto("/viec-cho-gui/")
    expect(phone.get_by_role("heading", name="Những việc này của ai?")).to_be_visible()
    axe(phone)
    assert not Activity.objects.filter(person=other).exists()
    phone.get_by_role("button", name="Không phải của tôi").click()
    expect(phone.get_by_role("heading", name="Của tài khoản khác")).to_be_visible()
    phone.context.clear_cookies()
    phone.goto("/")
    sign_in(phone, account)
    phone.goto("/viec-cho-gui/")
    phone.get_by_role("button", name="Của tôi, gửi đi").click()
    expect(phone.get_by_text("Không còn việc nào chờ")).to_be_visible(timeout=30_000)
    assert Activity.objects.filter(person=learner, kind="USED").count() == 1
    assert not Activity.objects.filter(person=other).exists()


@pytest.mark.clause("R-20")
def test_what_the_server_cannot_take_is_halved_or_put_aside_in_plain_words(
    new_page: Callable[..., Page], learner: Person, account: Account, sign_in: SignIn, axe: Axe
) -> None:
    """Given a server that finds a batch too large and refuses one item, then the rest arrives and that one waits with its reason."""
    page = new_page(**PHONE, service_workers="block")
    read(page)
    use(page)
    expect(outbox(page)).to_contain_text("2 việc giữ trên máy này")
    sizes: list[int] = []

    def server(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")["activities"]
        sizes.append(len(sent))
        if len(sent) == 2:
            route.fulfill(status=413, json={"error": "learning.batch_too_large", "message": "…"})
        elif sent[0]["kind"] == "UNDERSTOOD":
            refused = {"id": sent[0]["id"], "status": "rejected", "reason": "unknown_lesson"}
            route.fulfill(json={"v": 1, "results": [refused], "state": {}})
        else:
            route.continue_()

    page.route("**/api/v1/sync", server)
    sign_in(page, account)
    page.goto("/viec-cho-gui/")
    expect(page.get_by_role("heading", name="Chưa nhận được")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Bài này không còn nữa.")).to_be_visible()
    expect(outbox(page)).to_contain_text("1 việc chưa nhận được")
    axe(page)
    assert sizes[:2] == [2, 1] and list(Activity.objects.values_list("kind", flat=True)) == ["USED"]
    page.unroute("**/api/v1/sync")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.get_by_text("Không còn việc nào chờ")).to_be_visible(timeout=30_000)
    assert set(Activity.objects.values_list("kind", flat=True)) == {"USED", "UNDERSTOOD"}


@pytest.mark.clause("R-20")
def test_where_nothing_may_be_kept_the_phone_says_so(phone: Page, learner: Person, axe: Axe) -> None:
    phone.add_init_script(
        """Object.defineProperty(window, "indexedDB", { get() { throw new Error("closed"); } });
        Object.defineProperty(window, "localStorage", { get() { throw new Error("closed"); } });"""
    )
    read(phone)
    phone.evaluate("location.hash = 'dung'")
    expect(outbox(phone)).to_contain_text("Máy này không cho lưu. Đóng trang là mất bài làm.")
    axe(phone)


def choose(page: Page, question: dict[str, Any], names: list[str]) -> None:
    """Give the answer on the page, without sending it."""
    for number, name in enumerate(names, 1):
        if question["kind"] == "order":
            page.locator(f"#o-{name}").select_option(str(number))
        else:
            page.locator(f"#o-{name}").check()


@pytest.mark.clause("R-27")
def test_a_test_survives_a_lost_connection_and_a_closed_tab_and_leads_to_the_certificate(
    phone: Page, learner: Person, account: Account, sign_in: SignIn, axe: Axe
) -> None:
    load_policies()
    sign_in(phone, account)
    phone.goto("/kiem-tra/")
    axe(phone)
    phone.locator(f"a[href='/kiem-tra/{CODE}/']").first.click()
    expect(phone.get_by_text("Tạm, chờ văn bản", exact=True)).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Bắt đầu").click()
    expect(phone.get_by_text("Câu 1 / 15")).to_be_visible()
    axe(phone)
    attempt = Attempt.objects.get(person=learner)
    page = phone
    for position, question in enumerate(attempt.paper, 1):
        expect(page.get_by_text(f"Câu {position} / 15")).to_be_visible()
        choose(page, question, right(question) if position <= 13 else wrong(question))
        if position == 5:
            page.context.set_offline(True)
            page.get_by_role("button", name="Trả lời").click()
            expect(page.get_by_text("Mất mạng. Câu trả lời vẫn còn trên máy. Bấm “Gửi lại”.")).to_be_visible()
            axe(page)
            page.context.set_offline(False)
        elif position == 8:
            page.get_by_role("button", name="Trả lời").click()
            expect(page.get_by_text("Câu 9 / 15")).to_be_visible()
            later = page.context.new_page()
            page.close()
            page = later
            page.goto(f"/kiem-tra/{CODE}/")
            page.get_by_role("button", name="Làm tiếp").click()
        else:
            page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_role("heading", name="Trước khi nộp bài")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Bạn đã đạt.")).to_be_visible()
    expect(page.get_by_text("Đúng 13 trên 15 câu.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)
    page.get_by_role("link", name="Xem giấy chứng nhận").click()
    expect(page).to_have_url(re.compile("/chung-nhan/$"))
    page.get_by_role("link", name="Mở", exact=True).click()
    expect(page.get_by_text("Nguyễn Thị Sáu").first).to_be_visible()
    axe(page)
