"""Failures are told calmly, in plain words, on pages of the house and as JSON to machines."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from hocvuso.config.urls import handler400, handler403, handler404, handler500, urlpatterns
from hocvuso.kernel.errors import NotAllowed
from hocvuso.web import problems
from hocvuso.web.middleware import SameForEverybody
from tests.factories.figures import make_officer
from tests.factories.spine import make_city


def refuses(request):
    raise NotAllowed


def breaks(request):
    raise RuntimeError("secret detail")


class Urls:
    urlpatterns = [
        path("hong/", breaks),
        path("api/v1/hong", breaks),
        path("cam/", refuses),
        path("api/v1/cam", refuses),
        *urlpatterns,
    ]
    handler400, handler403, handler404, handler500 = handler400, handler403, handler404, handler500


broken_urls = override_settings(ROOT_URLCONF=Urls)
pytestmark = pytest.mark.django_db


def test_an_unknown_address_leads_home(client):
    answer = client.get("/khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_an_unknown_address_is_english_under_en(client):
    assert "This page is not here" in client.get("/en/nothing/").content.decode()


def test_an_unknown_address_of_the_api_answers_json(client):
    answer = client.get("/api/v1/khong-co")
    assert (answer.status_code, answer.json()["error"]) == (404, "web.not_found")


def test_an_address_for_buttons_says_so_when_it_is_opened(client):
    answer = client.get("/thu-nghiem/vao/ngay/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Bấm lại nút một lần nữa" in answer.content.decode()
    machine = client.get("/api/v1/sync")
    assert (machine.status_code, machine["Allow"], machine.json()["error"]) == (405, "POST", "web.wrong_method")


@broken_urls
def test_our_own_fault_is_ours_and_says_nothing_inside():
    client = Client(raise_request_exception=False)
    answer = client.get("/hong/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Lỗi này do máy chủ, không phải do bạn." in text
    assert "secret detail" not in text


@broken_urls
def test_our_own_fault_is_json_for_machines():
    answer = Client(raise_request_exception=False).get("/api/v1/hong")
    assert (answer.status_code, answer.json()["error"]) == (500, "web.server_error")


def test_plain_words_remain_when_even_templates_fail(monkeypatch):
    def fails(*args, **kwargs):
        raise OSError("disk")

    monkeypatch.setattr(problems, "render_to_string", fails)
    answer = problems.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Lỗi này do máy chủ" in answer.content.decode()


@broken_urls
def test_a_foreseen_refusal_has_its_page_and_its_json(client):
    page, answer = client.get("/cam/"), client.get("/api/v1/cam")
    assert (page.status_code, answer.status_code) == (403, 403)
    assert answer.json()["error"] == "kernel.not_allowed"
    assert str(NotAllowed()) in page.content.decode()


def test_a_stale_form_says_to_send_again():
    answer = Client(enforce_csrf_checks=True).post("/vao/")
    assert answer.status_code == 403
    assert "Trang này mở quá lâu" in answer.content.decode()


def test_an_unreadable_request_is_answered_calmly(client):
    answer = client.get("/", headers={"host": "somewhere-else.example"})
    assert answer.status_code == 400
    assert "Máy chủ không đọc được" in answer.content.decode()


def full(request):
    raise OperationalError("database or disk is full")


class FullUrls(Urls):
    urlpatterns = [path("day/", full), path("api/v1/day", full), *urlpatterns]


@pytest.mark.clause("R-05")
@override_settings(ROOT_URLCONF=FullUrls)
def test_a_full_disk_is_told_calmly_and_asks_to_come_back():
    client = Client(raise_request_exception=False)
    page, answer = client.get("/day/"), client.get("/api/v1/day")
    assert (page.status_code, answer.status_code) == (503, 503)
    assert (page["Retry-After"], answer["Retry-After"]) == ("60", "60")
    assert "Lỗi này do máy chủ" in page.content.decode()
    assert (answer.json()["error"], "no-store" in answer["Cache-Control"]) == ("web.out_of_order", True)


@pytest.mark.parametrize("address", ["/tim/?q=%00", "/bai/%00/", "/cong-khai/%00.csv", "/xac-minh/?ma=%00"])
def test_a_nul_in_an_address_is_an_unreadable_request(client, address):
    assert client.get(address).status_code == 400


def test_a_nul_in_a_form_is_an_unreadable_request(client):
    assert client.post("/tai-khoan/vao/", {"phone": "0908\x00123412"}).status_code == 400


def test_files_of_the_desk_are_as_private_as_its_pages():
    def answer(request):
        return HttpResponse("a,b", content_type="text/csv")

    middleware = SameForEverybody(answer)
    assert middleware(RequestFactory().get("/dieu-hanh/xac-nhan/tep.csv"))["Cache-Control"] == "private, no-store"
    assert middleware(RequestFactory().get("/en/dieu-hanh/tep.csv"))["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in middleware(RequestFactory().get("/cong-khai/79.csv"))


@pytest.fixture
def at_the_desk(client):
    """A client signed in as an officer of a ward."""
    city = make_city()
    client.force_login(make_officer(city.binh_thanh))
    return client


@pytest.mark.parametrize("address", ["/dieu-hanh/khong-co/", "/dieu-hanh/chi-tieu/TERRITORY/00000/"])
def test_an_officer_stays_at_the_desk_when_a_page_is_not_there(at_the_desk, address):
    answer = at_the_desk.get(address)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert 'class="desk"' in text and 'href="/vao/"' in text
    assert 'class="desk"' not in at_the_desk.get("/khong-co-trang-nay/").content.decode()


def test_a_visitor_at_a_wrong_address_of_the_desk_sees_the_plain_page(client):
    assert 'class="desk"' not in client.get("/dieu-hanh/khong-co/").content.decode()


def test_the_page_for_a_wrong_address_of_the_desk_needs_no_database(at_the_desk, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(problems, "is_officer", away)
    answer = at_the_desk.get("/dieu-hanh/khong-co/")
    assert answer.status_code == 404
    assert 'class="desk"' not in answer.content.decode()
