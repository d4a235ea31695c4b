"""A person's own pages: profile, consents, data, requests."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from hocvuso.kernel.models import AuditEntry
from hocvuso.people import services
from hocvuso.people.models import Consent, Person, RightsRequest
from hocvuso.people.public import find_person_by, has_consent, on_export, record_consent
from hocvuso.people.services.rights import _exporters
from tests.factories.people import make_account, make_person


@pytest.fixture
def person(city) -> Person:
    cache.clear()
    return make_person("Nguyễn Thị Sáu", birth_year=1959, home_unit=city.thu_duc, phone="0908123412")


@pytest.fixture
def me(person) -> Client:
    client = Client()
    client.force_login(make_account(person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


PAGES = ["", "ho-so/", "noi-o/", "so-dinh-danh/", "dong-y/", "du-lieu/", "du-lieu/tai/", "so-dien-thoai/", "email/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_sent_to_the_door(client, db, page):
    answer = client.get(f"/tai-khoan/{page}")
    assert answer.status_code == 302 and answer.url.startswith("/tai-khoan/vao/")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_in_both_languages(me, page):
    assert me.get(f"/tai-khoan/{page}").status_code == 200
    assert me.get(f"/en/tai-khoan/{page}").status_code == 200


def test_contacts_are_shown_masked(me):
    page = me.get("/tai-khoan/").content.decode()
    assert "09x xxx x412" in page
    assert "0908123412" not in page and "+84908123412" not in page


def test_the_profile_changes_name_groups_and_says_so_in_the_trail(me, person):
    form = {"full_name": "Nguyễn Thị  Sáu", "birth_year": "1960", "sex": "F", "groups": ["WORKER"]}
    assert me.post("/tai-khoan/ho-so/", form).url == "/tai-khoan/"
    person.refresh_from_db()
    assert (person.full_name, person.birth_year, person.sex) == ("Nguyễn Thị Sáu", 1960, "F")
    assert sorted(person.groups.filter(valid_to=None).values_list("group", flat=True)) == ["ADULT", "WORKER"]
    me.post("/tai-khoan/ho-so/", {**form, "groups": []})
    assert list(person.groups.filter(valid_to=None).values_list("group", flat=True)) == ["ADULT"]
    assert AuditEntry.objects.filter(action="people.person.changed", actor_id=person.pk).count() == 2


@pytest.mark.parametrize("year", ["1899", "3000", "abc", "59"])
def test_a_strange_year_is_refused_beside_its_field(me, person, year):
    page = me.post("/tai-khoan/ho-so/", {"full_name": "Sáu", "birth_year": year})
    assert page.status_code == 200 and page.context["form"].errors["birth_year"]


def test_moving_house_is_found_without_tone_marks_down_to_the_neighbourhood(me, person, city):
    found = me.get("/tai-khoan/noi-o/", {"q": "linh xuan"}).context["choices"]
    assert [(choice.name, choice.above) for choice in found] == [("Phường Linh Xuân", "Thành phố Hồ Chí Minh")]
    assert me.post("/tai-khoan/noi-o/", {"unit": city.linh_xuan.pk}).url == "/tai-khoan/"
    answer = me.post("/tai-khoan/noi-o/", {"unit": city.thu_duc.pk})
    assert [choice.name for choice in me.get(answer.url).context["choices"]] == ["Khu phố 1"]
    me.post("/tai-khoan/noi-o/", {"unit": city.quarter.pk})
    person.refresh_from_db()
    assert person.home_unit == city.quarter
    assert me.post("/tai-khoan/noi-o/", {"unit": city.union.pk}).status_code == 400
    assert me.post("/tai-khoan/noi-o/", {"unit": 999999}).status_code == 404


@pytest.mark.parametrize(
    ("number", "stored"), [("079 159 001234", True), ("079188001234", False), ("123", False), ("003159001234", False)]
)
def test_a_personal_number_is_checked_and_never_shown_whole(me, person, number, stored):
    me.post("/tai-khoan/so-dinh-danh/", {"number": number})
    assert (find_person_by("NUMBER", number) == person) is stored
    page = me.get("/tai-khoan/so-dinh-danh/").content.decode()
    assert "079159001234" not in page
    assert ("079*****1234</strong>" in page) is stored


def test_a_consent_is_given_and_taken_back_with_its_history(me, person):
    me.post("/tai-khoan/dong-y/", {"purpose": "REPORTING", "answer": "yes"})
    assert has_consent(person, "REPORTING")
    me.post("/tai-khoan/dong-y/", {"purpose": "REPORTING", "answer": "no"})
    assert not has_consent(person, "REPORTING")
    me.post("/tai-khoan/dong-y/", {"purpose": "LEARNING", "answer": "no"})
    assert list(Consent.objects.order_by("at").values_list("purpose", "given")) == [
        ("REPORTING", True),
        ("REPORTING", False),
    ]


def test_the_download_holds_everything_and_what_other_rooms_add(me, person, now):
    record_consent(actor=person, person=person, purpose="LEARNING", given=True, text_version="1", how="web", at=now)
    on_export("notebook", lambda person_id: {"owner": str(person_id)})
    try:
        answer = me.get("/tai-khoan/du-lieu/tai/")
    finally:
        del _exporters["notebook"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    data = json.loads(answer.content)
    assert data["person"]["full_name"] == "Nguyễn Thị Sáu"
    assert {"kind": "PHONE", "value": "+84908123412"}.items() <= data["contacts"][1].items()
    assert data["consents"][0]["purpose"] == "LEARNING"
    assert data["notebook"] == {"owner": str(person.pk)}


def test_asking_to_be_erased_starts_the_clock_once(me, person):
    for _ in range(2):
        assert me.post("/tai-khoan/du-lieu/", {"kind": "ERASE", "note": "Thôi"}).status_code == 302
    asked = RightsRequest.objects.get()
    assert asked.person == person
    assert asked.answer_by - asked.at.astimezone().date() >= timedelta(days=19)


def test_a_change_of_phone_needs_the_code_from_the_new_one(me, person):
    from hocvuso.people.models import TextMessage

    assert me.post("/tai-khoan/so-dien-thoai/", {"phone": "0355123456"}).status_code == 302
    assert find_person_by("PHONE", "0355123456") is None
    message = TextMessage.objects.latest("id")
    assert message.recipient == "+84355123456"
    code = "".join(letter for letter in message.text.split(",")[0] if letter.isdigit())
    me.post("/tai-khoan/so-dien-thoai/nhap-ma/", {"code": code})
    assert find_person_by("PHONE", "0355123456") == person
    assert find_person_by("PHONE", "0908123412") is None


def test_the_queue_costs_the_same_for_one_and_three(me, person, now, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for kinds in (["ACCESS"], ["RECTIFY", "OBJECT"]):
        for kind in kinds:
            services.ask_right(person=person, kind=kind, at=now)
        with CaptureQueriesContext(connection) as queries:
            me.get("/tai-khoan/du-lieu/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
