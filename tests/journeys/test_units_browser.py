"""A manager imports neighbourhoods, looks at them, and takes the import back."""

from __future__ import annotations

import pytest

from hocvuso.people.public import Role, create_account_with_password, grant_mandate, register_person
from hocvuso.units.public import find_unit, merge_units
from tests.conftest import NOW
from tests.factories.spine import make_city

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.clause("R-02"),
]
FILE = "Mã,Tên,Loại,Mã cấp trên\n26929-KP03,Khu phố 3,Khu phố,26929\n"


@pytest.fixture
def manager(site):
    """Somebody who manages the units of a small city."""
    places = make_city()
    person = register_person(actor=None, full_name="Bùi Thanh Tùng", at=NOW)
    grant_mandate(actor=None, person=person, unit=places.city, role=Role.MANAGER, at=NOW)
    return create_account_with_password(
        person=person, email="quanly@vidu.vn", password="mot-mat-khau-dai", at=NOW, demo=True
    )


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_import_is_seen_confirmed_and_undone(manager, screen, request, sign_in, axe, settings):
    settings.DEMO = True
    page = request.getfixturevalue(screen)
    sign_in(page, manager)
    page.goto("/dieu-hanh/don-vi/")
    axe(page)
    page.get_by_role("link", name="Nạp từ tệp").click()
    axe(page)
    page.get_by_label("Tệp").set_input_files({"name": "khu-pho.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("heading", name="Tệp sẽ thay đổi 1 đơn vị").wait_for()
    axe(page)
    page.get_by_role("button", name="Xác nhận nạp").click()
    page.get_by_role("heading", name="Đã nạp xong tệp").wait_for()
    axe(page)
    assert find_unit("TERRITORY", "26929-KP03").name == "Khu phố 3"
    page.get_by_role("button", name="Hoàn tác lần nạp này").click()
    page.get_by_role("heading", name="Lần nạp này đã được hoàn tác").wait_for()
    assert find_unit("TERRITORY", "26929-KP03") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_rows_to_put_right_and_a_merged_unit_read_well(manager, phone, sign_in, axe, settings):
    settings.DEMO = True
    merge_units(
        actor=None,
        sources=[find_unit("TERRITORY", "26929-KP02")],
        target=find_unit("TERRITORY", "26929-KP01"),
        on=NOW.date(),
        at=NOW,
    )
    sign_in(phone, manager)
    phone.goto("/dieu-hanh/don-vi/nap/")
    bad = FILE.replace("26929\n", "99999\n")
    phone.get_by_label("Tệp").set_input_files({"name": "khu-pho.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    phone.get_by_role("button", name="Xem trước").click()
    phone.get_by_role("heading", name="Có 1 chỗ cần sửa").wait_for()
    axe(phone)
    phone.goto(f"/dieu-hanh/don-vi/{find_unit('TERRITORY', '26929-KP01').pk}/")
    phone.get_by_role("heading", name="Hình thành từ").wait_for()
    axe(phone)
