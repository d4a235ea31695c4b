"""A small city with a fixed today."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.indicators.models import Indicator
from hocvuso.kernel import clock
from tests.factories.spine import City, make_city

TODAY = date(2026, 11, 10)


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def passed(db: None) -> Indicator:
    """Adults who passed."""
    return Indicator.objects.current().get(code="R-10c")


@pytest.fixture
def fixed_today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Pages take today from the clock; here it stands still."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return TODAY
