"""What other rooms may use of the figures."""

from __future__ import annotations

from hocvuso.indicators.choices import DenominatorKind, Outlook, Sort, TargetKind
from hocvuso.indicators.definitions import load_definitions
from hocvuso.indicators.denominators import Whole
from hocvuso.indicators.models import Denominator, Indicator, PersonInCharge, Tally, TallyTotal, Target
from hocvuso.indicators.queries import (
    Figure,
    TrendPoint,
    breakdown,
    children_figures,
    figures,
    get_indicator,
    indicators,
    people_in_charge,
    people_reached,
    trend,
)
from hocvuso.indicators.services import give_denominators, set_target
from hocvuso.indicators.targets import TargetInForce
from hocvuso.indicators.waiting import Waiting, on_waiting

__all__ = [
    "Denominator",
    "DenominatorKind",
    "Figure",
    "Indicator",
    "Outlook",
    "PersonInCharge",
    "Sort",
    "Tally",
    "TallyTotal",
    "Target",
    "TargetInForce",
    "TargetKind",
    "TrendPoint",
    "Waiting",
    "Whole",
    "breakdown",
    "children_figures",
    "figures",
    "get_indicator",
    "give_denominators",
    "indicators",
    "load_definitions",
    "on_waiting",
    "people_in_charge",
    "people_reached",
    "set_target",
    "trend",
]
