"""The studio and the operators' admin have no door of their own: one way in, with its locks and its second step."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from hocvuso.people.choices import Role
from tests.factories.people import PASSWORD, make_account, make_officer, make_person

PAGE = "/dieu-hanh/nguoi/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("door", ["/soan/login/", "/quan-tri/login/"])
def test_no_other_door_takes_a_password(city, client, door):
    account = make_officer("Quản Lý", city.thu_duc, Role.MANAGER, "quan@thuduc.test", demo=False)
    totp.TOTP.activate(account, totp.generate_totp_secret())
    client.post(door, {"username": "quan@thuduc.test", "password": PASSWORD, "next": PAGE})
    assert "_auth_user_id" not in client.session
    assert client.get(f"{door}?next={PAGE}").url.startswith("/tai-khoan/vao/")


def test_somebody_signed_in_without_the_right_is_told_so_and_not_sent_in_circles(city):
    make_account(make_person(), "hoc@thuduc.test")
    client = Client()
    client.post("/tai-khoan/vao/mat-khau/", {"login": "hoc@thuduc.test", "password": PASSWORD})
    assert client.get("/soan/", follow=True).status_code == 403
    assert client.get("/quan-tri/", follow=True).status_code == 403


@pytest.mark.parametrize("address", ["/soan/", "/quan-tri/"])
def test_an_operator_sets_up_the_second_step_too(client, admin_user, address):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).url == "/tai-khoan/buoc-hai/"


@pytest.mark.parametrize("address", ["/soan/"])
def test_an_author_sets_up_the_second_step_before_the_studio(city, address):
    make_officer("Tác Giả", city.thu_duc, Role.AUTHOR, "tg@thuduc.test", demo=False)
    client = Client()
    client.post("/tai-khoan/vao/mat-khau/", {"login": "tg@thuduc.test", "password": PASSWORD})
    assert client.get(address).url == "/tai-khoan/buoc-hai/"


@pytest.mark.parametrize("address", [PAGE, "/soan/"])
def test_a_session_from_before_the_second_step_proves_it_once(city, address):
    """An old session on a lost phone stays outside when the officer has set up the app elsewhere."""
    role = Role.AUTHOR if address == "/soan/" else Role.MANAGER
    account = make_officer("Quản Lý", city.thu_duc, role, "quan@thuduc.test", demo=False)
    client = Client()
    client.post("/tai-khoan/vao/mat-khau/", {"login": "quan@thuduc.test", "password": PASSWORD})
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/tai-khoan/xac-thuc/lan-nua/?next=")
    assert client.post(answer.url, {"code": code_of(secret)}).url == address
    assert client.get(address).status_code == 200


def test_odd_keys_in_addresses_are_not_our_fault(city):
    make_officer("Quản Lý", city.thu_duc, Role.MANAGER, "quan@thuduc.test")
    client = Client()
    client.post("/tai-khoan/vao/mat-khau/", {"login": "quan@thuduc.test", "password": PASSWORD})
    key = "2026-13-45~0197f3c0-0000-7000-8000-68f76375736f"
    assert client.get("/dieu-hanh/yeu-cau/", {"sau": key}).status_code == 200
    for text in ("²", "9" * 5000):
        assert client.get("/tai-khoan/noi-o/", {"trong": text}).status_code == 200
        assert client.post("/tai-khoan/noi-o/", {"unit": text}).status_code == 200
