"""What learners get: the same bytes for everybody, cached well, light, and nothing that belongs on the server."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.curriculum.models import LessonPage
from hocvuso.curriculum.public import current_release, graded_questions
from hocvuso.curriculum.serving import pages
from hocvuso.people.models import Account, Person


@pytest.fixture(autouse=True)
def _fresh_pages():
    """Digests repeat from test to test; what a page is made of must not."""
    pages.clear()


@pytest.fixture
def signed_in(db, now) -> Client:
    person = Person.objects.create(full_name="Nguyễn Thị Bí Danh", created_at=now)
    client = Client()
    client.force_login(
        Account.objects.create(username="u1", person=person), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_lesson_page_is_the_same_for_everybody(loaded, client, signed_in):
    visitor, member = client.get("/bai/giu-ma/"), signed_in.get("/bai/giu-ma/")
    assert visitor.status_code == 200
    assert visitor.content == member.content
    for answer in (visitor, member):
        assert not answer.cookies
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=86400"
    assert "csrf" not in visitor.content.decode().lower()
    assert "Bí Danh" not in member.content.decode()


@pytest.mark.parametrize("address", ["/bai/", "/lo-trinh/duong/", "/bai/giu-ma/", "/en/bai/giu-ma/"])
def test_public_pages_set_no_cookie_and_vary_by_encoding_only(loaded, signed_in, address):
    answer = signed_in.get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_lesson_page_comes_compressed(loaded, client):
    plain = client.get("/bai/giu-ma/")
    br = client.get("/bai/giu-ma/", headers={"Accept-Encoding": "gzip, deflate, br"})
    gz = client.get("/bai/giu-ma/", headers={"Accept-Encoding": "gzip, br;q=0"})
    assert (br.headers["Content-Encoding"], gz.headers["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(br.content) == plain.content == gzip.decompress(gz.content)
    assert int(br.headers["Content-Length"]) == len(br.content) < len(plain.content) / 2


def test_unchanged_lesson_answers_not_modified(loaded, client):
    etag = client.get("/bai/giu-ma/").headers["ETag"]
    again = client.get("/bai/giu-ma/", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.content == b""
    page = LessonPage.objects.get(slug="giu-ma")
    page.title = "Giữ mã cho mình"
    page.save_revision().publish()
    assert client.get("/bai/giu-ma/", headers={"If-None-Match": etag}).status_code == 200


def test_lesson_page_costs_one_query_once_it_is_known(loaded, client, django_assert_num_queries):
    client.get("/bai/giu-ma/")
    with django_assert_num_queries(1):
        client.get("/bai/giu-ma/")


@pytest.mark.clause("R-03")
def test_lesson_is_readable_without_scripts(loaded, client):
    words = client.get("/bai/giu-ma/").content.decode()
    for expected in (
        "Giữ mã OTP",
        "4 phút",
        "Mã dùng <strong>một lần</strong>",
        "Có người xin mã? Tắt máy.",
        "Chuông reo. Có người xin mã. <strong>Bấm “Tắt máy”.</strong>",
        "Đọc tin nhắn.",
        "Mã OTP để ai dùng?",
        "Chìa khóa của mình.",
        "Kiểm tra ngày 01/11/2026",
        "CC BY 4.0",
    ):
        assert expected in words, expected


def test_practice_in_words_follows_each_phone(loaded, client):
    words = client.get("/bai/tra-tien/").content.decode()
    assert "Mở máy ảnh. <strong>Bấm “Khung quét”.</strong>" in words
    assert "Mở Camera. <strong>Bấm “Khung quét”.</strong>" in words
    assert "Gõ 20.000. <strong>Ở ô “Số tiền”, gõ 20.000.</strong>" in words


def test_english_page_keeps_vietnamese_content_where_there_is_no_translation(loaded, client):
    words = client.get("/en/bai/tra-tien/").content.decode()
    assert '<h1 lang="vi">Trả tiền bằng QR</h1>' in words
    assert "Step 1. Understand" in words


@pytest.mark.parametrize("address", ["/bai/khong-co/", "/lo-trinh/khong-co/", f"/phat-hanh/{'0' * 64}.json"])
def test_unknown_address_is_not_found(loaded, client, address):
    assert client.get(address).status_code == 404


def test_lesson_taken_down_is_not_found_but_its_release_stays(loaded, client):
    digest = current_release("lesson", "giu-ma").digest
    LessonPage.objects.get(slug="giu-ma").unpublish()
    assert client.get("/bai/giu-ma/").status_code == 404
    assert client.get(f"/phat-hanh/{digest}.json").status_code == 200


def test_pages_only_answer_to_reading(loaded, client):
    assert client.post("/bai/giu-ma/").status_code == 405
    assert client.post("/tim/").status_code == 405


def test_release_may_be_kept_for_ever(loaded, client, signed_in):
    release = current_release("practice", "giu-ma-otp")
    address = reverse("release", args=[release.digest])
    for visitor in (client, signed_in):
        answer = visitor.get(address, headers={"Accept-Encoding": "br"})
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert not answer.cookies
        assert brotli.decompress(answer.content) == bytes(release.body)
    assert json.loads(client.get(address).content)["slug"] == "giu-ma-otp"


def test_nothing_of_the_question_bank_reaches_a_browser(loaded, client):
    assert len(graded_questions()) == 2
    addresses = ["/bai/", "/bai/giu-ma/", "/bai/tra-tien/", "/lo-trinh/duong/", "/tim/?q=bi+mat", "/tim/?q=kiem-tra-1"]
    addresses += [f"/phat-hanh/{current_release(kind, slug).digest}.json" for kind, slug in (
        ("lesson", "giu-ma"), ("lesson", "tra-tien"), ("practice", "giu-ma-otp"), ("path", "duong"))]  # fmt: skip
    for address in addresses:
        words = client.get(address).content.decode().lower()
        for secret in ("đáp án bí mật", "lý do bí mật", "câu bí mật", "việc bí mật", "kiem-tra-2"):
            assert secret not in words, address


def test_search_page_finds_and_says_when_it_does_not(loaded, client):
    found = client.get("/tim/?q=lua dao")
    assert "Giữ mã OTP" in found.content.decode()
    assert "Trả tiền bằng QR" not in found.content.decode()
    nothing = client.get("/tim/?q=<script>alert(1)</script>")
    assert "<script>alert" not in nothing.content.decode()
    assert "&lt;script&gt;" in nothing.content.decode()
    assert "Chưa có bài nào về" in nothing.content.decode()
    assert 'href="/bai/">Xem tất cả các bài' in nothing.content.decode()


def test_catalogue_and_path_pages_take_the_same_queries_for_any_number(loaded, client, django_assert_max_num_queries):
    from tests.curriculum.test_public import more_lessons

    with django_assert_max_num_queries(6):
        client.get("/bai/")
    more_lessons(3)
    with django_assert_max_num_queries(6):
        words = client.get("/bai/").content.decode()
    assert words.count('data-lesson="') == 5


def test_markup_of_authors_is_cleaned(loaded, client):
    page = LessonPage.objects.get(slug="giu-ma")
    page.understand[0] = ("text", '<p onclick="x()">Chữ<script>alert(1)</script><a href="javascript:x()">đường</a></p>')
    page.save_revision().publish()
    words = client.get("/bai/giu-ma/").content.decode()
    assert "onclick" not in words
    assert "alert(1)" not in words
    assert "javascript:" not in words
