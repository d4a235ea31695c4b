"""The definitions that ship with the house: read data/indicators.yaml into Indicator and Target, twice without change."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from hocvuso.indicators.choices import TargetKind
from hocvuso.indicators.errors import DefinitionChanged
from hocvuso.indicators.models import Indicator, Target
from hocvuso.kernel.clock import VIETNAM

DATA_FILE = Path(__file__).parent / "data" / "indicators.yaml"
_TEXTS = ("title", "short_title", "assurance_note", "provisional")


@transaction.atomic
def load_definitions(path: Path = DATA_FILE) -> int:
    """Load indicators and the targets that hold everywhere. Returns how many rows were new or reworded.

    Raises DefinitionChanged when a known version would count something else.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    changed = sum(_load_indicator(entry) for entry in data["indicators"])
    return changed + _load_targets(data)


def _load_indicator(entry: dict[str, Any]) -> bool:
    texts = {f"{name}_{language}": entry[name][language] for name in _TEXTS for language in ("vi", "en")}
    words = {**texts, "headline": entry["headline"], "order": entry["order"], "source": entry["source"]}
    rule = {"groups": entry["groups"], "milestone": entry["milestone"]}
    known, created = Indicator.objects.get_or_create(
        code=entry["code"], version=entry["version"], defaults={**words, **rule}
    )
    if created:
        return True
    if any(getattr(known, name) != value for name, value in rule.items()):
        raise DefinitionChanged(indicator=known.code, version=known.version)
    reworded = [name for name, value in words.items() if getattr(known, name) != value]
    for name in reworded:
        setattr(known, name, words[name])
    if reworded:
        known.save(update_fields=reworded)
    return bool(reworded)


def _load_targets(data: dict[str, Any]) -> int:
    at = datetime.combine(data["targets_set_on"], time(), tzinfo=VIETNAM)
    new = 0
    for entry in data["targets"]:
        for code in entry["indicators"]:
            _, created = Target.objects.get_or_create(
                unit=None,
                indicator_code=code,
                due_on=entry["due_on"],
                kind=TargetKind.ASSIGNED,
                ratio=Decimal(entry["ratio"]),
                defaults={"at": at, "note": data["targets_source"]},
            )
            new += created
    return new
