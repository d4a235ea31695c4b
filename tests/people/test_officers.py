"""Officers' pages: who gets in, what they see, how sessions end."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group as AuthGroup
from django.core.cache import cache
from django.test import Client

from hocvuso.kernel import clock
from hocvuso.kernel.models import AuditEntry, record_audit
from hocvuso.people import services
from hocvuso.people.choices import Role
from hocvuso.people.models import Mandate, Person, RightsRequest
from hocvuso.people.public import AUTHORS, end_mandate
from tests.factories.people import PASSWORD, make_account, make_officer, make_person

STAFF = "/dieu-hanh/nhan-su/"
AUDIT = "/dieu-hanh/nhat-ky/"
RIGHTS = "/dieu-hanh/yeu-cau/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def signed_in(email: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/tai-khoan/vao/mat-khau/", {"login": email, "password": password})
    return client


@pytest.fixture
def manager(city) -> Client:
    make_officer("Quản Lý", city.thu_duc, Role.MANAGER, "quan@thuduc.test")
    return signed_in("quan@thuduc.test")


@pytest.fixture
def auditor(city) -> Client:
    make_officer("Kiểm Tra", city.thu_duc, Role.AUDITOR, "tra@thuduc.test")
    return signed_in("tra@thuduc.test")


# --- getting in


@pytest.mark.parametrize("address", [STAFF, AUDIT, RIGHTS, f"{STAFF}them/"])
def test_a_visitor_signs_in_first_and_a_learner_is_told_whose_page_it_is(city, client, address):
    assert client.get(address).url == f"/tai-khoan/vao/?next={address}"
    make_account(make_person(), "hoc@thuduc.test")
    assert signed_in("hoc@thuduc.test").get(address).status_code == 403


def test_a_role_without_the_capability_is_told_whose_page_it_is(city):
    make_officer("Lê Minh", city.thu_duc, Role.OFFICER, "minh@thuduc.test")
    client = signed_in("minh@thuduc.test")
    assert [client.get(address).status_code for address in (STAFF, AUDIT, RIGHTS)] == [403, 403, 403]


def test_an_ended_mandate_closes_the_page_at_the_next_click(city, manager):
    assert manager.get(STAFF).status_code == 200
    end_mandate(actor=None, mandate=Mandate.objects.get(role=Role.MANAGER), at=clock.now())
    assert manager.get(STAFF).status_code == 403


def test_an_officer_sets_up_the_second_step_before_the_first_page(city):
    make_officer("Quản Lý", city.thu_duc, Role.MANAGER, "quan@thuduc.test", demo=False)
    client = signed_in("quan@thuduc.test")
    assert client.get(STAFF).url == "/tai-khoan/buoc-hai/"
    assert client.get("/tai-khoan/buoc-hai/").status_code == 200
    page = client.get("/tai-khoan/xac-thuc/bat/")
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__()))
    assert client.post("/tai-khoan/xac-thuc/bat/", {"code": code}).url == "/tai-khoan/xac-thuc/ma-du-phong/"
    assert client.get("/tai-khoan/xac-thuc/ma-du-phong/").status_code == 200
    assert client.get(STAFF).status_code == 200
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)


def test_with_a_second_step_the_password_alone_does_not_open_the_door(city):
    account = make_officer("Quản Lý", city.thu_duc, Role.MANAGER, "quan@thuduc.test", demo=False)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    client = Client()
    login = {"login": "quan@thuduc.test", "password": PASSWORD}
    answer = client.post(f"/tai-khoan/vao/mat-khau/?next={STAFF}", login)
    assert answer.url.startswith("/tai-khoan/xac-thuc/nhap-ma/")
    assert client.get(STAFF).status_code == 302
    code = totp.format_hotp_value(totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__()))
    assert client.post("/tai-khoan/xac-thuc/nhap-ma/", {"code": code}).url == STAFF
    assert client.get(STAFF).status_code == 200


def test_demo_accounts_need_the_second_step_too_once_the_demo_ends(city, settings, manager):
    assert manager.get(STAFF).status_code == 200
    settings.DEMO = False
    assert manager.get(STAFF).url == "/tai-khoan/buoc-hai/"


# --- idle


def test_an_idle_officer_is_signed_out_told_so_and_brought_back(manager, monkeypatch):
    manager.get(STAFF)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(minutes=31))
    answer = manager.get(f"{STAFF}?q=an")
    assert answer.url == "/tai-khoan/het-phien/?next=%2Fdieu-hanh%2Fnhan-su%2F%3Fq%3Dan"
    page = manager.get(answer.url).content.decode()
    assert "/tai-khoan/vao/mat-khau/?next=%2Fdieu-hanh%2Fnhan-su%2F%3Fq%3Dan" in page
    assert "_auth_user_id" not in manager.session


def test_a_working_officer_stays(manager, monkeypatch):
    moment = clock.now()
    for minutes in (0, 20, 40, 60):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: moment + timedelta(minutes=minutes))
        assert manager.get(STAFF).status_code == 200


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({"referer": "http://testserver/dieu-hanh/nhan-su/?vai=OFFICER"}, "/dieu-hanh/nhan-su/?vai=OFFICER"),
        ({"referer": "https://elsewhere.test/dieu-hanh/nhan-su/"}, "/vao/"),
        ({}, "/vao/"),
    ],
)
def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(city, client, headers, back):
    """Never to the address of the button, which opens nothing."""
    held = make_officer("Lê Minh", city.thu_duc, Role.OFFICER, "minh@thuduc.test").person.mandates.get()
    answer = client.post(f"{STAFF}{held.pk}/thoi/", headers=headers)
    assert answer.url == f"/tai-khoan/vao/?{urlencode({'next': back}, safe='/')}"
    part = client.post(f"{STAFF}{held.pk}/thoi/", headers={**headers, "hx-request": "true"})
    assert part.headers["HX-Redirect"] == answer.url
    held.refresh_from_db()
    assert held.valid_to is None


def test_an_assessor_who_opens_the_desk_is_led_to_the_sittings(city):
    make_officer("Hồ Vân", city.thu_duc, Role.ASSESSOR, "van@thuduc.test")
    assert signed_in("van@thuduc.test").get("/dieu-hanh/", follow=True).redirect_chain[-1][0] == "/dieu-hanh/kiem-tra/"


def test_a_part_of_a_page_sends_the_whole_page_away(manager, monkeypatch):
    manager.get(STAFF)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(minutes=31))
    answer = manager.get(STAFF, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/dieu-hanh/x/"})
    assert answer["HX-Redirect"].startswith("/tai-khoan/het-phien/")
    assert "dieu-hanh%2Fx" in answer["HX-Redirect"]


def test_calls_in_the_background_do_not_keep_an_officer_signed_in(manager, monkeypatch):
    manager.get(STAFF)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(minutes=20))
    manager.get("/api/v1/anything")
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(minutes=40))
    assert manager.get(STAFF).url.startswith("/tai-khoan/het-phien/")


def test_a_learner_is_not_signed_out(db, monkeypatch):
    make_account(make_person(), "hoc@thuduc.test")
    client = signed_in("hoc@thuduc.test")
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(hours=5))
    assert client.get("/tai-khoan/").status_code == 200


# --- staff


def test_a_manager_sees_the_own_subtree_and_no_sibling(city, manager):
    make_officer("Người Khu Phố", city.quarter, Role.OFFICER, "kp@thuduc.test")
    make_officer("Người Phường Bạn", city.linh_xuan, Role.OFFICER, "lx@thuduc.test")
    make_officer("Người Thành Phố", city.city, Role.LEADER, "tp@thuduc.test")
    page = manager.get(STAFF).content.decode()
    assert "Người Khu Phố" in page
    assert "Người Phường Bạn" not in page and "Người Thành Phố" not in page
    assert "Người Khu Phố" in manager.get(STAFF, {"q": "nguoi khu"}).content.decode()
    assert "Người Khu Phố" not in manager.get(STAFF, {"vai": "LEADER"}).content.decode()


def test_a_mandate_of_a_sibling_is_not_found(city, manager):
    make_officer("Người Phường Bạn", city.linh_xuan, Role.OFFICER, "lx@thuduc.test")
    mandate = Mandate.objects.get(unit=city.linh_xuan)
    assert manager.post(f"{STAFF}{mandate.pk}/thoi/").status_code == 404
    assert Mandate.objects.get(pk=mandate.pk).valid_to is None


def test_a_manager_gives_and_ends_a_role(city, manager):
    person = make_person("Lê Minh", home_unit=city.quarter)
    found = manager.get(f"{STAFF}them/", {"q": "le minh"})
    assert [row["person"] for row in found.context["rows"]] == [person]
    address = f"{STAFF}them/{found.context['rows'][0]['token']}/"
    form = {"unit": str(city.quarter.pk), "role": "CONFIRMER", "title": "Tổ trưởng"}
    assert manager.post(address, form).url == STAFF
    mandate = Mandate.objects.get(person=person)
    assert (mandate.unit, mandate.role, mandate.title) == (city.quarter, "CONFIRMER", "Tổ trưởng")
    assert manager.post(f"{STAFF}{mandate.pk}/thoi/").url == STAFF
    mandate.refresh_from_db()
    assert mandate.valid_to == clock.today()
    actions = AuditEntry.objects.filter(object_id=str(mandate.pk)).order_by("at").values_list("action", flat=True)
    assert list(actions) == ["people.mandate.granted", "people.mandate.ended"]


def test_a_manager_cannot_choose_a_unit_of_somebody_else(city, manager):
    make_person("Lê Minh", phone="0908123412")
    token = manager.get(f"{STAFF}them/", {"q": "0908 123 412"}).context["rows"][0]["token"]
    page = manager.post(f"{STAFF}them/{token}/", {"unit": str(city.linh_xuan.pk), "role": "OFFICER"})
    assert page.status_code == 200 and page.context["form"].errors["unit"]
    assert not Mandate.objects.filter(unit=city.linh_xuan).exists()


def test_people_of_a_sibling_are_not_found_by_name(city, manager):
    make_person("Người Phường Bạn", home_unit=city.linh_xuan)
    assert manager.get(f"{STAFF}them/", {"q": "phuong ban"}).context["rows"] == []


@pytest.mark.parametrize("token", ["abc", "IjAi:1:x"])
def test_a_forged_word_for_a_person_is_not_found(manager, token):
    assert manager.get(f"{STAFF}them/{token}/").status_code == 404


def test_a_manager_enters_somebody_new(city, manager):
    answer = manager.post(f"{STAFF}them/", {"full_name": "Mới Tinh", "contact": "moi@thuduc.test"})
    assert manager.get(answer.url).status_code == 200
    assert Person.objects.get(full_name="Mới Tinh").identity_keys.get().kind == "EMAIL"


def test_the_list_costs_the_same_for_one_and_three(city, manager):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(3):
        make_officer(f"Cán Bộ {number}", city.quarter, Role.OFFICER, f"cb{number}@thuduc.test")
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                assert manager.get(STAFF).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_authors_and_nobody_else_reach_the_studio(city, manager):
    account = make_officer("Tác Giả", city.thu_duc, Role.AUTHOR, "tg@thuduc.test")
    assert list(account.groups.values_list("name", flat=True)) == [AUTHORS]
    assert signed_in("tg@thuduc.test").get("/soan/").status_code == 200
    assert manager.get("/soan/").status_code == 403
    end_mandate(actor=None, mandate=account.person.mandates.get(), at=clock.now())
    assert not account.groups.exists()
    assert AuthGroup.objects.filter(name=AUTHORS).exists()


# --- people


def test_an_officer_sees_the_people_of_the_own_units_and_no_others(city):
    make_officer("Lê Minh", city.thu_duc, Role.OFFICER, "minh@thuduc.test")
    here = make_person("Người Đây", home_unit=city.quarter, phone="0908123412")
    there = make_person("Người Kia", home_unit=city.linh_xuan)
    client = signed_in("minh@thuduc.test")
    page = client.get("/dieu-hanh/nguoi/").content.decode()
    assert "Người Đây" in page and "Người Kia" not in page
    assert "Người Đây" not in client.get("/dieu-hanh/nguoi/", {"q": "kia"}).content.decode()
    one = client.get(f"/dieu-hanh/nguoi/{here.pk}/").content.decode()
    assert "09x xxx x412" in one and "908123412" not in one
    assert client.get(f"/dieu-hanh/nguoi/{there.pk}/").status_code == 404
    make_officer("Lãnh Đạo", city.thu_duc, Role.LEADER, "ld@thuduc.test")
    assert signed_in("ld@thuduc.test").get("/dieu-hanh/nguoi/").status_code == 403


def test_the_list_of_people_turns_pages_and_costs_the_same(city):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_officer("Lê Minh", city.thu_duc, Role.OFFICER, "minh@thuduc.test")
    client = signed_in("minh@thuduc.test")
    counts, seen, after = [], [], ""
    for number in range(60):
        make_person(f"Người {number // 2}", home_unit=city.quarter)
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                client.get("/dieu-hanh/nguoi/")
            counts.append(len(queries))
    assert counts[0] == counts[1]
    for size in (50, 10):
        page = client.get("/dieu-hanh/nguoi/", {"sau": after}).context["page"]
        assert len(page.rows) == size
        seen += [row.pk for row in page.rows]
        after = page.next
    assert after == "" and len(set(seen)) == 60


# --- requests about data


def test_a_request_stands_in_the_queue_of_the_own_ward_with_its_last_day(city, manager, now):
    here = make_person("Người Đây", home_unit=city.quarter)
    there = make_person("Người Kia", home_unit=city.linh_xuan)
    nowhere = make_person("Không Nơi")
    asked = services.ask_right(person=here, kind="ERASE", note="Thôi", at=now)
    other = services.ask_right(person=there, kind="ACCESS", at=now)
    lost = services.ask_right(person=nowhere, kind="ACCESS", at=now)
    assert services.ask_right(person=here, kind="ERASE", at=now) == asked
    page = manager.get(RIGHTS).content.decode()
    assert "Người Đây" in page and "30/11/2026" in page
    assert "Người Kia" not in page and "Không Nơi" not in page
    for row in (other, lost):
        assert manager.get(f"{RIGHTS}{row.pk}/").status_code == 404
        assert manager.post(f"{RIGHTS}{row.pk}/", {"state": "DONE"}).status_code == 404


def test_a_granted_erasure_erases_and_the_proof_stays(city, manager, now):
    person = make_person("Người Đây", home_unit=city.quarter)
    asked = services.ask_right(person=person, kind="ERASE", at=now)
    assert manager.post(f"{RIGHTS}{asked.pk}/", {"state": "SEEN"}).url == RIGHTS
    manager.post(f"{RIGHTS}{asked.pk}/", {"state": "DONE"})
    assert not Person.objects.filter(pk=person.pk).exists()
    proof = RightsRequest.objects.get(pk=asked.pk)
    assert (proof.state, proof.person_id, proof.note) == ("DONE", None, "")
    assert proof.acknowledged_at is not None and proof.answered_at is not None


def test_a_refusal_needs_a_reason(city, manager, now):
    asked = services.ask_right(person=make_person(home_unit=city.quarter), kind="OBJECT", at=now)
    assert manager.post(f"{RIGHTS}{asked.pk}/", {"state": "REFUSED", "answer": " "}).status_code == 200
    manager.post(f"{RIGHTS}{asked.pk}/", {"state": "REFUSED", "answer": "Luật yêu cầu giữ."})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("REFUSED", "Luật yêu cầu giữ.")
    assert manager.post(f"{RIGHTS}{asked.pk}/", {"state": "DONE"}).status_code == 200
    asked.refresh_from_db()
    assert asked.state == "REFUSED"


# --- audit


def test_the_trail_shows_the_own_subtree_only_and_filters(city, auditor, now):
    AuditEntry.objects.all()._raw_delete(using="default")
    for unit, action in (
        (city.quarter, "people.person.moved"),
        (city.thu_duc, "units.unit.merged"),
        (city.linh_xuan, "units.unit.changed"),
    ):
        record_audit(at=now, action=action, object_type="x", object_id=1, actor_name="system:test", unit_id=unit.pk)
    record_audit(at=now, action="units.territory.loaded", object_type="x", object_id=1, actor_name="system:test")

    def actions(**query):
        return sorted(line.entry.action for line in auditor.get(AUDIT, query).context["page"].rows)

    assert actions() == ["people.person.moved", "units.unit.merged"]
    assert actions(area="units.") == ["units.unit.merged"]
    assert actions(first="2026-11-11") == []
    assert actions(first="2026-11-10", last="2026-11-10") == ["people.person.moved", "units.unit.merged"]


def test_the_trail_turns_pages_without_losing_or_repeating(city, auditor, now):
    AuditEntry.objects.all()._raw_delete(using="default")
    for number in range(120):
        record_audit(
            at=now - timedelta(minutes=number // 3),
            action="people.person.moved",
            object_type="x",
            object_id=number,
            actor_name="system:test",
            unit_id=city.thu_duc.pk,
        )
    seen, after = [], ""
    for size in (50, 50, 20):
        page = auditor.get(AUDIT, {"sau": after}).context["page"]
        assert len(page.rows) == size
        seen += [line.entry.object_id for line in page.rows]
        after = page.next
    assert after == "" and len(set(seen)) == 120


def test_a_broken_page_key_shows_the_first_page(auditor, manager):
    for key in ("x", "x~y", "2026-11-10T00:00:00+00:00~nothing"):
        assert auditor.get(AUDIT, {"sau": key}).status_code == 200
        assert manager.get(STAFF, {"sau": key}).status_code == 200
        assert manager.get(RIGHTS, {"sau": key}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"sau": "0001-01-01T00:00:00+07:00~0197f3c0-0000-7000-8000-68f76375736f"},
        {"sau": "9999-12-31T23:59:59-07:00~0197f3c0-0000-7000-8000-68f76375736f"},
        {"sau": "2026-11-10T00:00:00~0197f3c0-0000-7000-8000-68f76375736f"},
        {"first": "0001-01-01", "last": "0001-01-01"},
        {"first": "9999-12-31", "last": "9999-12-31"},
        {"first": "2026-13-45", "area": "x"},
    ],
)
def test_days_at_the_edge_of_the_calendar_are_not_our_fault(auditor, query):
    assert auditor.get(AUDIT, query).status_code == 200


def test_the_trail_names_the_usual_actions_and_at_least_the_area_of_others():
    from hocvuso.people.templatetags.people import action_words

    assert action_words("units.import.applied") == "Nhập đơn vị từ tệp"
    assert action_words("indicators.evidence.opened") == "Xem minh chứng của một người"
    assert action_words("assessment.sitting.anything") == "Bài và buổi kiểm tra"
