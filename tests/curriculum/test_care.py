"""What needs care: links asked safely and politely, days of checking, questions with odd numbers."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test.utils import CaptureQueriesContext

from hocvuso.assessment.models import BankClock, Item
from hocvuso.curriculum import links
from hocvuso.curriculum.care import care_page
from hocvuso.curriculum.choices import LinkProblem
from hocvuso.curriculum.links import Answer, ask, check_links, gather_links, judged
from hocvuso.curriculum.models import LessonPage, Link, LinkPlace, Question, Recording
from hocvuso.curriculum.question_numbers import numbers_page
from hocvuso.kernel.clock import local_date
from tests.curriculum.test_studio import author, nation  # noqa: F401


@pytest.fixture(autouse=True)
def _fresh_robots(monkeypatch):
    """What sites said to machines is forgotten between tests."""
    kept = LocMemCache("robots", {})
    kept.clear()
    monkeypatch.setattr(links, "cache", kept)


GONE = Answer(LinkProblem.GONE, 404)
SLOW = Answer(LinkProblem.TIMEOUT)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/",
        "http://[::1]/",
        "http://10.0.0.5/a",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://8.8.8.8:22/",
        "https://ten:mat-khau@8.8.8.8/",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
    ],
)
def test_nothing_inside_is_ever_asked(url, monkeypatch):
    monkeypatch.setattr(links, "_request", lambda *_, **__: pytest.fail("a connection was made"))
    assert ask(url) == Answer(LinkProblem.FORBIDDEN)


def test_a_redirect_that_leads_inside_is_not_followed(monkeypatch):
    asked = []

    def request(method, site, target, *, most=0):
        asked.append((method, site.machine, target))
        return 302, "http://127.0.0.1/quan-tri/", b""

    resolve = {"cong.example": "8.8.8.8", "127.0.0.1": "127.0.0.1"}
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", (resolve[host], port))])
    monkeypatch.setattr(links, "_request", request)
    assert ask("https://cong.example/đường?q=Đà Nẵng").problem == LinkProblem.FORBIDDEN
    assert asked[0] == ("GET", "8.8.8.8", "/robots.txt")
    assert asked[1:] == [("HEAD", "8.8.8.8", "/%C4%91%C6%B0%E1%BB%9Dng?q=%C4%90%C3%A0%20N%E1%BA%B5ng")]


def test_a_site_without_head_is_asked_by_get_and_one_that_bars_machines_lives(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", ("8.8.8.8", port))])
    monkeypatch.setattr(
        links, "_request", lambda method, *_, **__: (501, "", b"") if method == "HEAD" else (200, "", b"")
    )
    assert ask("https://cong.example/") == Answer("", 200)
    assert judged(403).problem == ""
    assert judged(404).problem == LinkProblem.GONE
    assert judged(503).problem == LinkProblem.SERVER


@pytest.fixture
def site(monkeypatch):
    """A site of our own on this machine, named as if it stood on the public internet; keeps what it was asked."""
    asked: list[tuple[str, str, str]] = []
    pages = {"/co": 200, "/mat": 404, "/hong": 500, "/rieng/co": 200, "/dich": 200, "/nhe": 200}

    class Site(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append((self.command, self.path, self.headers["User-Agent"]))
            if self.path == "/robots.txt":
                return self.told(200, b"User-agent: *\nDisallow: /rieng/\n")
            if self.path == "/cham":
                time.sleep(1.2)
            if self.path == "/nhe" and self.command == "HEAD":
                return self.told(405)
            if self.path in {"/qua", "/vong"}:
                return self.told(302, onward="/dich" if self.path == "/qua" else "/vong")
            return self.told(pages.get(self.path, 200))

        def told(self, status: int, body: bytes = b"", onward: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if onward:
                self.send_header("Location", onward)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    monkeypatch.setattr(links, "PORTS", frozenset({port}))
    monkeypatch.setattr(links, "public_address", lambda host, port: "127.0.0.1")
    monkeypatch.setattr(links, "TIMEOUT_SECONDS", 0.6)
    yield f"http://trang.example:{port}", asked
    server.shutdown()
    server.server_close()


def test_a_real_site_is_asked_politely_by_head_then_get_with_a_time_limit(site):
    address, asked = site
    assert ask(f"{address}/co") == Answer("", 200)
    assert [(method, path) for method, path, _agent in asked] == [("GET", "/robots.txt"), ("HEAD", "/co")]
    assert asked[1][2].startswith("HocVuSo-link-check/1 (+http")
    assert ask(f"{address}/mat") == Answer(LinkProblem.GONE, 404)
    assert ask(f"{address}/hong") == Answer(LinkProblem.SERVER, 500)
    assert ask(f"{address}/nhe") == Answer("", 200)
    assert ask(f"{address}/qua") == Answer("", 200)
    assert ask(f"{address}/vong") == Answer(LinkProblem.LOOP)
    assert ask(f"{address}/cham") == Answer(LinkProblem.TIMEOUT)
    # What robots.txt asks to be left alone is left alone, and its site is asked for it once.
    assert ask(f"{address}/rieng/co") == Answer()
    assert not [path for _method, path, _agent in asked if path.startswith("/rieng")]
    assert sum(path == "/robots.txt" for _method, path, _agent in asked) == 1


def test_the_list_names_every_place_of_a_link_and_no_page_asks_anything(loaded, author, now, monkeypatch):  # noqa: F811
    monkeypatch.setattr(links, "_request", lambda *_, **__: pytest.fail("a page asked a site"))
    gather_links(at=now)
    link = Link.objects.get(url="https://example.gov.vn")
    LinkPlace.objects.create(link=link, kind="meeting", slug="hop")
    Link.objects.filter(pk=link.pk).update(broken_since=local_date(now), problem=LinkProblem.GONE)
    words = author("Mot").get("/soan/can-xem-lai/").content.decode()
    assert "Nằm ở:" in words
    assert "Giữ mã OTP" in words
    assert "Mười lăm phút giữ mã" in words
    assert "/soan/can-xem-lai/meeting/hop/" in words


def test_links_follow_the_content_and_are_asked_with_back_off(loaded, now):
    gather_links(at=now)
    assert set(LinkPlace.objects.filter(kind="lesson").values_list("slug", "link__url")) == {
        ("giu-ma", "https://example.gov.vn/nguon"),
        ("giu-ma", "https://example.gov.vn"),
    }
    # Two addresses of one site are not asked in one turn.
    assert check_links(at=now, ask=lambda _: SLOW) == len({"example.gov.vn"} | _sites())
    link = Link.objects.filter(failures=1).order_by("pk").first()
    assert link.broken_since is None
    assert link.due_at == now + timedelta(hours=1)
    for answer in (SLOW, SLOW):
        Link.objects.exclude(pk=link.pk).update(due_at=now + timedelta(days=90))
        link.refresh_from_db()
        check_links(at=link.due_at, ask=lambda _, answer=answer: answer)
    link.refresh_from_db()
    assert link.broken_since is not None
    check_links(at=link.due_at, ask=lambda _: Answer("", 200))
    link.refresh_from_db()
    assert (link.failures, link.broken_since, link.problem) == (0, None, "")
    LessonPage.objects.get(slug="giu-ma").unpublish()
    gather_links(at=now)
    assert not LinkPlace.objects.filter(slug="giu-ma").exists()
    assert not Link.objects.filter(url="https://example.gov.vn").exists()


def _sites() -> set[str]:
    return {url.split("/")[2] for url in Link.objects.values_list("url", flat=True)}


def test_a_page_that_is_gone_is_broken_at_once(loaded, now):
    gather_links(at=now)
    check_links(at=now, ask=lambda _: GONE)
    assert Link.objects.filter(broken_since=local_date(now)).exists()


@pytest.mark.parametrize("voiced", [False, True])
def test_the_list_is_sorted_by_urgency_and_pages_hold_every_row_once(
    voiced, loaded, now, django_assert_max_num_queries
):
    day = local_date(now)
    gather_links(at=now)
    Link.objects.filter(url="https://example.gov.vn").update(broken_since=day, problem=LinkProblem.GONE)
    LessonPage.objects.filter(slug="giu-ma").update(next_check_on=day - timedelta(days=3))
    LessonPage.objects.filter(slug="tra-tien").update(next_check_on=None)
    sound = {"content_type": "audio/ogg", "body": b"OggS", "speaker": "Chị Tư", "recorded_at": now, "digest": "b" * 64}
    if voiced:
        Recording.objects.create(lesson="giu-ma", part="hieu", text_digest="a" * 64, **sound)
    Item.objects.update_or_create(code="kiem-tra-1", defaults={"answered": 100, "right": 3})
    Item.objects.update_or_create(code="kiem-tra-2", defaults={"answered": 20, "right": 0})
    whole, following = care_page(on=day)
    assert following is None
    assert [row.code for row in whole][:2] == ["https://example.gov.vn", "giu-ma"]
    assert [row.code for row in whole][-4:] == (
        ["giu-ma hieu", "tra-tien", "kiem-tra-1", "tra-tien"]
        if voiced
        else ["tra-tien", "kiem-tra-1", "giu-ma", "tra-tien"]
    )
    assert [row.late for row in whole][:2] == [True, True]
    found, after = [], None
    while True:
        with django_assert_max_num_queries(15):
            rows, after = care_page(on=day, after=after, rows=1)
        found += rows
        if after is None:
            break
    assert found == whole
    of_course, _ = care_page(on=day, course="khoa")
    assert {row.code for row in of_course} >= {"https://example.gov.vn", "giu-ma", "tra-tien", "kiem-tra-1"}
    assert care_page(on=day, course="khac") == ([], None)


def test_the_same_few_queries_for_one_late_lesson_and_for_many(
    loaded, now, django_assert_max_num_queries, connection_of
):
    day = local_date(now)
    counts = []
    for late in (["giu-ma"], ["giu-ma", "tra-tien"]):
        LessonPage.objects.filter(slug__in=late).update(next_check_on=day)
        with CaptureQueriesContext(connection_of) as taken:
            care_page(on=day)
        counts.append(len(taken))
    assert counts[0] == counts[1]


@pytest.fixture
def connection_of():
    from django.db import connection

    return connection


@pytest.mark.clause("R-23")
def test_authors_see_the_list_and_open_what_stands_on_it(loaded, author, client, now):  # noqa: F811
    LessonPage.objects.filter(slug="giu-ma").update(next_check_on=local_date(now) - timedelta(days=400))
    browser = author("Mot")
    words = browser.get("/soan/can-xem-lai/").content.decode()
    assert "Giữ mã OTP" in words
    page = LessonPage.objects.get(slug="giu-ma")
    assert browser.get("/soan/can-xem-lai/lesson/giu-ma/").headers["Location"] == f"/soan/pages/{page.pk}/edit/"
    assert browser.get("/soan/can-xem-lai/question/kiem-tra-1/").status_code == 302
    assert browser.get("/soan/can-xem-lai/?sau=%1f%1fx&khoa=khong-co").status_code == 200
    assert browser.get("/soan/can-xem-lai/?sau=1%1f9999999999%1flesson%1fa").status_code == 200
    assert client.get("/soan/can-xem-lai/").status_code == 302
    assert author("Ba", role=None).get("/soan/can-xem-lai/").status_code == 403


@pytest.mark.clause("R-23")
def test_authors_see_what_answers_say_of_a_question_and_nothing_from_a_few(
    loaded,
    author,  # noqa: F811
    django_assert_num_queries,
):
    browser = author("Mot")
    few = {"answered": 49, "right": 10, "rest_sum": 200.0, "rest_square_sum": 1000.0, "rest_right_sum": 60.0}
    Item.objects.update_or_create(code="kiem-tra-1", defaults=few)
    enough = {"answered": 50, "right": 25, "rest_sum": 200.0, "rest_square_sum": 1000.0, "rest_right_sum": 120.0}
    Item.objects.update_or_create(code="kiem-tra-2", defaults={**enough, "exposure_ratio": 0.3})
    BankClock.objects.update_or_create(pk=1, defaults={"papers": 199})
    with django_assert_num_queries(3):
        rows, following = numbers_page(rows=40)
    told = {row.code: row.numbers for row in rows}
    assert following == ""
    assert (told["kiem-tra-1"].answered, told["kiem-tra-1"].share, told["kiem-tra-1"].apart) == (49, None, None)
    assert (told["kiem-tra-2"].share, told["kiem-tra-2"].shown) == (0.5, None)
    assert told["kiem-tra-2"].apart == pytest.approx(0.4)
    BankClock.objects.update(papers=200)
    assert numbers_page(rows=1, after="kiem-tra-1")[0][0].numbers.shown == 0.3
    assert numbers_page(rows=1)[1] == "kiem-tra-1"
    words = browser.get("/soan/so-lieu/").content.decode()
    assert words.count("chưa đủ số liệu") == 2
    assert "50%" in words
    number = Question.objects.get(code="kiem-tra-1").pk
    assert "chưa đủ số liệu" in browser.get(f"/soan/snippets/curriculum/question/edit/{number}/").content.decode()
