"""A spoken test at somebody's home: the network goes, the tab is killed, it is opened again, and everything arrives once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hocvuso.assessment.models import Attempt, Policy, SittingRecord
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.services import load_policies
from hocvuso.assessment.sittings import services
from hocvuso.people.public import Purpose, Role, record_consent
from tests.factories.people import make_officer
from tests.factories.spine import make_city, make_person

from .conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("starter")]

# True once the phone keeps the page (`wait_for_function` would take the promise for a yes).
KEPT = """async () => {
    for (let turn = 0; turn < 200; turn++) {
        if (navigator.serviceWorker.controller && (await caches.match(location.origin + "/coi-kiem-tra/"))) return true;
        await new Promise((go) => setTimeout(go, 200));
    }
    return false;
}"""


@pytest.mark.clause("R-01")
def test_a_sitting_without_a_network_survives_a_killed_tab_and_arrives_once(site, new_page, sign_in, axe, settings):
    # given an assessor with a spoken session for one person, fetched while there is a network
    settings.DEMO = True
    load_policies()
    now, city = timezone.now(), make_city()
    account = make_officer("Hồ Thị Bích Vân", city.binh_thanh, Role.ASSESSOR, "van@demo.test")
    learner = make_person(city.khu_pho_1, "Nguyễn Thị Sáu")
    record_consent(
        actor=None, person=learner, purpose=Purpose.LEARNING, given=True, text_version="1", how="paper", at=now
    )
    services.read_guide(actor=account.person, at=now)
    sitting = services.open_sitting(
        actor=account.person,
        unit=city.binh_thanh,
        policy=Policy.objects.get(code="pho-cap-nguoi-dan"),
        mode=SittingMode.SPOKEN,
        place="Nhà bà Sáu",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        at=now,
    )
    services.call_person(actor=account.person, sitting=sitting, person=learner, at=now)
    page = new_page(**PHONE)
    sign_in(page, account)
    page.goto("/coi-kiem-tra/")
    page.get_by_role("button", name="Lấy về máy").click()
    expect(page.get_by_role("button", name="Nguyễn Thị Sáu")).to_be_visible()
    assert page.evaluate(KEPT), "the page is not kept for when there is no network"
    axe(page)

    # when the network goes, three answers are recorded, and the tab is killed
    page.context.set_offline(True)
    page.get_by_role("button", name="Nguyễn Thị Sáu").click()
    page.get_by_role("button", name="Tôi thấy người này").click()
    page.get_by_role("button", name="Hỏi câu đầu tiên").click()
    for number in range(1, 4):
        answer(page, number)
    expect(page.locator("hvs-sitting")).to_have_attribute("data-waiting", "4")
    address, context = page.url, page.context
    page.close()

    # then it opens again without a network, goes on at the fourth question, and is finished
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Tiếp từ số 4").click()
    axe(page)
    for number in range(4, 16):
        answer(page, number)
    page.get_by_role("button", name="Xong, khóa bài").click()
    expect(page.locator("hvs-sitting")).to_have_attribute("data-waiting", "17")
    assert not SittingRecord.objects.exists()

    # and with the network back everything is there once, graded by the server
    context.set_offline(False)
    expect(page.locator("hvs-sitting")).to_have_attribute("data-waiting", "0")
    expect(page.locator("[data-tag]")).to_have_text(["chưa đạt"])
    assert SittingRecord.objects.count() == 17
    attempt = Attempt.objects.get(person=learner)
    assert (attempt.state, len(attempt.paper)) == ("GRADED", 15)


def answer(page: Page, number: int) -> None:
    """Record the first option, or the lines in the order shown."""
    expect(page.locator("[data-where]")).to_have_text(f"Câu {number} / 15")
    ranks = page.locator("[data-options] select")
    for place in range(ranks.count()):
        ranks.nth(place).select_option(str(place + 1))
    if ranks.count() == 0:
        page.locator("[data-options] input").first.check()
    page.get_by_role("button", name="Ghi câu này").click()
    # Whatever stands there by luck is not all right: the first option is right in few papers of fifteen.
    expect(page.locator("[data-where]").filter(has_text=f"Câu {number} / 15")).to_have_count(0)
