"""Every pair of colours that meet on a page can be told apart, in every scheme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "src/hocvuso/web/static/web/tokens.css"
GROUNDS = ["paper", "card"]
TEXT_PAIRS = [
    *((ink, ground) for ground in GROUNDS for ink in ("ink", "ink-2", "blue", "blue-strong", "leaf", "brick")),
    *(("ink", ground) for ground in ("sand", "sky", "lamp-soft", "leaf-soft", "brick-soft")),
    *(("ink-2", ground) for ground in ("sand", "sky", "lamp-soft")),
    ("blue", "sky"),
    ("blue-strong", "sky"),
    ("leaf", "leaf-soft"),
    ("brick", "brick-soft"),
    ("on-blue", "blue"),
    ("on-blue", "blue-strong"),
    ("on-leaf", "leaf"),
    ("on-brick", "brick"),
    ("on-lamp", "lamp"),
    ("on-bar", "bar"),
    ("on-bar-2", "bar"),
]
# Edges of fields, bars and marks: 3:1 (WCAG 2.2, 1.4.11).
SHAPE_PAIRS = [
    ("edge", "paper"),
    ("edge", "card"),
    ("blue", "sand"),
    ("lamp", "bar"),
    ("ink", "sand"),
    ("blue", "card"),
]


def schemes() -> dict[str, dict[str, str]]:
    """Name of a block of tokens → its colours; each begins with those of the light scheme."""
    text = TOKENS.read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    light: dict[str, str] = {}
    for selector, body in re.findall(r"(:root[^{]*)\{([^{}]*)\}", text):
        colours = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", body))
        light = light or colours
        found[f"{selector.strip()} {len(found)}"] = {**light, **colours}
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21


def test_there_are_light_dark_and_high_contrast_by_device_and_by_choice():
    assert [name.rsplit(" ", 1)[0] for name in schemes()] == [
        ":root",
        ":root:not([data-theme])",
        ':root[data-theme="dark"]',
        ":root:not([data-theme])",
        ':root[data-theme="contrast"]',
    ]


@pytest.mark.clause("R-01")
@pytest.mark.parametrize("scheme", schemes().values(), ids=schemes().keys())
def test_words_can_be_read_on_every_ground(scheme: dict[str, str]):
    weak = {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", schemes().values(), ids=schemes().keys())
def test_shapes_stand_out(scheme: dict[str, str]):
    weak = {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 2) for pair in SHAPE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("scheme", [s for n, s in schemes().items() if "contrast" in n])
def test_high_contrast_reaches_seven_to_one_for_words(scheme: dict[str, str]):
    weak = {ink: round(contrast(scheme[ink], scheme["paper"]), 2) for ink in ("ink", "ink-2", "blue", "leaf", "brick")}
    assert {ink: ratio for ink, ratio in weak.items() if ratio < 7} == {}


def test_a_choice_and_the_device_give_the_same_colours():
    _, by_device, by_choice, high_by_device, high_by_choice = schemes().values()
    assert by_device == by_choice
    assert high_by_device == high_by_choice


def test_no_other_style_sheet_names_a_colour():
    folder = TOKENS.parent
    named = {
        path.name: re.findall(
            r"#[0-9A-Fa-f]{3,8}\b(?=[;\s,)])", re.sub(r"@media print \{.*", "", path.read_text(), flags=re.S)
        )
        for path in [folder / "base.css", *(folder / "components").glob("*.css")]
    }
    assert {name: colours for name, colours in named.items() if colours} == {}
