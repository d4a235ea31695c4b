"""Signing in by code and by password, the first steps, locks and limits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hocvuso.kernel import clock
from hocvuso.people import services
from hocvuso.people.choices import Role
from hocvuso.people.models import Account, Consent, IdentityKey, Person, SignInLock, TextMessage
from hocvuso.people.public import find_person_by, has_consent, register_person
from tests.factories.people import AT, PASSWORD, make_account, make_officer, make_person

SIGN_IN = "/tai-khoan/vao/"
CODE = "/tai-khoan/vao/nhap-ma/"
BY_PASSWORD = "/tai-khoan/vao/mat-khau/"
NAME = "/tai-khoan/bat-dau/"
CONSENT = "/tai-khoan/bat-dau/dong-y/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def newest_code() -> str:
    return re.search(r"\b(\d{6})\b", TextMessage.objects.latest("id").text).group(1)


def by_phone(client: Client, phone: str, next: str = "") -> object:
    """Ask for a code with a phone and enter it."""
    client.post(f"{SIGN_IN}?next={next}" if next else SIGN_IN, {"phone": phone})
    return client.post(f"{CODE}?next={next}" if next else CODE, {"code": newest_code()})


def first_steps(client: Client, name: str, **values: str) -> object:
    client.post(NAME, {"full_name": name, **values})
    return client.post(CONSENT, {"agree": "on"})


def test_the_door_asks_for_one_thing_the_phone(client):
    page = client.get(SIGN_IN).content.decode()
    assert re.findall(r'<input[^>]* name="(?!csrf)(\w+)"', page) == ["phone"]
    page = client.get(f"{SIGN_IN}?cach=email").content.decode()
    assert re.findall(r'<input[^>]* name="(?!csrf)(\w+)"', page) == ["email"]


def test_a_new_phone_leads_through_two_steps_to_where_they_wanted_to_go(client):
    answer = by_phone(client, "0908 123 412", next="/tai-khoan/du-lieu/")
    assert answer.url.startswith(NAME)
    client.get(answer.url)
    assert client.post(NAME, {"full_name": "Trần Thị Bưởi"}).url == CONSENT
    assert client.post(CONSENT, {"agree": "on"}).url == "/tai-khoan/bat-dau/noi-o/"
    person = Person.objects.get()
    assert (person.full_name, person.birth_year, person.home_unit) == ("Trần Thị Bưởi", None, None)
    assert find_person_by("PHONE", "0908123412") == person
    assert has_consent(person, "LEARNING")
    assert client.get("/tai-khoan/bat-dau/nhom/").status_code == 200
    assert client.post("/tai-khoan/bat-dau/cho-phep/").url == "/tai-khoan/du-lieu/"
    assert Consent.objects.filter(person=person).count() == 1  # nothing more was agreed to by going on


def test_the_phone_is_nowhere_readable_after_signing_in(client):
    by_phone(client, "0908123412")
    first_steps(client, "An")
    account = Account.objects.get()
    assert account.phone_verified and "908123412" not in account.phone_sealed
    assert account.phone_masked == "09x xxx x412"
    assert "908123412" not in str(dict(client.session))


def test_signing_in_again_finds_the_same_account(client):
    by_phone(client, "0908123412")
    first_steps(client, "An")
    other = Client()
    assert by_phone(other, "+84 908 123 412", next="/tai-khoan/").url == "/tai-khoan/"
    assert Account.objects.count() == 1


def test_an_email_address_works_the_same_way(client):
    client.post(f"{SIGN_IN}?cach=email", {"email": "An@Vidu.vn"})
    code = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    assert client.post(CODE, {"code": code}).url.startswith(NAME)
    first_steps(client, "An")
    assert find_person_by("EMAIL", "an@vidu.vn").full_name == "An"


def test_a_code_has_six_digits_and_five_tries(client):
    client.post(SIGN_IN, {"phone": "0908123412"})
    code = newest_code()
    wrong = "000000" if code != "000000" else "111111"
    answers = [client.post(CODE, {"code": wrong}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert client.post(CODE, {"code": code}).url.startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_a_code_lasts_five_minutes(client, monkeypatch):
    import time

    client.post(SIGN_IN, {"phone": "0908123412"})
    code, start = newest_code(), time.time()
    monkeypatch.setattr(time, "time", lambda: start + 301)
    assert client.post(CODE, {"code": code}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_one_phone_gets_four_messages_in_ten_minutes_whoever_asks(db):
    answers = [Client(REMOTE_ADDR=f"203.0.113.{n}").post(SIGN_IN, {"phone": "0908123412"}) for n in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 200]
    assert TextMessage.objects.count() == 4


def test_sixty_people_behind_one_address_all_get_their_code(db):
    for n in range(60):
        assert Client().post(SIGN_IN, {"phone": f"09081234{n:02}"}).status_code == 302
    assert TextMessage.objects.count() == 60


def test_a_foreign_next_address_is_ignored(client):
    answer = by_phone(client, "0908123412", next="https://evil.test/")
    client.get(answer.url)
    first_steps(client, "An")
    assert client.post("/tai-khoan/bat-dau/cho-phep/").url == reverse("web:after-sign-in")


# --- the first steps


def test_no_box_is_ever_ticked_beforehand(client):
    by_phone(client, "0908123412")
    client.post(NAME, {"full_name": "An"})
    pages = [client.get(CONSENT).content.decode()]
    client.post(CONSENT, {"agree": "on"})
    pages += [client.get(f"/tai-khoan/bat-dau/{step}/").content.decode() for step in ("nhom", "cho-phep")]
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", "".join(pages))
    assert len(boxes) == 1 + 5 + 3  # the consent, four groups and "none of these", three purposes
    assert not [box for box in boxes if "checked" in box]


def test_without_the_consent_to_keep_learning_there_is_no_account(client):
    by_phone(client, "0908123412")
    client.post(NAME, {"full_name": "An"})
    page = client.post(CONSENT, {})
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert Person.objects.count() == 0
    client.post("/tai-khoan/bat-dau/thoi/")
    assert Account.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_the_consent_is_kept_with_the_sentence_they_read(client):
    by_phone(client, "0908123412")
    first_steps(client, "An")
    client.post("/tai-khoan/bat-dau/cho-phep/", {"purpose": ["REPORTING", "NONSENSE"]})
    rows = Consent.objects.order_by("at").values_list("purpose", "given", "text_version", "how")
    assert list(rows) == [("LEARNING", True, "2026-11", "web"), ("REPORTING", True, "2026-11", "web")]


def test_for_a_child_the_parent_agrees(client):
    by_phone(client, "0908123412")
    client.post(NAME, {"full_name": "Bé Na", "birth_year": "2015"})
    assert 'name="representative_name"' in client.get(CONSENT).content.decode()
    assert client.post(CONSENT, {"agree": "on"}).status_code == 200
    assert Person.objects.count() == 0
    client.post(CONSENT, {"agree": "on", "representative_name": "Nguyễn Thị Mẹ"})
    person = Person.objects.get()
    assert person.representative_name == "Nguyễn Thị Mẹ"
    assert Consent.objects.get().how == "representative"


def test_somebody_registered_by_a_helper_is_found_again_by_phone_and_name(client):
    known = make_person("Nguyễn Thị Sáu", phone="0908123412", birth_year=1959)
    by_phone(client, "0908123412")
    first_steps(client, "nguyen thi sau")
    assert Account.objects.get().person == known
    assert Person.objects.count() == 1


def test_another_name_on_a_known_phone_is_asked_about_and_then_somebody_else(client):
    known = make_person("Nguyễn Thị Sáu", phone="0908123412")
    by_phone(client, "0908123412")
    page = client.post(NAME, {"full_name": "Lê Văn Bảy"}).content.decode()
    assert 'name="other"' in page and "Nguyễn Thị Sáu" not in page
    client.post(NAME, {"full_name": "Lê Văn Bảy", "other": "1"})
    client.post(CONSENT, {"agree": "on"})
    person = Account.objects.get().person
    assert person != known and person.full_name == "Lê Văn Bảy"
    assert find_person_by("PHONE", "0908123412") == person
    assert not IdentityKey.objects.filter(person=known).exists()


def test_nobody_takes_a_number_by_typing_it(client):
    owner = make_person("Chủ Số", phone="0908123412")
    Client().post(SIGN_IN, {"phone": "0908123412"})
    assert find_person_by("PHONE", "0908123412") == owner


def test_what_was_begun_and_never_proved_is_swept_after_a_day(db, now):
    services.begin_account(phone="+84908123412", at=now)
    Account.objects.create(username="operator", is_staff=True, date_joined=now)
    services.begin_account(phone="+84908123413", at=now + timedelta(hours=25))
    assert sorted(Account.objects.values_list("phone_masked", flat=True)) == ["", "09x xxx x413"]


def test_asking_twice_begins_one_account(db, now):
    first = services.begin_account(phone="+84908123412", at=now)
    assert services.begin_account(phone="+84908123412", at=now) == first


# --- passwords and locks


def enter(client: Client, email: str, password: str, **extra: str) -> object:
    return client.post(BY_PASSWORD, {"login": email, "password": password}, **extra)


def test_an_officer_signs_in_with_a_password(client):
    make_account(make_person())
    assert enter(client, "Sau@thuduc.test", PASSWORD).status_code == 302
    assert "_auth_user_id" in client.session
    assert client.session.get_expiry_age() > 89 * 24 * 3600


def test_five_wrong_passwords_lock_for_thirty_minutes(client, monkeypatch, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # the lock alone is looked at
    make_account(make_person())
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    for _ in range(5):
        page = enter(client, "sau@thuduc.test", "không phải")
        assert page.status_code == 200
    assert SignInLock.objects.get().locked_until == moment + timedelta(minutes=30)
    local = clock.now().astimezone(clock.VIETNAM) + timedelta(minutes=30)
    assert f"{local:%H:%M}" in page.content.decode()
    enter(client, "sau@thuduc.test", PASSWORD)
    assert "_auth_user_id" not in client.session
    moment += timedelta(minutes=30, seconds=1)
    enter(client, "sau@thuduc.test", PASSWORD)
    assert "_auth_user_id" in client.session


def test_an_unknown_address_locks_the_same_way(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    for _ in range(5):
        page = enter(client, "khong@co.test", "sai")
    assert SignInLock.objects.get().failures == 5
    assert "khong@co.test" not in SignInLock.objects.get().digest
    assert page.status_code == 200


def test_a_right_password_forgets_the_failures_before_it(client):
    make_account(make_person())
    enter(client, "sau@thuduc.test", "sai")
    enter(client, "sau@thuduc.test", PASSWORD)
    assert not SignInLock.objects.exists()


def test_a_forgotten_password_is_set_anew_with_a_code(client):
    make_account(make_person())
    client.post("/tai-khoan/mat-khau/quen/", {"email": "sau@thuduc.test"})
    code = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    client.post("/tai-khoan/mat-khau/quen/nhap-ma/", {"code": code})
    new = "ba bốn từ dễ nhớ"
    client.post("/tai-khoan/mat-khau/quen/dat-lai/", {"password1": new, "password2": new})
    assert Account.objects.get().check_password(new)


def test_signing_out_everywhere_ends_the_other_sessions(client):
    account = make_account(make_person())
    other = Client()
    for one in (client, other):
        enter(one, "sau@thuduc.test", PASSWORD)
    assert other.get("/tai-khoan/").status_code == 200
    client.post("/tai-khoan/ra-moi-noi/")
    for one in (client, other):
        assert one.get("/tai-khoan/").url.startswith(SIGN_IN)
    assert Account.objects.get(pk=account.pk).sessions_from == 1


# --- demo


def test_demo_accounts_open_on_a_demo_only(client, settings, city):
    account = make_officer("Lê Minh", city.thu_duc, Role.OFFICER, "minh@thuduc.test")
    real = make_officer("Thật", city.thu_duc, Role.OFFICER, "that@thuduc.test", demo=False)
    page = client.get("/thu-nghiem/vao/").content.decode()
    assert "Lê Minh" in page and "Thật" not in page
    assert client.post("/thu-nghiem/vao/ngay/", {"account": str(real.pk)}).status_code == 404
    assert client.post("/thu-nghiem/vao/ngay/", {"account": "no id"}).status_code == 404
    client.post("/thu-nghiem/vao/ngay/", {"account": str(account.pk)})
    assert client.session["_auth_user_id"] == str(account.pk)
    settings.DEMO = False
    assert client.get("/thu-nghiem/vao/").status_code == 404
    assert client.get("/thu-nghiem/tin-nhan/").status_code == 404
    assert Client().post("/thu-nghiem/vao/ngay/", {"account": str(account.pk)}).status_code == 404


def test_registering_with_a_phone_somebody_signed_in_with_is_refused(client, db):
    by_phone(client, "0908123412")
    first_steps(client, "An")
    from hocvuso.people.errors import AlreadyKnown

    with pytest.raises(AlreadyKnown):
        register_person(actor=None, full_name="Bình", phone="0908123412", at=AT)


def test_too_many_tries_show_a_calm_page(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    enter(client, "a@b.test", "x")
    page = enter(client, "a@b.test", "x")
    assert page.status_code == 429
    assert "Nghỉ vài phút" in page.content.decode()


def test_a_change_of_email_needs_the_link_in_the_letter(client):
    person = make_person()
    make_account(person)
    enter(client, "sau@thuduc.test", PASSWORD)
    client.post("/tai-khoan/email/", {"email": "moi@thuduc.test", "action_add": ""})
    assert find_person_by("EMAIL", "moi@thuduc.test") is None
    link = re.search(r"https?://[^/]+(/tai-khoan/email/\S+)", mail.outbox[0].body).group(1)
    assert client.get(link).status_code == 200
    client.post(link)
    assert find_person_by("EMAIL", "moi@thuduc.test") == person
    assert find_person_by("EMAIL", "sau@thuduc.test") is None


def test_an_address_typed_in_by_somebody_else_does_not_lead_into_their_account(client):
    make_account(make_person("Kẻ Gian"), "gian@vidu.test")
    enter(client, "gian@vidu.test", PASSWORD)
    client.post("/tai-khoan/email/", {"email": "nan@vidu.test", "action_add": ""})
    victim = Client()
    victim.post(f"{SIGN_IN}?cach=email", {"email": "nan@vidu.test"})
    victim.post(f"{SIGN_IN}?cach=email", {"email": "nan@vidu.test"})
    code = re.search(r"\b(\d{6})\b", mail.outbox[-1].body).group(1)
    assert victim.post(CODE, {"code": code}).url.startswith(NAME)
    first_steps(victim, "Nạn Nhân")
    assert find_person_by("EMAIL", "nan@vidu.test").full_name == "Nạn Nhân"
    assert Person.objects.count() == 2


def test_one_phone_has_one_lock_however_it_is_written():
    from hocvuso.people.services import lock_key

    assert len({lock_key(text) for text in ("0908123412", "+84908123412", " 0908 123 412 ")}) == 1


@pytest.mark.django_db
def test_a_demo_accounts_public_password_opens_nothing_on_real_data(client, settings, now):
    from hocvuso.people.public import create_account_with_password, register_person

    person = register_person(actor=None, full_name="Lê Minh Phúc", at=now)
    create_account_with_password(person=person, email="canbo@demo.test", password="hoc-vu-so-2026", at=now, demo=True)
    for demo, signed_in in ((False, False), (True, True)):
        settings.DEMO = demo
        client.post("/tai-khoan/vao/mat-khau/", {"login": "canbo@demo.test", "password": "hoc-vu-so-2026"})
        assert ("_auth_user_id" in client.session) is signed_in
