"""A certificate as a PDF, as a QR code and as a signed Open Badges credential. Pure drawing over a loaded row."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from hocvuso.credentials import openbadges
from hocvuso.credentials.compact import CompactFacts, write_compact
from hocvuso.credentials.keys import current_key, issuer_did, short_name
from hocvuso.credentials.models import Certificate
from hocvuso.credentials.openbadges import LIST_SIZE, BadgeFacts
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.documents import compile_pdf, qr_svg
from hocvuso.kernel.vietnamese import short_date

TEMPLATE = Path(__file__).resolve().parent / "documents" / "certificate.typ"
STATUS_LIST_HOURS = 24
PURPOSES = {"revocation": "", "suspension": "tam-dung/"}  # the part of the address each list stands under


def verify_address(code: str) -> str:
    """What the QR code says: the page anybody may open."""
    return f"{settings.PUBLIC_URL}/xac-minh/{code}/"


def certificate_qr(certificate: Certificate, serial: int, day: datetime) -> bytes:
    """The QR code: the address of the page that checks it, and behind the # the signed short form for a phone without network.

    What stands behind the # never leaves the phone. Low error correction keeps the squares big enough for a cheap camera.
    """
    address = f"{verify_address(certificate.code)}#{compact_of(certificate, serial, day)}"
    return qr_svg(address, dark="#0C3566", border=2, error="l")


def compact_of(certificate: Certificate, serial: int, day: datetime) -> str:
    """The signed short form of a certificate. serial: its number among the codes; day: now, for the very first key."""
    key = current_key(local_date(day))
    facts = CompactFacts(
        code=certificate.code,
        name=certificate.full_name,
        policy=certificate.policy_code,
        version=certificate.policy_version,
        issued_on=local_date(certificate.issued_at),
        per_cent=certificate.score_percent,
        serial=serial,
    )
    return write_compact(facts, key=key.private, key_id=short_name(key.name))


def certificate_pdf(certificate: Certificate, serial: int, day: datetime) -> bytes:
    """A4 across, Vietnamese with English beside it. The same certificate and key give the same bytes."""
    data = {
        "name": certificate.full_name,
        "title": certificate.policy_title,
        "version": certificate.policy_version,
        "level": certificate.level,
        "score": certificate.score_percent,
        "pass": certificate.pass_percent,
        "skills": certificate.skill_names,
        "day": short_date(certificate.issued_at),
        "issuer": settings.ISSUER_NAME,
        "signatory": certificate.signatory,
        "code": certificate.code,
        "address": verify_address("").rstrip("/").split("://", 1)[-1],
        "provisional": certificate.provisional,
    }
    qr = certificate_qr(certificate, serial, day)
    return compile_pdf(TEMPLATE, data, files={"qr.svg": qr}, written_at=certificate.issued_at)


def credential_of(certificate: Certificate, serial: int, day: datetime) -> dict[str, Any]:
    """The signed credential of a certificate. serial: its number among the codes; day: now, for the very first key."""
    key = current_key(local_date(day))
    number, index = divmod(serial, LIST_SIZE)
    facts = BadgeFacts(
        address=f"{settings.PUBLIC_URL}/xac-minh/{certificate.code}.json",
        issuer_did=issuer_did(),
        issuer_name=settings.ISSUER_NAME,
        issuer_address=settings.PUBLIC_URL,
        holder_name=certificate.full_name,
        achievement_address=f"{settings.PUBLIC_URL}/xac-minh/noi-dung/{certificate.policy_code}/{certificate.policy_version}",
        achievement_name=certificate.policy_title,
        achievement_version=certificate.policy_version,
        criteria=_criteria(certificate),
        skills=tuple(
            (skill["code"], name) for skill, name in zip(certificate.skills, certificate.skill_names, strict=True)
        ),
        score_percent=certificate.score_percent,
        pass_percent=certificate.pass_percent,
        issued_at=certificate.issued_at,
        status_lists=tuple((purpose, status_list_address(number, purpose)) for purpose in PURPOSES),
        status_index=index,
    )
    return openbadges.sign(
        openbadges.build(facts), key=key.private, method=key.method, created=max(certificate.issued_at, key.made_at)
    )


def status_list_address(number: int, purpose: str) -> str:
    return f"{settings.PUBLIC_URL}/xac-minh/trang-thai/{PURPOSES[purpose]}{number}.json"


def status_list_of(number: int, purpose: str, marked: list[int], at: datetime) -> dict[str, Any]:
    """The signed list, for one purpose, of marked certificates with serials number × LIST_SIZE and on; believed for a day."""
    key = current_key(local_date(at))
    unsigned = openbadges.build_status_list(
        address=status_list_address(number, purpose),
        issuer_did=issuer_did(),
        purpose=purpose,
        marked=[serial - number * LIST_SIZE for serial in marked],
        valid_from=at - timedelta(minutes=5),
        valid_until=at + timedelta(hours=STATUS_LIST_HOURS),
    )
    return openbadges.sign(unsigned, key=key.private, method=key.method, created=at)


def _criteria(certificate: Certificate) -> str:
    threshold = certificate.pass_percent
    text = "Đạt bài kiểm tra" if threshold is None else f"Đạt từ {threshold}% bài kiểm tra"
    return f"{text} “{certificate.policy_title}”, phiên bản {certificate.policy_version}."
