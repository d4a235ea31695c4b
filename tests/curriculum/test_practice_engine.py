"""The practice engine: shared vectors, random walks, forged traces, the validator."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.curriculum import practice
from hocvuso.curriculum.practice import engine, patterns, validate
from hocvuso.curriculum.practice.replay import outcome
from tests.curriculum.practice_walks import record_walk

ROOT = Path(__file__).resolve().parents[2]
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "tests/vectors/practice").glob("*.json"))}
PATTERNS = json.loads((ROOT / "tests/vectors/patterns.json").read_text())
CASES = [
    pytest.param(vector, case, id=f"{name}: {case['name']}")
    for name, vector in VECTORS.items()
    for case in vector["cases"]
]
STARTERS = {
    path.stem: practice.read_practice(path.read_text())
    for path in sorted((ROOT / "curriculum").glob("courses/*/*/lam-*.yaml"))
}
DEFINITIONS = [vector["definition"] for vector in VECTORS.values()] + list(STARTERS.values())


# --- the shared vectors ---------------------------------------------------------------------------------------------


@pytest.mark.clause("R-04")
@pytest.mark.parametrize(("vector", "case"), CASES)
def test_replay_agrees_with_the_vector(vector: dict[str, Any], case: dict[str, Any]) -> None:
    result = practice.replay(vector["definition"], case["trace"])
    assert {name: getattr(result, name) for name in case["expect"]} == case["expect"]
    assert result.passed is (case["expect"]["reason"] is None and case["expect"]["end"] == "pass")
    if result.trace is not None:
        assert result.trace["events"] == case["keeps"]


@pytest.mark.parametrize(("vector", "case"), [one for one in CASES if "said" in one.values[1]])
def test_the_coach_says_what_the_vector_says(vector: dict[str, Any], case: dict[str, Any]) -> None:
    state = engine.start(vector["definition"], case["trace"]["skin"])
    said = []
    for event in case["trace"]["events"]:
        state = engine.step(state, event)
        assert state.said is not None
        said.append([state.said.kind, state.said.text])
    assert said == case["said"]


def test_vectors_name_every_reason_for_refusal() -> None:
    seen = {case["expect"]["reason"] for vector in VECTORS.values() for case in vector["cases"]}
    assert seen == {None, *practice.REASONS}


@pytest.mark.parametrize("name", VECTORS)
def test_vector_definitions_have_no_problems_and_the_release_they_name(name: str) -> None:
    assert practice.problems(VECTORS[name]["definition"]) == []
    assert practice.release_of(VECTORS[name]["definition"]) == VECTORS[name]["release"]


@pytest.mark.parametrize("row", PATTERNS["patterns"], ids=lambda row: row["pattern"][:30])
def test_pattern_fits_exactly_what_the_vector_says(row: dict[str, Any]) -> None:
    assert [text for text in row["fits"] if not patterns.matches(row["pattern"], text)] == []
    assert [text for text in row["does_not_fit"] if patterns.matches(row["pattern"], text)] == []


@pytest.mark.parametrize(("pattern", "variant", "text"), PATTERNS["examples"])
def test_example_of_a_pattern(pattern: str, variant: int, text: str) -> None:
    assert patterns.example(pattern, variant) == text


# --- random walks and forged traces -----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32), which=st.integers(0, len(DEFINITIONS) - 1), skin=st.sampled_from(["android", "iphone"])
)
def test_a_recorded_walk_replays_to_the_same_result(seed: int, which: int, skin: str) -> None:
    definition = DEFINITIONS[which]
    trace, state = record_walk(definition, skin, random.Random(seed), cap=200)
    result = practice.replay(definition, json.loads(json.dumps(trace)))
    if state.end is None:
        assert result.reason == "truncated"
    else:
        assert result.valid
        assert {name: getattr(result, name) for name in outcome(state)} == outcome(state)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(trace=JSON)
def test_replay_never_raises_for_any_value(trace: object) -> None:
    assert practice.replay(VECTORS["call"]["definition"], trace).reason == "malformed"


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), which=st.integers(0, len(DEFINITIONS) - 1), value=JSON, data=st.data())
def test_a_mutated_trace_is_refused_or_is_another_honest_run(
    seed: int, which: int, value: object, data: st.DataObject
) -> None:
    definition = DEFINITIONS[which]
    trace, _ = record_walk(definition, "android", random.Random(seed), cap=60)
    forged = copy.deepcopy(trace)
    places: list[tuple[Any, Any]] = [(forged, key) for key in forged]
    places += [(forged["result"], key) for key in forged["result"]]
    places += [(forged["events"], at) for at in range(len(forged["events"]))]
    places += [(event, key) for event in forged["events"] for key in event]
    container, key = places[data.draw(st.integers(0, len(places) - 1))]
    if data.draw(st.booleans()) and isinstance(container, list):
        del container[key]
    else:
        container[key] = value
    result = practice.replay(definition, forged)
    if result.valid:
        claimed = {name: getattr(result, name) for name in forged["result"]}
        assert claimed == forged["result"]
    else:
        assert result.reason in practice.REASONS


def test_replay_survives_nesting_deeper_than_the_stack() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    good = VECTORS["call"]["cases"][0]["trace"]
    for name in good:
        assert practice.replay(VECTORS["call"]["definition"], {**good, name: deep}).reason == "malformed"
    assert (
        practice.replay(VECTORS["call"]["definition"], {**good, "events": [{"t": 0, "on": "tap", "id": deep}]}).reason
        == "malformed"
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), -0.5, 2.0**53, 10**4000])
def test_replay_refuses_numbers_that_are_no_time(number: float) -> None:
    good = VECTORS["call"]["cases"][0]["trace"]
    trace = {**good, "events": [{"t": number, "on": "tap", "id": "tu_choi"}]}
    assert practice.replay(VECTORS["call"]["definition"], trace).reason == "malformed"


def test_replay_takes_a_whole_float_as_the_browser_does() -> None:
    good = VECTORS["call"]["cases"][0]["trace"]
    trace = {**good, "v": 1.0, "events": [{"t": 12.0, "on": "tap", "id": "tu_choi"}]}
    result = practice.replay(VECTORS["call"]["definition"], trace)
    assert (result.reason, result.duration_ms) == (None, 12)


def test_an_evil_pattern_is_matched_in_no_time() -> None:
    for pattern in ("((a+)+)+b", "(a|a|a|a)*b", "((a{0,64}){0,64}){0,64}b", "(.*.*.*.*.*.*)*b"):
        assert not patterns.matches(pattern, "a" * 64)


# --- what is typed stays on the phone ----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(typed=st.text(min_size=1, max_size=64), field=st.sampled_from(["hoi", "mk"]))
def test_nothing_typed_is_in_the_veiled_event_and_the_move_stays(typed: str, field: str) -> None:
    definition = VECTORS["typing"]["definition"]
    state = engine.State(definition=definition, skin="android", screen="cau_lenh")
    event = {"on": "type", "id": field, "value": typed}
    try:
        after = engine.step(state, event)
    except engine.RefusedError:
        return
    veiled = engine.veil(state, event)
    moves = definition["screens"]["cau_lenh"]["moves"]
    made_up = {patterns.example(move["like"], variant) for move in moves if "like" in move for variant in range(8)}
    assert veiled["value"] in {None, *made_up}
    following = engine.step(state, veiled)
    assert (following.screen, following.wrong, following.idle) == (after.screen, after.wrong, after.idle)


# --- reading and naming -----------------------------------------------------------------------------------------------


def test_read_practice_keeps_on_zeros_and_times_as_authors_wrote_them() -> None:
    read = practice.read_practice(
        "moves: [{on: tap, is: [012345, 9:41, 50000], no: yes, x: 2026-11-21}]\nlength: 6\non: true\nempty:"
    )
    assert read == {
        "moves": [{"on": "tap", "is": ["012345", "9:41", "50000"], "no": "yes", "x": "2026-11-21"}],
        "length": 6,
        "on": True,
        "empty": None,
    }


def test_read_practice_gives_one_release_for_both_unicode_forms() -> None:
    assert practice.release_of(practice.read_practice("a: thủ")) == practice.release_of(
        practice.read_practice("a: 'thu\u0309  '")
    )


def test_normalise_repairs_what_yaml_1_1_made_of_on() -> None:
    assert practice.normalise({True: "tap", "length": 4, "is": [5]}) == {"on": "tap", "length": 4, "is": ["5"]}


def test_release_does_not_depend_on_the_order_of_fields() -> None:
    assert practice.release_of({"b": 1, "a": "đ"}) == practice.release_of({"a": "đ", "b": 1})
    assert practice.canonical({"b": 1, "a": "đ"}) == '{"a":"đ","b":1}'.encode()


# --- the validator ------------------------------------------------------------------------------------------------------


def tiny() -> dict[str, Any]:
    return {
        "slug": "tiny",
        "title": "T",
        "skins": ["android", "iphone"],
        "goal": "G",
        "start": "a",
        "screens": {
            "a": {
                "say": "S",
                "app": {"title": "A", "kind": "form"},
                "hint": "H",
                "blocks": [
                    {"type": "button", "id": "yes", "label": "Y"},
                    {"type": "button", "id": "no", "label": "N"},
                    {"type": "field", "id": "f", "label": "F"},
                ],
                "moves": [{"on": "tap", "id": "yes", "go": "b"}, {"on": "tap", "id": "no", "wrong": "W"}],
            },
            "b": {"say": "B", "end": "pass", "blocks": []},
        },
    }


def test_a_sound_practice_has_no_problems() -> None:
    assert practice.problems(tiny()) == []
    assert practice.advice(tiny()) == []


A, B = ("screens", "a"), ("screens", "b")
BROKEN: list[tuple[tuple[Any, ...], Any, str]] = [
    (("slug",), "Có Dấu", "The code (slug) is written in small letters without accents, joined by hyphens."),
    (("title",), "", "The practice has no “title”."),
    (("goal",), None, "The practice has no “goal”."),
    (("scam",), "maybe", "“scam” is true or false."),
    (("skins",), ["android"], "A practice has the two skins android and iphone."),
    (("colour",), "red", "The field “colour” has no meaning in a practice."),
    (("screens",), {}, "The practice has no screens."),
    (("start",), "nowhere", "The first screen (start) “nowhere” does not exist."),
    (("start",), "b", "The practice begins on an end screen."),
    ((*A, "say"), None, "Screen “a”: “say” is missing, or is not a text (or one text for each skin)."),
    ((*A, "say"), {"android": "x"}, "Screen “a”: “say” is missing, or is not a text (or one text for each skin)."),
    ((*A, "say"), "x" * 241, "Screen “a”: the coach says too much: at most two short sentences."),
    ((*A, "app"), None, "Screen “a” needs an app with a title and a kind out of: "),
    ((*A, "app", "kind"), ["form"], "Screen “a” needs an app with a title and a kind out of: "),
    ((*A, "moves"), [], "Screen “a” is a dead end: it has no moves and is no end screen."),
    ((*A, "end"), "maybe", "Screen “a”: “end” is pass or fail."),
    (
        (*B, "moves"),
        [{"on": "back", "go": "a"}],
        "Screen “b” is an end screen, nothing can happen on it: remove its moves.",
    ),
    ((*A, "blocks", 0, "type"), "slider", "Screen “a”: there is no block of type “slider”."),
    ((*A, "blocks", 0, "label"), None, "Screen “a”: “label” is missing, or is not a text (or one text for each skin)."),
    ((*A, "blocks", 0, "size"), "l", "Screen “a”: the field “size” has no meaning there."),
    (
        (*A, "blocks", 0, "tone"),
        "loud",
        "Screen “a”: “loud” is no tone of a “button” block; choose from: danger plain primary.",
    ),
    ((*A, "blocks", 0, "only"), "nokia", "Screen “a”: “only” is android or iphone."),
    ((*A, "blocks", 1, "id"), "yes", "Screen “a”: two blocks have the id “yes”."),
    ((*A, "blocks", 2, "max"), 65, "Screen “a”: “max” is a whole number from 1 to 64."),
    ((*A, "blocks", 0, "if"), {"seen": True}, "Screen “a” asks for the remembered value “seen”, which nothing sets."),
    ((*A, "hint"), "Xin {ten}", "Screen “a” asks for the remembered value “ten”, which nothing sets."),
    ((*A, "moves", 0, "on"), "swipe", "Screen “a”: a move happens on: tap, type, choose or back."),
    ((*A, "moves", 0, "go"), "c", "Screen “a”: a move goes to “c”, which does not exist."),
    ((*A, "moves", 0, "id"), "maybe", "Screen “a”: a move names the block “maybe”, which is not on the screen."),
    ((*A, "moves", 0, "id"), "f", "Screen “a”: nobody can tap the block “f”."),
    (
        (*A, "moves", 0, "set"),
        {"a": 1},
        "Screen “a”: “set” maps names (small letters, digits, _) to texts, true or false.",
    ),
    (
        (*A, "moves", 1),
        {"on": "tap", "id": "no", "ok": "Good"},
        "Screen “a”: a move that praises (ok) must also go somewhere.",
    ),
    ((*A, "moves", 1), {"on": "tap", "id": "no"}, "Screen “a”: a move leads nowhere: give it go, wrong or set."),
    (
        (*A, "moves", 1),
        {"on": "type", "id": "f", "is": ["σ"], "go": "b"},
        "Screen “a”: “is” is a list of texts of at most 64 ordinary characters, each in quotes.",
    ),
    (
        (*A, "moves", 1),
        {"on": "type", "id": "f", "is": ["  "], "go": "b"},
        "Screen “a”: nobody can type “  ” into “f”.",
    ),
    (
        (*A, "moves", 1),
        {"on": "type", "id": "f", "like": "(?=x)", "go": "b"},
        "Screen “a”: the pattern “(?=x)” cannot be used: only plain groups ( ) and (?: ) are allowed.",
    ),
    (
        (*A, "moves", 1),
        {"on": "type", "id": "f", "like": "x*" * 61, "go": "b"},
        "Screen “a”: the pattern “" + ("x*" * 61)[:80] + "” cannot be used: it is longer than 120 characters.",
    ),
    (
        (*A, "moves", 1),
        {"on": "type", "id": "f", "like": " ", "go": "b"},
        "Screen “a”: the pattern “ ” can match nothing that can be typed there, or an earlier move takes it first.",
    ),
    (
        (*A, "moves", 1),
        {"on": "tap", "id": "no", "set": {"x": True}},
        "There is no wrong turn on android: a practice explains at least one tempting mistake.",
    ),
    (
        (*A, "moves", 0, "only"),
        "iphone",
        "Nobody can finish the practice on android: no way leads to an end: pass screen.",
    ),
    ((*B, "end"), "fail", "Nobody can finish the practice on android: no way leads to an end: pass screen."),
    (("screens", "lost"), {"say": "S", "end": "pass"}, "Screen “lost” can never be reached."),
    (
        ("screens", "Lạc"),
        {"say": "S", "end": "pass"},
        "The screen name “Lạc” may hold only small letters without accents, digits, _ and -.",
    ),
]


@pytest.mark.parametrize(
    ("place", "value", "sentence"), BROKEN, ids=[f"{at}-{'.'.join(map(str, one[0]))}" for at, one in enumerate(BROKEN)]
)
def test_problems_says_what_is_wrong(place: tuple[Any, ...], value: Any, sentence: str) -> None:
    definition = tiny()
    target: Any = definition
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    found = practice.problems(definition)
    assert [one for one in found if one.startswith(sentence)] != [], found


def test_problems_finds_the_trap_without_a_way_out() -> None:
    definition = tiny()
    screens = definition["screens"]
    screens["trap"] = {**copy.deepcopy(screens["a"]), "moves": [{"on": "tap", "id": "yes", "wrong": "W", "go": "trap"}]}
    screens["a"]["moves"][1] = {"on": "tap", "id": "no", "wrong": "W", "go": "trap"}
    assert practice.problems(definition) == [
        "Screen “trap” is a dead end on android: from there nobody can finish.",
        "Screen “trap” is a dead end on iphone: from there nobody can finish.",
    ]


def test_problems_finds_what_only_memory_makes_impossible() -> None:
    definition = tiny()
    screen = definition["screens"]["a"]
    screen["moves"][0]["if"] = {"ready": True}
    screen["moves"].append({"on": "back", "set": {"ready": "true"}})
    assert "Nobody can finish the practice on iphone: no way leads to an end: pass screen." in practice.problems(
        definition
    )


def test_problem_carries_its_template_for_translation() -> None:
    definition = {**tiny(), "start": "nowhere"}
    (problem,) = practice.problems(definition)
    assert isinstance(problem, practice.Problem)
    assert (problem.template % problem.params, problem.params["target"]) == (problem, "nowhere")


@settings(max_examples=120, deadline=None)
@given(value=JSON)
def test_problems_never_raises_for_any_value(value: object) -> None:
    assert practice.problems(value) != []


@settings(max_examples=120, deadline=None)
@given(value=JSON, data=st.data())
def test_problems_never_raises_for_a_mutated_practice(value: object, data: st.DataObject) -> None:
    definition = copy.deepcopy(data.draw(st.sampled_from(DEFINITIONS)))
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [definition]
    while todo:
        one = todo.pop()
        for key in one if isinstance(one, dict) else range(len(one)):
            places.append((one, key))
            if isinstance(one[key], dict | list):
                todo.append(one[key])
    container, key = data.draw(st.sampled_from(places))
    container[key] = value
    assert all(isinstance(problem, str) for problem in practice.problems(definition))


def test_the_drawings_authors_may_name_are_drawn() -> None:
    sprite = (ROOT / "src/hocvuso/curriculum/static/curriculum/practice-drawings.svg").read_text()
    assert {name for name in validate.DRAWINGS if f'<symbol id="{name}"' not in sprite} == set()


# --- the starter practices --------------------------------------------------------------------------------------------


@pytest.mark.clause("R-20")
@pytest.mark.parametrize("name", STARTERS)
def test_starter_practice_has_no_problems(name: str) -> None:
    assert practice.problems(STARTERS[name]) == []
