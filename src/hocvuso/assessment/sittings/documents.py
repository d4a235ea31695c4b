"""The attendance sheet on A4, to print and sign."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from hocvuso.assessment.models import Sitting
from hocvuso.assessment.sittings.queries import board
from hocvuso.kernel.clock import VIETNAM
from hocvuso.kernel.documents import compile_pdf

TEMPLATE = Path(__file__).resolve().parent.parent / "documents" / "attendance.typ"
EMPTY_LINES = 5


def attendance_sheet(sitting: Sitting, at: datetime) -> bytes:
    """Who was there, when ticked, with room to sign, and the incidents. Five queries."""
    seen = board(sitting, at)
    rows = sorted(seen.rows, key=lambda row: (row.seat.person.search_name, row.seat.person_id))

    def moment(value: datetime | None) -> str:
        return value.astimezone(VIETNAM).strftime("%H:%M") if value else ""

    data = {
        "unit": sitting.unit.name,
        "title": sitting.policy.title,
        "mode": str(sitting.get_mode_display()),
        "place": sitting.place,
        "day": sitting.starts_at.astimezone(VIETNAM).strftime("%d/%m/%Y"),
        "time": f"{moment(sitting.starts_at)} – {moment(sitting.ends_at)}",
        "code": sitting.code,
        "assessor": sitting.assessor.full_name if sitting.assessor else "",
        "people": [
            {
                "name": row.seat.person.full_name,
                "born": str(row.seat.person.birth_year or ""),
                "present": moment(row.seat.present_at),
                "finished": moment(row.seat.finished_at),
                "notes": ", ".join(str(incident.get_kind_display()) for incident in row.incidents),
            }
            for row in rows
        ],
        "room": [f"{moment(one.happened_at)} {one.get_kind_display()}" for one in seen.room_incidents],
        "present": seen.present,
        "done": seen.done,
        "empty": EMPTY_LINES if sitting.is_open else 0,
        "printed": at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        "none": _("None"),
    }
    return compile_pdf(TEMPLATE, data, written_at=at)
