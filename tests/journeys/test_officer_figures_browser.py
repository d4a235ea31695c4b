"""A ward officer reads the figures, opens one down to a person's evidence, and gives a denominator; anybody reads the public page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from hocvuso.evidence.public import EvidenceKind
from hocvuso.people.models import Account
from hocvuso.units.models import Shape
from tests.factories.figures import give_denominator, make_officer, make_passed
from tests.factories.spine import City, make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def city(site: str) -> City:
    return make_city()


@pytest.fixture
def officer(city: City) -> Account:
    """Bình Thạnh has people who passed, denominators for adults, and an outline of one neighbourhood."""
    make_passed(city.khu_pho_1, 6, name="Nguyễn Thị")
    make_passed(city.khu_pho_2, 2, kind=EvidenceKind.VNEID_ACCEPTED)
    give_denominator(city.khu_pho_1, 30)
    give_denominator(city.khu_pho_2, 20)
    square = {
        "type": "Polygon",
        "coordinates": [[[106.7, 10.8], [106.71, 10.8], [106.71, 10.81], [106.7, 10.81], [106.7, 10.8]]],
    }
    Shape.objects.create(unit=city.khu_pho_1, geometry=square, source="Bản vẽ thử")
    return make_officer(city.binh_thanh)


def is_wide_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.clause("R-04")
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_an_officer_opens_a_figure_down_to_the_evidence(request, size, officer, sign_in, axe):
    page: Page = request.getfixturevalue(size)
    sign_in(page, officer)
    page.goto("/dieu-hanh/")
    expect(page.locator("h1")).to_contain_text("chỉ tiêu")
    page.locator("hvs-trend").scroll_into_view_if_needed()
    expect(page.locator("hvs-trend svg")).to_be_visible()
    page.locator("hvs-map").scroll_into_view_if_needed()
    expect(page.locator("hvs-map svg")).to_be_visible()
    axe(page)
    assert is_wide_enough(page)

    row = page.get_by_role("row").filter(has_text="Người trưởng thành có kỹ năng cơ bản").first
    row.get_by_role("link", name="6", exact=True).click()
    expect(page.locator("h1")).to_contain_text("6 người sau con số")
    expect(page.locator("tbody tr")).to_have_count(6)
    axe(page)
    assert is_wide_enough(page)

    page.get_by_role("link", name="Nguyễn Thị An").click()
    expect(page.locator("h1")).to_have_text("Nguyễn Thị An")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("niêm phong")
    axe(page)
    assert is_wide_enough(page)


def test_the_units_below_change_their_order_without_a_new_page(officer, sign_in, desktop):
    sign_in(desktop, officer)
    desktop.goto("/dieu-hanh/?chi-tieu=R-10c")
    desktop.evaluate("window.same = true")
    names = desktop.locator("#units-below tbody th a")
    desktop.get_by_role("link", name="Theo tên").click()
    expect(names.first).to_have_text("Khu phố 1")
    expect(desktop).to_have_url(re.compile("xep=ten"))
    assert desktop.evaluate("window.same")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_an_officer_gives_a_denominator_and_a_target(request, size, officer, city, sign_in, axe):
    page: Page = request.getfixturevalue(size)
    sign_in(page, officer)
    page.goto("/dieu-hanh/mau-so/")
    axe(page)
    assert is_wide_enough(page)
    page.get_by_label("Đơn vị", exact=True).select_option(label="Phường Bình Thạnh")
    page.get_by_label("Nhóm", exact=True).select_option(label="Học sinh")
    page.get_by_label("Số người", exact=True).fill("1200")
    page.get_by_label("Nguồn", exact=True).fill("Phòng Văn hóa – Xã hội")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("tbody tr").first).to_contain_text("1.200")

    page.goto("/dieu-hanh/chi-tieu-giao/")
    axe(page)
    assert is_wide_enough(page)
    page.get_by_label("Tỷ lệ (%)", exact=True).fill("90")
    page.get_by_role("button", name="Giao chỉ tiêu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã giao chỉ tiêu")
    expect(page.locator("tbody tr").first).to_contain_text("90%")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_anybody_reads_the_public_figures(request, size, officer, axe):
    page: Page = request.getfixturevalue(size)
    for address in ("/cong-khai/", "/cong-khai/26929/", "/cong-khai/tu-dien-du-lieu/"):
        page.goto(address)
        axe(page)
        assert is_wide_enough(page)
    page.goto("/cong-khai/")
    page.get_by_role("link", name="Phường Bình Thạnh").click()
    expect(page.locator("h1")).to_have_text("Phường Bình Thạnh")
    expect(page.locator("main")).to_contain_text("6 người")
    expect(page.locator("main")).to_contain_text("dưới 5 người")
