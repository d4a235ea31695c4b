"""The starter content keeps the contract of docs/reference/content-format.md and our rules for teaching texts.

Every check is a plain function on parsed YAML that returns a list of problems (empty when all is well), so that other
code can share it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2] / "curriculum"
GROUPS = {"ADULT", "PUBLIC", "WORKER", "PUPIL", "STUDENT"}
SCREEN_KINDS = {
    "home",
    "store",
    "call",
    "sms",
    "chat",
    "browser",
    "bank",
    "camera",
    "settings",
    "form",
    "ai",
    "files",
    "lock",
}
TAPPABLE = {"app_icon", "list_item", "button", "link", "toggle", "file", "camera"}
TYPED = {"field", "keypad"}
BLOCK_TYPES = (
    TAPPABLE
    | TYPED
    | {
        "text",
        "note",
        "caller",
        "choice",
        "bubble",
        "sms",
        "browser_bar",
        "qr",
        "receipt",
        "image",
        "map",
        "ai_answer",
        "spacer",
    }
)
SAFE_REGEX = re.compile(r"(?!.*\(\?[^:])(?!.*\\[1-9bBAZ])[^^$]{1,120}")
KINDS = {"one", "many", "order", "match", "spot", "situation"}
WITHOUT_RIGHT = {"order", "match"}
# Fewer single choices than this show no habit.
ENOUGH = 12
Problems = list[str]


class Yaml12Loader(yaml.SafeLoader):
    """YAML 1.2 booleans: `on`, `off`, `yes`, `no` stay strings (the moves have a key `on`)."""


Yaml12Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Yaml12Loader)


def files(pattern: str) -> list[Path]:
    return sorted(ROOT.glob(pattern))


LESSON_DIRS = [path.parent for path in files("courses/*/*/lesson.yaml")]
PRACTICE_FILES = files("courses/*/*/lam-*.yaml")
QUESTION_FILES = files("courses/*/*/cau-hoi.yaml")


def questions() -> list[dict[str, Any]]:
    return [question for path in QUESTION_FILES for question in read(path)]


def framework_codes() -> set[str]:
    return {skill["code"] for path in files("frameworks/*.yaml") for skill in read(path)["skills"]}


# --- practice: the state machine -------------------------------------------------------------------------------------


def on_skin(part: dict[str, Any], skin: str) -> bool:
    return part.get("only", skin) == skin


def holds(part: dict[str, Any], memory: dict[str, Any]) -> bool:
    return all(memory.get(name, False) == value for name, value in part.get("if", {}).items())


def reachable(practice: dict[str, Any], skin: str) -> dict[str, set[str]]:
    """Screens reachable from the start on `skin`, each with the screens one move away."""
    start: tuple[str, tuple[tuple[str, Any], ...]] = (practice["start"], ())
    seen, queue = {start}, [start]
    edges: dict[str, set[str]] = {practice["start"]: set()}
    while queue:
        name, frozen = queue.pop()
        screen: dict[str, Any] = practice["screens"][name]
        memory: dict[str, Any] = dict(frozen)
        if "end" in screen:
            continue
        visible = {b["id"] for b in screen.get("blocks", []) if "id" in b and on_skin(b, skin) and holds(b, memory)}
        for move in screen.get("moves", []):
            if not on_skin(move, skin) or not holds(move, memory) or "go" not in move:
                continue
            if move["on"] != "back" and move["id"] not in visible:
                continue
            after = (move["go"], tuple(sorted({**memory, **move.get("set", {})}.items())))
            edges[name].add(move["go"])
            edges.setdefault(move["go"], set())
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return edges


def can_reach(edges: dict[str, set[str]], goals: set[str]) -> set[str]:
    found = set(goals)
    while True:
        more = {name for name, targets in edges.items() if targets & found} - found
        if not more:
            return found
        found |= more


def check_reachability(practice: dict[str, Any]) -> Problems:
    problems: Problems = []
    screens = practice["screens"]
    per_skin = {skin: reachable(practice, skin) for skin in practice["skins"]}
    for skin, edges in per_skin.items():
        passing = {name for name in edges if screens[name].get("end") == "pass"}
        failing = {name for name in edges if screens[name].get("end") == "fail"}
        if not passing:
            problems.append(f"{skin}: no reachable screen with end: pass")
        stuck = set(edges) - can_reach(edges, passing) - failing
        problems += [f"{skin}: no way from {name} to a passing end" for name in sorted(stuck)]
    never = set(screens) - set().union(*per_skin.values())
    return problems + [f"screen {name} is reached on no skin" for name in sorted(never)]


def check_moves(practice: dict[str, Any]) -> Problems:
    problems: Problems = []
    screens = practice["screens"]
    if practice["start"] not in screens:
        problems.append("start is not a screen")
    for name, screen in screens.items():
        where = f"screen {name}"
        ids = [block["id"] for block in screen.get("blocks", []) if "id" in block]
        problems += [f"{where}: id {dup} twice" for dup, times in Counter(ids).items() if times > 1]
        if "end" in screen and screen.get("moves"):
            problems.append(f"{where}: an end screen has moves")
        if screen.get("end") not in (None, "pass", "fail"):
            problems.append(f"{where}: unknown end")
        if "end" not in screen and not screen.get("moves"):
            problems.append(f"{where}: no moves and no end")
        if "end" not in screen and not screen.get("hint"):
            problems.append(f"{where}: no hint")
        if screen["app"]["kind"] not in SCREEN_KINDS:
            problems.append(f"{where}: unknown kind {screen['app']['kind']}")
        problems += [
            f"{where}: unknown block {b['type']}" for b in screen.get("blocks", []) if b["type"] not in BLOCK_TYPES
        ]
        for skin in practice["skins"]:
            blocks = {b["id"]: b for b in screen.get("blocks", []) if "id" in b and on_skin(b, skin)}
            taken: set[tuple[Any, ...]] = set()
            for move in screen.get("moves", []):
                if on_skin(move, skin):
                    problems += [f"{where} ({skin}): {text}" for text in move_problems(move, blocks, screens, taken)]
    return problems


def move_problems(
    move: dict[str, Any], blocks: dict[str, Any], screens: dict[str, Any], taken: set[tuple[Any, ...]]
) -> Problems:
    """What is wrong with one move; `taken` collects the catch-all moves seen so far on this screen."""
    problems: Problems = []
    kind = move["on"]
    if "go" not in move and "wrong" not in move:
        problems.append(f"move {move} does nothing")
    if "go" in move and move["go"] not in screens:
        problems.append(f"go to unknown screen {move['go']}")
    if "ok" in move and "go" not in move:
        problems.append("ok without go")
    key = (kind, move.get("id"))
    if key in taken:
        problems.append(f"move {key} stands after a move that takes everything")
    if not {"is", "like", "option", "if"} & set(move):
        taken.add(key)
    if kind == "back":
        return problems
    block = blocks.get(move["id"])
    if block is None:
        return [*problems, f"no block {move['id']} on this skin"]
    fitting = {"tap": TAPPABLE, "type": TYPED, "choose": {"choice"}}[kind]
    if block["type"] not in fitting:
        problems.append(f"{kind} on a {block['type']}")
    if kind == "choose" and "option" in move and move["option"] not in {o["id"] for o in block["options"]}:
        problems.append(f"unknown option {move['option']}")
    if "is" in move and not (isinstance(move["is"], list) and all(isinstance(v, str) for v in move["is"])):
        problems.append("`is` must be a list of strings")
    if "like" in move and not SAFE_REGEX.fullmatch(move["like"]):
        problems.append("`like` is not a simple pattern")
    if block["type"] == "keypad" and any(len(value) != block["length"] for value in move.get("is", [])):
        problems.append("`is` does not fit the keypad's length")
    return problems


def check_practice_head(practice: dict[str, Any]) -> Problems:
    problems: Problems = []
    if not {"android", "iphone"} <= set(practice["skins"]):
        problems.append("a practice is playable on both skins")
    moves = [move for screen in practice["screens"].values() for move in screen.get("moves", [])]
    if not any("wrong" in move for move in moves):
        problems.append("no wrong turn is explained")
    if not any(move["on"] == "back" for move in moves):
        problems.append("no way back")
    return problems


def every_version(value: Any) -> list[str]:
    return list(value.values()) if isinstance(value, dict) else [value]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+(?=[^\d])", text.strip()) if part]


def check_spoken_texts(practice: dict[str, Any]) -> Problems:
    """The coach speaks at most two short sentences; hints and explanations at most four."""
    problems: Problems = []
    for name, screen in practice["screens"].items():
        spoken = [(text, 2) for text in every_version(screen["say"])]
        spoken += [(text, 4) for text in every_version(screen.get("hint", ""))]
        for move in screen.get("moves", []):
            spoken += [(text, 4) for key in ("wrong", "ok") for text in every_version(move.get(key, ""))]
        for text, most in spoken:
            if len(sentences(text)) > most:
                problems.append(f"{name}: more than {most} sentences: {text}")
            problems += [f"{name}: a long sentence: {s}" for s in sentences(text) if len(s.split()) > 16]
    return problems


# --- questions -------------------------------------------------------------------------------------------------------


def check_question(question: dict[str, Any], codes: set[str]) -> Problems:
    problems: Problems = []
    options = question["options"]
    right = [option for option in options if option.get("right")]
    ids = [option["id"] for option in options]
    if len(set(ids)) != len(ids):
        problems.append("option ids repeat")
    if len({option["text"].casefold() for option in options}) != len(options):
        problems.append("two options say the same")
    if question["kind"] == "one" and len(right) != 1:
        problems.append("`one` has exactly one right option")
    if question["kind"] == "many" and not 2 <= len(right) < len(options):
        problems.append("`many` has at least two right options and a wrong one")
    if question["kind"] in WITHOUT_RIGHT and any("right" in option for option in options):
        problems.append("`order` and `match` have no `right`")
    if question["kind"] not in KINDS:
        problems.append("unknown kind")
    if question["kind"] not in WITHOUT_RIGHT and any(not isinstance(option.get("right"), bool) for option in options):
        problems.append("`right` is missing")
    if question["kind"] == "situation" and len(right) != 1:
        problems.append("`situation` has exactly one right option")
    if question["kind"] == "match" and not 3 <= len({option["pair"] for option in options}) == len(options) <= 5:
        problems.append("`match` has three to five pairs, all different")
    if question["kind"] == "spot" and not 1 <= len(right) <= min(4, len(options) - 1):
        problems.append("`spot` has one to four parts that betray, and a harmless one")
    if len(options) < 3:
        problems.append("fewer than three options")
    if any(not option.get("why") for option in options):
        problems.append("an option without its reason")
    if any(re.search(r"tất cả (các )?(đáp án|câu|ý)|cả .* đều đúng", option["text"], re.I) for option in options):
        problems.append("'all of the above'")
    if question["skill"] not in codes:
        problems.append(f"unknown skill {question['skill']}")
    if question["level"] not in (1, 2, 3) or not isinstance(question["graded"], bool):
        problems.append("level or graded")
    return problems


def check_length_balance(bank: list[dict[str, Any]], tolerance: float = 0.15) -> Problems:
    """Right options are not recognisable by their length."""
    options = [
        option
        for question in bank
        if question["kind"] in {"one", "many", "situation"}
        for option in question["options"]
    ]
    right = mean(len(option["text"]) for option in options if option["right"])
    wrong = mean(len(option["text"]) for option in options if not option["right"])
    if abs(right - wrong) / wrong >= tolerance:
        return [f"right options are {right:.1f} characters long on average, wrong ones {wrong:.1f}"]
    return []


def check_not_given_away(bank: list[dict[str, Any]]) -> Problems:
    """Among single choices the right one is neither mostly the longest nor mostly at one position."""
    problems: Problems = []
    singles = [question["options"] for question in bank if question["kind"] in {"one", "situation"}]
    longest = sum(max(options, key=lambda o: len(o["text"]))["right"] for options in singles)
    if longest / len(singles) > 0.5:
        problems.append(f"the right option is the longest in {longest} of {len(singles)} questions")
    places = Counter(next(i for i, option in enumerate(options) if option["right"]) for options in singles)
    if max(places.values()) / len(singles) > 0.45:
        problems.append(f"right options stand at {dict(places)}")
    return problems


def in_cell(skill: str, cell: list[str]) -> bool:
    return any(skill == code or skill.startswith(f"{code}.") for code in cell)


def check_policy(policy: dict[str, Any], bank: list[dict[str, Any]]) -> Problems:
    problems: Problems = []
    cells = policy["blueprint"]
    if sum(cell["count"] for cell in cells) != policy["questions"]:
        problems.append("the blueprint's counts do not add up to `questions`")
    graded = [question for question in bank if question["graded"]]
    for cell in cells:
        choice = sum(in_cell(question["skill"], cell["skills"]) for question in graded)
        if choice < 3 * cell["count"]:
            problems.append(f"cell {cell['skills']}: {choice} questions for {cell['count']}")
    families = [code for cell in cells for code in cell["skills"]]
    if len(set(families)) != len(families):
        problems.append("a family stands in two cells")
    if policy["group"] not in GROUPS or not 0 < policy["pass_ratio"] <= 1:
        problems.append("group or pass_ratio")
    return problems


# --- tests -----------------------------------------------------------------------------------------------------------


def all_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from all_strings(key)
            yield from all_strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from all_strings(part)


@pytest.mark.parametrize("path", files("**/*.*"), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_nfc_text_that_parses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", text) == text
    if path.suffix == ".yaml":
        assert read(path)


def test_keys_called_on_are_strings_for_every_yaml_reader() -> None:
    for path in files("**/*.yaml"):
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert str(plain) == str(read(path)), path.name


def test_slugs_and_question_ids_are_unique_and_ascii() -> None:
    practice_slugs = [read(path)["slug"] for path in PRACTICE_FILES]
    lesson_slugs = [read(path / "lesson.yaml")["slug"] for path in LESSON_DIRS]
    course_slugs = [read(path)["slug"] for path in files("courses/*/course.yaml")]
    ids = [question["id"] for question in questions()]
    for names in (practice_slugs, lesson_slugs, course_slugs, ids):
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name) for name in names)
    assert [path.name for path in PRACTICE_FILES] == [f"lam-{slug}.yaml" for slug in practice_slugs]
    assert [path.name for path in LESSON_DIRS] == lesson_slugs


@pytest.mark.clause("R-03")
@pytest.mark.parametrize("folder", LESSON_DIRS, ids=lambda path: path.name)
def test_lesson_has_the_three_steps_and_its_questions(folder: Path) -> None:
    head = read(folder / "lesson.yaml")
    assert set(head["skills"]) <= framework_codes()
    assert set(head["groups"]) <= GROUPS
    assert head["sources"] and head["licence"] == "CC BY 4.0"
    assert head["checked_on"] < head["next_check_on"]
    understand = (folder / "hieu.md").read_text(encoding="utf-8")
    assert len(understand.split()) <= 400
    openings = re.findall(r"^::: (.+)$", understand, re.M)
    assert set(openings) <= {"nho", "canh-bao", "chuyen"}
    assert len(openings) == len(re.findall(r"^:::$", understand, re.M))
    assert not re.search(r"<\w", understand)
    use = read(folder / "dung.yaml")
    step_ids = [step["id"] for step in use["steps"]]
    assert len(step_ids) == len(set(step_ids)) >= 3
    assert use["help"]
    bank = read(folder / "cau-hoi.yaml")
    assert sum(question["graded"] for question in bank) >= 5
    assert sum(not question["graded"] for question in bank) >= 2
    assert {question["skill"] for question in bank} <= framework_codes()


@pytest.mark.parametrize("path", PRACTICE_FILES, ids=lambda path: path.stem)
def test_practice_is_sound_on_every_skin(path: Path) -> None:
    practice = read(path)
    assert check_practice_head(practice) == []
    assert check_moves(practice) == []
    assert check_reachability(practice) == []
    assert check_spoken_texts(practice) == []


@pytest.mark.parametrize("path", PRACTICE_FILES, ids=lambda path: path.stem)
def test_practice_is_long_enough_to_learn_from(path: Path) -> None:
    assert len(read(path)["screens"]) >= 5


@pytest.mark.clause("R-27")
def test_bank_is_big_enough() -> None:
    bank = questions()
    assert len(bank) >= 500
    assert sum(question["graded"] for question in bank) >= 300
    assert {question["kind"] for question in bank if question["graded"]} == KINDS


@pytest.mark.parametrize("question", questions(), ids=lambda question: question["id"])
def test_question_is_well_formed(question: dict[str, Any]) -> None:
    assert check_question(question, framework_codes()) == []


def test_right_answers_are_not_given_away_in_the_whole_bank() -> None:
    assert check_length_balance(questions()) == []
    assert check_not_given_away(questions()) == []


@pytest.mark.parametrize("path", QUESTION_FILES, ids=lambda path: path.parent.name)
def test_right_answers_are_not_given_away_in_a_lesson(path: Path) -> None:
    bank = read(path)
    if sum(question["kind"] in {"one", "situation"} for question in bank) >= ENOUGH:
        assert check_length_balance(bank) == []
        assert check_not_given_away(bank) == []


@pytest.mark.clause("R-21")
def test_every_group_has_a_path_and_its_policy() -> None:
    lessons = {path.name for path in LESSON_DIRS}
    policies = {read(path)["code"]: read(path) for path in files("policies/*.yaml")}
    paths = [read(path) for path in files("paths/*.yaml")]
    assert {path["group"] for path in paths if "policy" in path} == GROUPS
    for path in paths:
        assert path["lessons"] and set(path["lessons"]) <= lessons
        if "policy" in path:
            assert policies[path["policy"]]["group"] == path["group"]
    ordered = [slug for path in files("courses/*/course.yaml") for slug in read(path)["lessons"]]
    assert sorted(ordered) == sorted(lessons)


@pytest.mark.clause("R-27")
@pytest.mark.parametrize("path", files("policies/*.yaml"), ids=lambda path: path.stem)
def test_policy_can_be_drawn_with_room_to_choose(path: Path) -> None:
    policy = read(path)
    assert check_policy(policy, questions()) == []
    assert policy["provisional"] is True
    assert {code for cell in policy["blueprint"] for code in cell["skills"]} <= framework_codes()


def test_frameworks_name_their_source_and_parents() -> None:
    for path in files("frameworks/*.yaml"):
        framework = read(path)
        codes = [skill["code"] for skill in framework["skills"]]
        assert len(codes) == len(set(codes))
        assert {skill["parent"] for skill in framework["skills"] if "parent" in skill} <= set(codes)
        assert framework["source"]["url"].startswith("https://")


def test_a_broken_practice_is_found() -> None:
    screen: dict[str, Any] = {
        "say": "A.",
        "app": {"title": "A", "kind": "form"},
        "blocks": [{"type": "button", "id": "b", "label": "B"}],
    }
    practice: dict[str, Any] = {
        "slug": "x",
        "start": "a",
        "skins": ["android", "iphone"],
        "screens": {
            "a": {**screen, "hint": "H.", "moves": [{"on": "tap", "id": "b", "only": "android", "go": "z"}]},
            "z": {**screen, "end": "pass"},
        },
    }
    assert check_reachability(practice) == [
        "iphone: no reachable screen with end: pass",
        "iphone: no way from a to a passing end",
    ]
    practice["screens"]["a"]["moves"] = [{"on": "tap", "id": "c", "go": "y"}]
    assert "screen a (android): go to unknown screen y" in check_moves(practice)
    assert "screen a (android): no block c on this skin" in check_moves(practice)
