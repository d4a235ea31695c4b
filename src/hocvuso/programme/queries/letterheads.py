"""How a unit's documents are headed and signed."""

from __future__ import annotations

from hocvuso.kernel.documents import HeaderForm
from hocvuso.programme.models import Letterhead
from hocvuso.units.choices import Kind, Line
from hocvuso.units.public import Coverage, Unit, breadcrumb


def letterhead_of(unit: Unit) -> Letterhead:
    """The unit's letterhead, or one proposed from what the unit is (not stored)."""
    return Letterhead.objects.filter(unit=unit).first() or proposed_letterhead(unit)


def proposed_letterhead(unit: Unit) -> Letterhead:
    """Decree 30/2020/NĐ-CP for People's Committees; other lines by their own custom. The office corrects it once."""
    way = breadcrumb(unit)
    above = way[-2] if len(way) > 1 else None
    place = _place(way)
    if unit.line == Line.TERRITORY and unit.kind != Kind.NEIGHBOURHOOD:
        issuer = "Ủy ban nhân dân " + unit.name
        return Letterhead(
            unit=unit,
            issuer=issuer.upper(),
            symbol="BC-UBND",
            place=place,
            authority="TM. ỦY BAN NHÂN DÂN",
            signer_title="CHỦ TỊCH",
            recipients=f"{'Ủy ban nhân dân ' + above.name if above and above.kind != Kind.NATION else 'Bộ Khoa học và Công nghệ'}\nLưu: VT, VHXH",
        )
    form = {Line.UNION: HeaderForm.UNION, Line.PARTY: HeaderForm.PARTY}.get(Line(unit.line), HeaderForm.STATE)
    symbols = {
        Line.UNION: "BC-CĐ",
        Line.PARTY: "BC-ĐU",
        Line.FRONT: "BC-MTTQ",
        Line.YOUTH: "BC-ĐTN",
        Line.WOMEN: "BC-HPN",
    }
    return Letterhead(
        unit=unit,
        form=form,
        superior=above.name.upper() if above else "",
        issuer=unit.name.upper(),
        symbol=symbols.get(Line(unit.line), "BC"),
        place=place,
        signer_title="",
        recipients=(f"{above.name}\n" if above else "") + "Lưu: VT",
    )


def _place(way: list[Unit]) -> str:
    """The place name before the date: the unit's own name without its kind word."""
    for unit in reversed(way):
        if unit.line == Line.TERRITORY and unit.kind not in {Kind.NEIGHBOURHOOD, Kind.NATION}:
            words = unit.name.split(" ")
            known = {"Phường": 1, "Xã": 1, "Tỉnh": 1, "Thành": 2, "Đặc": 2}
            return " ".join(words[known.get(words[0], 0) :]) or unit.name
    # The unit's own area before that of the units above it.
    covered = (
        Coverage.objects.filter(unit__in=way)
        .select_related("territory")
        .order_by("-unit__depth", "territory__path")
        .first()
    )
    return _place([covered.territory]) if covered else "Hà Nội"
