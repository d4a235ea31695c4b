"""A person's skills on one sheet, by certificate, with the results of other platforms apart. Drawn over loaded rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from hocvuso.credentials.certificates import verify_address
from hocvuso.credentials.models import Certificate, OutsideResult
from hocvuso.kernel.documents import compile_pdf
from hocvuso.kernel.vietnamese import short_date

TEMPLATE = Path(__file__).resolve().parent / "documents" / "transcript.typ"


def transcript_pdf(
    name: str, certificates: Sequence[Certificate], outside: Sequence[OutsideResult], at: datetime
) -> bytes:
    """A4 upright, Vietnamese with English beside it. certificates: valid ones, newest first. at: the moment it is drawn."""
    data = {
        "name": name,
        "issuer": settings.ISSUER_NAME,
        "day": short_date(at),
        "address": verify_address("").rstrip("/").split("://", 1)[-1],
        "provisional": any(certificate.provisional for certificate in certificates),
        "certificates": [
            {
                "title": certificate.policy_title,
                "code": certificate.code,
                "day": short_date(certificate.issued_at),
                "score": certificate.score_percent,
                "level": certificate.level,
                "signatory": certificate.signatory,
                "skills": [
                    [str(skill["code"]), words]
                    for skill, words in zip(certificate.skills, certificate.skill_names, strict=True)
                ],
            }
            for certificate in certificates
        ],
        "outside": [
            {
                "title": row.course_title,
                "source": row.source.name,
                "day": f"{row.taken_on:%d/%m/%Y}",
                "passed": row.passed,
            }
            for row in outside
        ],
    }
    return compile_pdf(TEMPLATE, data, written_at=at)
