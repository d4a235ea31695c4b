"""The browser's engine is the server's engine: the same vectors and the same random runs, in a real Chromium."""

from __future__ import annotations

import functools
import json
import random
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from hocvuso.curriculum import practice
from hocvuso.curriculum.practice import patterns
from hocvuso.curriculum.practice.replay import outcome
from tests.curriculum.practice_walks import record_walk

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/hocvuso/curriculum/static/curriculum"
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "tests/vectors/practice").glob("*.json"))}
STARTERS = {
    path.stem: practice.read_practice(path.read_text())
    for path in sorted((ROOT / "curriculum").glob("courses/*/*/lam-*.yaml"))
}
REPLAY = """async ([definition, release, traces]) => {
  const { replay } = await import('/practice-engine.js');
  return traces.map((text) => {
    const { events, ...rest } = replay(definition, JSON.parse(text), release);
    return [rest, events];
  });
}"""
SAID = """async ([definition, cases]) => {
  const { start, step } = await import('/practice-engine.js');
  return cases.map(({ skin, events }) => {
    let state = start(definition, skin);
    return events.map((event) => { state = step(state, event); return [state.said.kind, state.said.text]; });
  });
}"""
PATTERNS = """async (rows) => {
  const { matches } = await import('/practice-engine.js');
  return rows.map(([pattern, text]) => matches(pattern, text));
}"""
EXAMPLES = """async (rows) => {
  const { example } = await import('/practice-engine.js');
  return rows.map(([pattern, variant]) => example(pattern, variant));
}"""

PIECES = [
    *"ab.()[]|*+?{}2,\\d^-ế",
    "(a|b)",
    "[ab2]",
    "[^a]",
    "a*",
    "b+",
    "(ab)?",
    ".{1,2}",
    "(?:2|ế|)",
    "\\d",
    "|",
    "a",
    "b",
]


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>vectors</title>")
        else:
            super().do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page beside the engine, from a plain static file server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
    yield page
    page.close()
    server.shutdown()


def replay_both(page: Page, definition: dict[str, Any], traces: list[Any]) -> list[tuple[Any, Any, Any, Any]]:
    """For each trace: Python's result, JavaScript's result, Python's kept events, JavaScript's."""
    release = practice.release_of(definition)
    texts = [json.dumps(trace) for trace in traces]  # as on the wire, with lone surrogates as escapes
    answers = page.evaluate(REPLAY, [definition, release, texts])
    both = []
    for trace, (seen, events) in zip(traces, answers, strict=True):
        result = practice.replay(definition, trace, release=release)
        both.append(
            ({name: getattr(result, name) for name in seen}, seen, result.trace and result.trace["events"], events)
        )
    return both


@pytest.mark.clause("R-04")
@pytest.mark.parametrize("name", VECTORS)
def test_javascript_agrees_with_every_vector(page: Page, name: str) -> None:
    vector = VECTORS[name]
    answers = page.evaluate(
        REPLAY, [vector["definition"], vector["release"], [json.dumps(one["trace"]) for one in vector["cases"]]]
    )
    for case, (seen, events) in zip(vector["cases"], answers, strict=True):
        assert {key: seen[key] for key in case["expect"]} == case["expect"], case["name"]
        assert events == case.get("keeps"), case["name"]


def test_the_coach_says_the_same_in_javascript(page: Page) -> None:
    for vector in VECTORS.values():
        cases = [case for case in vector["cases"] if "said" in case]
        plays = [{"skin": case["trace"]["skin"], "events": case["trace"]["events"]} for case in cases]
        assert page.evaluate(SAID, [vector["definition"], plays]) == [case["said"] for case in cases]


def test_patterns_mean_the_same_in_javascript(page: Page) -> None:
    rows = json.loads((ROOT / "tests/vectors/patterns.json").read_text())
    fits = [[row["pattern"], text, True] for row in rows["patterns"] for text in row["fits"]]
    fits += [[row["pattern"], text, False] for row in rows["patterns"] for text in row["does_not_fit"]]
    assert page.evaluate(PATTERNS, [one[:2] for one in fits]) == [one[2] for one in fits]
    assert page.evaluate(EXAMPLES, [one[:2] for one in rows["examples"]]) == [one[2] for one in rows["examples"]]


def test_random_patterns_mean_the_same_in_javascript(page: Page) -> None:
    dice = random.Random(1945)
    rows = [
        [
            "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 6))),
            "".join(dice.choice("ab2ế-") for _ in range(dice.randint(0, 5))),
        ]
        for _ in range(4000)
    ]
    answers = page.evaluate(PATTERNS, rows)
    expected = [patterns.matches(pattern, text) for pattern, text in rows]
    assert [row for row, here, there in zip(rows, expected, answers, strict=True) if here != there] == []
    assert sum(expected) > 100  # the dice must have thrown patterns that mean something


@pytest.mark.parametrize("name", STARTERS)
def test_random_runs_of_a_starter_practice_are_equal_in_both_engines(page: Page, name: str) -> None:
    definition = STARTERS[name]
    dice = random.Random(name)
    walks = [record_walk(definition, skin, dice, cap=120) for skin in ("android", "iphone") for _ in range(15)]
    traces: list[Any] = [trace for trace, _ in walks]
    forged = [_forge(trace, dice) for trace in traces]
    both = replay_both(page, definition, traces + forged)
    for here, there, kept_here, kept_there in both:
        assert (here, kept_here) == (there, kept_there)
    for (_, state), (here, *_) in zip(walks, both, strict=False):
        if state.end is not None:
            assert {key: here[key] for key in outcome(state)} == outcome(state)


def _forge(trace: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A trace with one thing changed; it may still be honest."""
    forged = json.loads(json.dumps(trace))
    events = forged["events"]
    at = dice.randrange(len(events))
    if (cut := dice.randrange(5)) == 0:
        del events[at]
    elif cut == 1:
        events.insert(at, dict(dice.choice(events)))
    elif cut == 2:
        events[at]["t"] = dice.choice([0, -1, 1.5, "1", None, 2**60, events[at]["t"] + 10_000])
    elif cut == 3:
        events[at]["id"] = dice.choice(["constructor", "", "x", None, events[0].get("id", "y")])
    else:
        forged["result"][dice.choice(["wrong", "hints", "idle", "steps"])] += 1
    return forged
