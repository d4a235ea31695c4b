"""Build hooks: dependencies come from requirements/base.in, message catalogues are compiled into the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent.parent


class BaseRequirements(MetadataHookInterface):
    """Read the run-time dependencies from the one place that lists them."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (ROOT / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]


class CompiledMessages(BuildHookInterface):
    """Compile every .po next to its .mo before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        import polib

        for po in sorted((ROOT / "src").rglob("*.po")):
            polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))


def get_metadata_hook() -> type[MetadataHookInterface]:
    return BaseRequirements


def get_build_hook() -> type[BuildHookInterface]:
    return CompiledMessages
