"""Write a practice as YAML, so that `reading.read_practice` gives the same practice back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from hocvuso.curriculum.practice.reading import PlainLoader


class PlainDumper(yaml.SafeDumper):
    """Quotes what PlainLoader would not read as text, and nothing else: `on` stays a plain word."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


PlainDumper.yaml_implicit_resolvers = PlainLoader.yaml_implicit_resolvers


def write_practice(definition: Mapping[str, Any]) -> str:
    """The YAML of a practice: one line for each block and move, as authors write them by hand."""
    return yaml.dump(
        dict(definition),
        Dumper=PlainDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=100_000,
    )
