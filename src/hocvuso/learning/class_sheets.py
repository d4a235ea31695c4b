"""What a class prints and takes away: the sheet of attendance and progress as PDF, the slips with codes, results as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from hocvuso.kernel.documents import compile_pdf, qr_svg
from hocvuso.kernel.vietnamese import short_date
from hocvuso.learning.class_queries import ClassPage
from hocvuso.learning.classes import spoken
from hocvuso.learning.models import SchoolClass

HERE = Path(__file__).resolve().parent
# More columns than these do not fit a page that people can read; the rest is in the figures beside the name.
MOST_LESSONS = 8
_SIGNS = {0: "", 1: "1/3", 2: "2/3", 3: "3/3"}
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet_pdf(school_class: SchoolClass, page: ClassPage, *, teacher: str, address: str, today: date) -> bytes:
    """The list of a class with what each has done and room to sign, on A4."""
    lessons = page.lessons[:MOST_LESSONS]
    data = {
        "title": _("List of the class"),
        "name": school_class.name,
        "place": school_class.place,
        "teacher": _("Teacher: %s") % teacher,
        "day": _("Day: %s") % short_date(today),
        "code": spoken(school_class.code),
        "code_words": _("Join with this code"),
        "address": address,
        "columns": [_("No."), _("Name"), _("Done"), *[card.title for card in lessons], _("Signed")],
        "rows": [
            [
                str(line.member.number),
                line.member.full_name,
                f"{line.finished}/{len(page.lessons)}" if line.member.person_id else "–",
                *[_SIGNS[mark.lit] for mark in line.marks[:MOST_LESSONS]],
                *["" for _missing in lessons[len(line.marks) :]],
                "",
            ]
            for line in page.members
        ],
        "note": _("3/3 finished · 1/3, 2/3 begun · – not joined yet: type the code and the number"),
    }
    return compile_pdf(HERE / "class_sheet.typ", data, files={"qr.svg": qr_svg(address)})


def results_csv(page: ClassPage) -> str:
    """Results of a class, one person a line, for any spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("No."), _("Name"), _("Code"), _("Joined on"), _("Done"), *[card.title for card in page.lessons]])
    for line in page.members:
        days = [short_date(mark.on) if mark.on else _SIGNS[mark.lit] for mark in line.marks]
        done = f"{line.finished} / {len(page.lessons)}" if line.member.person_id else ""
        joined = short_date(line.member.joined_at) if line.member.joined_at else ""
        row = [str(line.member.number), line.member.full_name, line.member.reference, joined, done, *days]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return "\ufeff" + out.getvalue()
