"""Officers' pages of the units."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from hocvuso.people.models import Mandate, Person
from hocvuso.people.public import Capability, Role, create_account_with_password, register_person, require, units_with
from hocvuso.units import policies
from hocvuso.units.errors import NoGuard
from hocvuso.units.models import Unit, UnitImport
from hocvuso.units.public import find_unit, merge_units
from tests.conftest import NOW

from .conftest import OPENED, make_unit

pytestmark = pytest.mark.django_db
LIST_QUERIES = 14
FILE = "Mã;Tên;Loại;Mã cấp trên\nA3;Khu phố 3;Khu phố;A\n"


@pytest.fixture(autouse=True)
def guard(monkeypatch):
    """Whoever manages units by their mandates, as the room of the people registers it."""
    registered = policies.Guard(
        require(Capability.MANAGE_UNITS), lambda person: units_with(person, Capability.MANAGE_UNITS)
    )
    monkeypatch.setattr(policies, "_guards", [registered])


def officer(client, unit: Unit, role: str = Role.MANAGER) -> Person:
    """Sign in as somebody with a role over a unit."""
    person = register_person(actor=None, full_name="Lê Thị Quản", at=NOW)
    Mandate.objects.create(person=person, unit=unit, role=role, valid_from=OPENED)
    account = create_account_with_password(
        person=person, email=f"{person.pk}@demo.invalid", password="mot-mat-khau-dai", at=NOW, demo=True
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def upload(client, text: str = FILE, line: str = "TERRITORY", name: str = "donvi.csv"):
    return client.post("/dieu-hanh/don-vi/nap/", {"line": line, "file": SimpleUploadedFile(name, text.encode())})


PAGES = ["/dieu-hanh/don-vi/", "/dieu-hanh/don-vi/nap/", "/dieu-hanh/don-vi/nap/mau.csv"]


@pytest.mark.parametrize("address", PAGES)
def test_visitors_are_sent_to_sign_in(client, country, address, settings):
    settings.LOGIN_URL = "/dang-nhap/"
    response = client.get(address)
    assert response.status_code == 302
    assert f"next={address}" in response["Location"]


@pytest.mark.parametrize("address", PAGES)
def test_other_roles_are_turned_away(client, country, address):
    officer(client, country["A"], Role.CONFIRMER)
    assert client.get(address).status_code == 403


def test_without_a_guard_the_pages_are_closed(monkeypatch):
    monkeypatch.setattr(policies, "_guards", [])
    view = policies.guarded(lambda request: pytest.fail("let in"))
    with pytest.raises(NoGuard):
        view(RequestFactory().get("/"))


def test_the_list_shows_a_line_and_finds_by_name_without_tone_marks(client, country):
    officer(client, country["79"])
    page = client.get("/dieu-hanh/don-vi/").content.decode()
    assert "Thành phố Hồ Chí Minh" in page and "Tỉnh Tây Ninh" in page
    found = client.get("/dieu-hanh/don-vi/", {"tim": "tay ninh"}).content.decode()
    assert "Tỉnh Tây Ninh" in found and "Hồ Chí Minh</a>" not in found
    assert client.get("/dieu-hanh/don-vi/", {"tuyen": "NOTHING"}).status_code == 404


def test_the_page_of_a_unit_shows_where_it_came_from(client, country, now):
    from datetime import date

    merge_units(actor=None, sources=[country["A"]], target=country["B"], on=date(2026, 7, 1), at=now)
    officer(client, country["79"])
    page = client.get(f"/dieu-hanh/don-vi/{country['B'].pk}/").content.decode()
    assert "Khu phố A1" in page and "Phường A" in page and "đến 01/07/2026" in page
    closed = client.get(f"/dieu-hanh/don-vi/{country['A'].pk}/").content.decode()
    assert "Đã đóng ngày 01/07/2026" in closed
    assert client.get("/dieu-hanh/don-vi/987654/").status_code == 404


def test_long_lists_come_in_pages_of_fifty(client, country):
    for number in range(60):
        make_unit(f"A-{number:02}", country["A"])
    officer(client, country["79"])
    first = client.get(f"/dieu-hanh/don-vi/{country['A'].pk}/").content.decode()
    rest = client.get(
        f"/dieu-hanh/don-vi/{country['A'].pk}/"
        + re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    )
    codes = re.findall(r'class="figures">(A[^<]+)</td>', first + rest.content.decode())
    assert len(codes) == len(set(codes)) == 62


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_number_of_queries_for_any_rows(client, country, rows, django_assert_num_queries):
    Unit.objects.filter(code__in=["A", "B", "C"][rows:]).update(valid_to="2026-01-01")
    officer(client, country["79"])
    client.get("/dieu-hanh/don-vi/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(f"/dieu-hanh/don-vi/{country['79'].pk}/")


@pytest.mark.clause("R-02")
def test_import_is_seen_first_then_confirmed_then_undone(client, country):
    officer(client, country["A"])
    seen = upload(client)
    record = UnitImport.objects.get()
    assert seen["Location"] == f"/dieu-hanh/don-vi/nap/{record.pk}/"
    assert "Tệp sẽ thay đổi 1 đơn vị" in client.get(seen["Location"]).content.decode()
    assert find_unit("TERRITORY", "A3") is None

    done = client.post(f"{seen['Location']}lam/", follow=True)
    assert "Đã nạp xong tệp" in done.content.decode()
    assert find_unit("TERRITORY", "A3").name == "Khu phố 3"

    undone = client.post(f"{seen['Location']}hoan-tac/", follow=True)
    assert "đã được hoàn tác" in undone.content.decode()
    assert find_unit("TERRITORY", "A3") is None


def test_rows_to_put_right_are_shown_with_their_number(client, country):
    officer(client, country["A"])
    page = client.get(upload(client, FILE + "B3;Ngoài phạm vi;Khu phố;B\n")["Location"]).content.decode()
    assert "Có 1 chỗ cần sửa" in page
    assert "ngoài phạm vi bạn quản lý" in page
    assert '<th scope="row" class="number">3</th>' in page
    record = UnitImport.objects.get()
    answer = client.post(f"/dieu-hanh/don-vi/nap/{record.pk}/lam/", follow=True).content.decode()
    assert "Tệp còn dòng cần sửa" in answer
    assert find_unit("TERRITORY", "A3") is None


def test_a_file_that_cannot_be_read_says_so_at_its_field(client, country):
    officer(client, country["A"])
    response = upload(client, "%PDF", name="don-vi.pdf")
    assert response.status_code == 400
    assert "Chỉ đọc được tệp XLSX và CSV" in response.content.decode()
    assert upload(client, line="UNION").status_code == 400


def test_imports_of_others_are_not_found(client, country):
    officer(client, country["A"])
    address = upload(client)["Location"]
    officer(client, country["A"])
    assert client.get(address).status_code == 404
    assert client.post(f"{address}lam/").status_code == 404
    assert find_unit("TERRITORY", "A3") is None


def test_changes_need_a_post(client, country):
    officer(client, country["A"])
    address = upload(client)["Location"]
    assert client.get(f"{address}lam/").status_code == 405
    assert client.get(f"{address}hoan-tac/").status_code == 405


def test_the_example_file_imports_as_it_is(client, country):
    make_unit("26929", country["79"], kind="WARD", name="Phường Bình Thạnh")
    officer(client, country["79"])
    example = client.get("/dieu-hanh/don-vi/nap/mau.csv").content.decode()
    page = client.get(upload(client, example)["Location"]).content.decode()
    assert "Tệp sẽ thay đổi 2 đơn vị" in page
