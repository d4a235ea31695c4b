"""Pages of tests, re-checks and hand-over, looked at on a phone and on a desk: nothing scrolls sideways, axe finds nothing."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from hocvuso.assessment.choices import ItemState
from hocvuso.assessment.integrity.services import decide, draw_due, fix_list
from hocvuso.assessment.models import Case, CaseMember, IntegrityRule, Policy, Trace
from hocvuso.assessment.models.integrity import CaseReason, CaseState, RuleKind
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.services import load_policies
from hocvuso.assessment.services.bank import refresh_items, rescore_voided, set_state
from hocvuso.assessment.sittings import services as sittings
from hocvuso.credentials import handover, outside, services
from hocvuso.credentials.models import Confirmation, Recall
from hocvuso.evidence.models import Seal
from hocvuso.people.public import IdentityKey, Purpose, Role, record_consent, set_identity
from tests.assessment.conftest import agree, take
from tests.factories.people import make_account, make_officer
from tests.factories.spine import make_city, make_person

from .conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("starter")]
HEAD = "ma_ket_qua;ho_ten;nam_sinh;so_dinh_danh;dien_thoai;ma_khoa_hoc;ten_khoa_hoc;ngay;diem;dat"


@pytest.fixture
def world(settings, site) -> SimpleNamespace:
    """One of everything that these pages show."""
    settings.DEMO = True
    load_policies()
    now, city = timezone.now(), make_city()
    ward = city.binh_thanh
    accounts = {
        role: make_officer(name, where, role, f"{role.lower()}@demo.test")
        for role, name, where in [
            (Role.OFFICER, "Lê Văn Cường", ward),
            (Role.CONFIRMER, "Phạm Thị Dung", ward),
            (Role.ASSESSOR, "Hồ Thị Bích Vân", ward),
            (Role.AUDITOR, "Huỳnh Thị Kim Chi", city.city),
            (Role.MANAGER, "Trần Quản Lý", city.city),
        ]
    }
    officer, confirmer, auditor = (accounts[role].person for role in (Role.OFFICER, Role.CONFIRMER, Role.AUDITOR))

    def learner(name: str, number: int):
        person = make_person(city.khu_pho_1, name)
        agree(person)
        key = f"079180{number:06d}"
        set_identity(person=person, kind=IdentityKey.Kind.NUMBER, value=key, at=now)
        record_consent(
            actor=person, person=person, purpose=Purpose.VNEID, given=True, text_version="1", how="web", at=now
        )
        return person

    refresh_items(at=now)
    sau, ba, tu = learner("Nguyễn Thị Sáu", 1), learner("Trần Công Tằng Tôn Nữ Thị Ba", 2), learner("Lê Thị Tư", 3)
    for person in (sau, ba):
        take(person, correct=15, at=now)
        row = services.propose_confirmation(actor=officer, confirmation=Confirmation.objects.get(person=person), at=now)
        services.confirm(actor=confirmer, confirmation=row, at=now)
    handover.prepare_batch(actor=officer, unit=ward, at=now)
    lost = take(tu, correct=12, at=now)
    set_state(actor=officer, code=lost.paper[0]["id"], state=ItemState.VOIDED, reason="Đáp án sai", at=now)
    rescore_voided(at=now)

    rule = IntegrityRule.objects.create(code="thu", version=1, kind=RuleKind.SAME_DEVICE, settings={"within_days": 7})
    Trace.objects.update(unit=ward, passed=True, measured_at=now, graded_at=now)
    for number, trace in enumerate(Trace.objects.filter(person__in=[sau, ba]).order_by("person_id")):
        case = Case.objects.create(
            rule=rule, kind=rule.kind, key=str(number), unit=ward, opened_at=now, people=6 + number
        )
        CaseMember.objects.create(person_id=trace.person_id, case=case, attempt_id=trace.attempt_id)
    decide(actor=auditor, case=case, state=CaseState.FOUND, reason=CaseReason.ANSWERS_GIVEN, at=now)
    source = outside.register_source(
        actor=accounts[Role.MANAGER].person, unit=city.city, code="ptit", name="AI cộng đồng", assurance=1, at=now
    )
    lines = [
        "A1;Nguyễn Thị Sáu;1980;079180000001;;ai-1;AI cho mọi người;01/11/2026;90;Đạt",
        "A2;Người Chưa Biết Tên Dài;1980;079180000009;;ai-1;Trí tuệ nhân tạo cho mọi người dân;01/11/2026;90;Đạt",
        "A3;Khác Tên;1980;079180000002;;ai-1;AI cho mọi người;01/11/2026;90;Đạt",
    ]
    content = "\r\n".join([HEAD, *lines]).encode("utf-8-sig")
    results, problems = outside.read_file(content, today=now.date())
    outside.take_results(
        results,
        source=source,
        actor=accounts[Role.MANAGER].person,
        at=now,
        problems=problems,
        file_name="ket-qua-thang-11-cua-nen-tang.csv",
    )
    sitting = sittings.open_sitting(
        actor=accounts[Role.ASSESSOR].person,
        unit=ward,
        policy=Policy.objects.get(code="pho-cap-hoc-sinh"),
        mode=SittingMode.SUPERVISED,
        place="Nhà văn hóa khu phố 1",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        at=now,
    )
    sittings.join(person=sau, code=sitting.code, device=uuid.uuid4().hex, at=now)
    draw = fix_list(actor=auditor, unit=ward, since=now.date(), until=now.date(), wanted=2, at=now)
    # Once a day is sealed nothing of that day is written any more: the draw comes last.
    Seal.objects.create(day=now.date(), sealed_at=now + timedelta(seconds=1), **seal_fields())
    draw_due(at=now + timedelta(minutes=1))
    return SimpleNamespace(
        accounts=accounts | {"": make_account(sau, "sau@demo.test")}, sitting=sitting, draw=draw, source=source
    )


def seal_fields() -> dict:
    wanted = {}
    for field in Seal._meta.fields:
        if field.name in {"day", "sealed_at"} or field.primary_key or field.has_default() or field.null:
            continue
        wanted[field.name] = 0 if field.get_internal_type().endswith("IntegerField") else "ab" * 32
    return wanted


@pytest.mark.clause("R-01", "R-27")
def test_every_page_fits_a_phone_and_a_desk_and_refuses_the_wrong_role(world, new_page, sign_in, axe):
    learner = ""
    pages = [
        ("con-dung-khong", "/con-dung-khong/", learner, None),
        ("phong", f"/kiem-tra/phong/{world.sitting.pk}/", learner, None),
        ("chung-nhan", "/chung-nhan/", learner, None),
        ("tinh-lai", "/dieu-hanh/ket-qua-tinh-lai/", Role.CONFIRMER, learner),
        ("sau-kiem-tra-lai", "/dieu-hanh/sau-kiem-tra-lai/", Role.CONFIRMER, learner),
        ("ngoai", "/dieu-hanh/ket-qua-ngoai/", Role.MANAGER, learner),
        ("ngoai-nguon", f"/dieu-hanh/ket-qua-ngoai/{world.source.pk}/", Role.MANAGER, learner),
        ("kiem-tra-lai", "/dieu-hanh/kiem-tra-lai/", Role.AUDITOR, Role.CONFIRMER),
        ("vneid", "/dieu-hanh/vneid/", Role.OFFICER, learner),
        ("rut-mau", f"/cong-khai/rut-mau/{world.draw.pk}/", None, None),
        ("khong-mang", "/xac-minh/khong-mang/", None, None),
    ]
    assert Recall.objects.exists()
    problems = []
    for size, options in (("360", PHONE), ("1280", DESKTOP)):
        opened = {}
        for name, address, role, wrong in pages:
            if role not in opened:
                opened[role] = new_page(**options)
                if role is not None:
                    sign_in(opened[role], world.accounts[role])
            page = opened[role]
            assert page.goto(address).status == 200, address
            if os.environ.get("HVS_LOOK"):
                page.screenshot(path=Path(os.environ["HVS_LOOK"]) / f"{name}-{size}.png", full_page=True)
            wide = page.evaluate(
                "() => [document.documentElement, ...document.querySelectorAll('.table-wrap')]"
                ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"
            )
            if wide:
                problems.append(f"{address} at {size}: {wide} scrolls sideways")
            try:
                axe(page)
            except AssertionError as found:
                problems.append(str(found))
            if wrong is not None and size == "360":
                if wrong not in opened:
                    opened[wrong] = new_page(**options)
                    sign_in(opened[wrong], world.accounts[wrong])
                assert opened[wrong].goto(address).status in {403, 404}, (address, wrong)
    assert not problems, "\n".join(problems)
