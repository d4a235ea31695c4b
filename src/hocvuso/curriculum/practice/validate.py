"""Find what is wrong with a practice before anybody meets it, in words its author understands.

Two passes: the shape of every screen, block and move; then, if the shape holds, every way through it on each skin, by
the engine itself. Used by the loader (refuses a practice with problems) and the authoring studio (shows them).
Source: docs/reference/content-format.md, Practice.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hocvuso.curriculum.practice import engine, patterns
from hocvuso.curriculum.practice.canonical import canonical
from hocvuso.curriculum.practice.patterns import gettext_noop

SKINS = ("android", "iphone")
KINDS = frozenset(
    ["home", "store", "call", "sms", "chat", "browser", "bank", "camera", "settings", "form", "ai", "files", "lock"]
)
INPUTS = frozenset({"text", "tel", "digits", "money", "password"})
BUTTON_TONES = frozenset({"primary", "plain", "danger"})
TEXT_TONES = frozenset({"plain", "quiet", "info", "lamp", "leaf", "danger"})
NOTE_TONES = frozenset({"info", "lamp", "danger"})
ICON_TONES = frozenset({"plain", "blue", "green", "red", "orange", "purple", "teal", "grey"})
# The names of static/curriculum/practice-drawings.svg that authors may use.
DRAWINGS = frozenset(
    re.findall(
        r"\S+",
        """
        apk bag bank bell book bus calendar camera card cart chat check clock cloud contacts copy doctor document
        download edit family file flash folder gear gift globe hat heart help home id-card image key leaf link list
        lock mail map map-pin mic money music news phone phone-call photo play plus printer qr school search send
        share shield shop sms spark sparkle star store sun ticket trash user users video volume wallet warning water
        wifi
        """,
    )
)

MAX_BYTES = 128 * 1024
MAX_SCREENS = 80
MAX_BLOCKS = 30
MAX_MOVES = 40
MAX_SAY = 240
MAX_STATES = 20_000

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Answers are compared without regard to case; outside these ranges two Unicode versions may disagree about case.
_ANSWER = re.compile("[\u0020-\u024f\u0300-\u0323\u1e00-\u1eff\u2010-\u2026\u20ab\u2192]+")

BLOCKS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # type: (required fields, optional fields)
    "text": (frozenset({"text"}), frozenset({"size", "tone"})),
    "note": (frozenset({"text"}), frozenset({"tone"})),
    "caller": (frozenset({"name"}), frozenset({"number"})),
    "app_icon": (frozenset({"label"}), frozenset({"id", "icon", "tone"})),
    "list_item": (frozenset({"label"}), frozenset({"id", "detail", "icon", "badge"})),
    "button": (frozenset({"id", "label"}), frozenset({"tone"})),
    "link": (frozenset({"id", "label"}), frozenset()),
    "field": (frozenset({"id", "label"}), frozenset({"hint", "input", "max", "submit"})),
    "keypad": (frozenset({"id", "label", "length"}), frozenset()),
    "choice": (frozenset({"id", "label", "options"}), frozenset()),
    "toggle": (frozenset({"id", "label"}), frozenset({"on"})),
    "bubble": (frozenset({"text"}), frozenset({"from", "name"})),
    "file": (frozenset({"name"}), frozenset({"id", "detail"})),
    "sms": (frozenset({"sender", "text"}), frozenset()),
    "browser_bar": (frozenset({"url"}), frozenset()),
    "qr": (frozenset(), frozenset({"label", "detail"})),
    "camera": (frozenset({"label"}), frozenset({"id"})),
    "receipt": (frozenset({"rows"}), frozenset()),
    "image": (frozenset({"name", "alt"}), frozenset()),
    "map": (frozenset({"label"}), frozenset()),
    "ai_answer": (frozenset({"text"}), frozenset()),
    "spacer": (frozenset(), frozenset()),
}
BLOCK_VALUES: dict[tuple[str, str], frozenset[Any]] = {
    ("text", "size"): frozenset("sml"),
    ("text", "tone"): TEXT_TONES,
    ("note", "tone"): NOTE_TONES,
    ("button", "tone"): BUTTON_TONES,
    ("app_icon", "tone"): ICON_TONES,
    ("app_icon", "icon"): DRAWINGS,
    ("list_item", "icon"): DRAWINGS,
    ("image", "name"): DRAWINGS,
    ("field", "input"): INPUTS,
    ("bubble", "from"): frozenset({"me", "them"}),
}
_SHOWN = frozenset(["text", "label", "detail", "badge", "hint", "submit", "sender", "alt", "number"])
_PRACTICE = frozenset(["slug", "title", "skins", "goal", "scam", "start", "screens"])
_SCREEN = frozenset(["say", "app", "blocks", "hint", "moves", "end"])
_MOVE = frozenset(["on", "id", "is", "like", "option", "go", "wrong", "ok", "set", "if", "only"])
_MOVE_FIELDS = {
    "tap": _MOVE - {"is", "like", "option"},
    "type": _MOVE - {"option"},
    "choose": _MOVE - {"is", "like"},
    "back": _MOVE - {"is", "like", "option", "id"},
}


class Problem(str):
    """One sentence about a practice. `template` is the English msgid, `params` what is filled in, `screen` where (or "")."""

    template: str
    params: dict[str, str]
    screen: str

    def __new__(cls, template: str, *, screen: str = "", **params: object) -> Problem:
        filled = {name: str(value)[: 1000 if name in ("kinds", "values") else 80] for name, value in params.items()}
        if screen:
            filled["screen"] = screen
        problem = super().__new__(cls, template % filled)
        problem.template, problem.params, problem.screen = template, filled, screen
        return problem

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the reader's language; the studio passes Django's gettext."""
        params = {name: gettext(value) if name == "why" else value for name, value in self.params.items()}
        return gettext(self.template) % params


def problems(definition: object) -> list[str]:
    """Say everything that keeps a practice from being published; an empty list means it may be. Never raises."""
    found = list(_shape(definition))
    if not found and isinstance(definition, Mapping):
        found = list(_ways(definition))
    return list(dict.fromkeys(found))


def advice(definition: Mapping[str, Any]) -> list[str]:
    """Say what would make a sound practice better; nothing here stops publication."""
    found: list[str] = []
    for name, screen in definition["screens"].items():
        if "end" in screen:
            continue
        if not screen.get("hint"):
            found.append(
                Problem(gettext_noop("Screen “%(screen)s” has no hint: someone who is stuck stays stuck."), screen=name)
            )
        if len(screen.get("blocks") or ()) > 12:
            found.append(Problem(gettext_noop("Screen “%(screen)s” is crowded: more than twelve blocks."), screen=name))
    return found


# --- the shape -----------------------------------------------------------------------------------------------------


def _shape(definition: object) -> Iterator[Problem]:
    if not isinstance(definition, Mapping):
        yield Problem(gettext_noop("A practice is a set of named fields."))
        return
    try:
        size = len(canonical(definition))
    except Exception:
        yield Problem(
            gettext_noop(
                "The practice holds values that cannot be saved: only text, whole numbers, true and false may stand here."
            )
        )
        return
    if size > MAX_BYTES:
        yield Problem(gettext_noop("The practice is larger than 128 KB: divide it into two."))
        return
    yield from _unknown_fields(definition, _PRACTICE, "")
    yield from _head(definition)
    screens = definition.get("screens")
    if not isinstance(screens, Mapping) or not screens:
        yield Problem(gettext_noop("The practice has no screens."))
        return
    if len(screens) > MAX_SCREENS:
        yield Problem(gettext_noop("The practice has more than 80 screens: divide it into two."))
    if not isinstance(definition.get("start"), str) or definition["start"] not in screens:
        yield Problem(
            gettext_noop("The first screen (start) “%(target)s” does not exist."), target=definition.get("start")
        )
    elif isinstance(screens[definition["start"]], Mapping) and "end" in screens[definition["start"]]:
        yield Problem(gettext_noop("The practice begins on an end screen."))
    for name, screen in screens.items():
        yield from _screen(name, screen, definition)
    yield from _switches_agree(screens)
    yield from _names_exist(definition)


def _head(definition: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(definition.get("slug"), str) or not _SLUG.fullmatch(definition["slug"]):
        yield Problem(gettext_noop("The code (slug) is written in small letters without accents, joined by hyphens."))
    for name in ("title", "goal"):
        if not _is_text(definition.get(name)):
            yield Problem(gettext_noop("The practice has no “%(field)s”."), field=name)
    if "scam" in definition and not isinstance(definition["scam"], bool):
        yield Problem(gettext_noop("“scam” is true or false."))
    skins = definition.get("skins")
    if not isinstance(skins, list) or sorted(map(str, skins)) != sorted(SKINS):
        yield Problem(gettext_noop("A practice has the two skins android and iphone."))


def _screen(name: object, screen: object, definition: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(name, str) or not _ID.fullmatch(name):
        yield Problem(
            gettext_noop("The screen name “%(name)s” may hold only small letters without accents, digits, _ and -."),
            name=name,
        )
        return
    if not isinstance(screen, Mapping):
        yield Problem(gettext_noop("Screen “%(screen)s” is empty."), screen=name)
        return
    yield from _unknown_fields(screen, _SCREEN, name)
    yield from _text_field(screen, "say", name, required=True)
    if "end" in screen:
        if screen["end"] not in ("pass", "fail"):
            yield Problem(gettext_noop("Screen “%(screen)s”: “end” is pass or fail."), screen=name)
        if screen.get("moves"):
            yield Problem(
                gettext_noop("Screen “%(screen)s” is an end screen, nothing can happen on it: remove its moves."),
                screen=name,
            )
    elif not screen.get("moves"):
        yield Problem(
            gettext_noop("Screen “%(screen)s” is a dead end: it has no moves and is no end screen."), screen=name
        )
    yield from _text_field(screen, "hint", name)
    yield from _app(screen, name)
    blocks, moves = screen.get("blocks") or [], screen.get("moves") or []
    if not isinstance(blocks, list) or not isinstance(moves, list):
        yield Problem(gettext_noop("Screen “%(screen)s”: blocks and moves are lists."), screen=name)
        return
    if len(blocks) > MAX_BLOCKS or len(moves) > MAX_MOVES:
        yield Problem(
            gettext_noop("Screen “%(screen)s” has too many blocks (30 at most) or moves (40 at most)."), screen=name
        )
        return
    for block in blocks:
        yield from _block(block, name)
    yield from _ids(blocks, name)
    for move in moves:
        yield from _move(move, name, blocks, definition)


def _app(screen: Mapping[str, Any], name: str) -> Iterator[Problem]:
    app = screen.get("app")
    if app is None and "end" in screen:
        return
    if not isinstance(app, Mapping) or not isinstance(app.get("kind"), str) or app["kind"] not in KINDS:
        yield Problem(
            gettext_noop("Screen “%(screen)s” needs an app with a title and a kind out of: %(kinds)s."),
            screen=name,
            kinds=" ".join(sorted(KINDS)),
        )
        return
    yield from _unknown_fields(app, frozenset({"title", "kind"}), name)
    yield from _text_field(app, "title", name, required=app["kind"] not in ("home", "lock"))


def _block(block: object, screen: str) -> Iterator[Problem]:
    if not isinstance(block, Mapping):
        yield Problem(gettext_noop("Screen “%(screen)s”: a block is a set of named fields with a type."), screen=screen)
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in BLOCKS:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: there is no block of type “%(type)s”."), screen=screen, type=kind
        )
        return
    required, optional = BLOCKS[kind]
    yield from _unknown_fields(block, required | optional | {"type", "only", "if"}, screen)
    yield from _only(block, screen)
    yield from _values(block, "if", screen)
    for field in sorted(required):
        if field not in block:
            yield Problem(
                gettext_noop("Screen “%(screen)s”: the block “%(type)s” has no “%(field)s”."),
                screen=screen,
                type=kind,
                field=field,
            )
    for field in sorted((_SHOWN | ({"name", "url"} if kind != "image" else set())) & set(block)):
        yield from _text_field(block, field, screen, required=field in required)
    if "id" in block and not (isinstance(block["id"], str) and _ID.fullmatch(block["id"])):
        yield Problem(
            gettext_noop(
                "Screen “%(screen)s”: the id “%(id)s” may hold only small letters without accents, digits, _ and -."
            ),
            screen=screen,
            id=block["id"],
        )
    yield from _block_values(block, kind, screen)


def _block_values(block: Mapping[str, Any], kind: str, screen: str) -> Iterator[Problem]:
    for (of_kind, field), values in BLOCK_VALUES.items():
        if kind == of_kind and field in block and not (isinstance(block[field], str) and block[field] in values):
            yield Problem(
                gettext_noop(
                    "Screen “%(screen)s”: “%(value)s” is no %(field)s of a “%(type)s” block; choose from: %(values)s."
                ),
                screen=screen,
                value=block[field],
                field=field,
                type=kind,
                values=" ".join(sorted(values)),
            )
    for field, most in (("max", 64), ("length", 12)):
        number = block.get(field, 1)
        if kind in ("field", "keypad") and (
            isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most
        ):
            yield Problem(
                gettext_noop("Screen “%(screen)s”: “%(field)s” is a whole number from 1 to %(most)s."),
                screen=screen,
                field=field,
                most=most,
            )
    if kind == "toggle" and not isinstance(block.get("on", False), bool):
        yield Problem(gettext_noop("Screen “%(screen)s”: a toggle starts on: true or on: false."), screen=screen)
    if kind == "toggle" and isinstance(block.get("id"), str) and not _NAME.fullmatch(block["id"]):
        yield Problem(
            gettext_noop(
                "Screen “%(screen)s”: the id of a toggle is also a remembered name: write it with _ instead of -."
            ),
            screen=screen,
        )
    if kind == "choice" and "options" in block:
        yield from _options(block["options"], screen)
    if kind == "receipt" and "rows" in block:
        rows = block["rows"]
        if (
            not isinstance(rows, list)
            or not rows
            or not all(isinstance(row, list) and len(row) == 2 and all(_is_shown(cell) for cell in row) for row in rows)
        ):
            yield Problem(gettext_noop("Screen “%(screen)s”: each row of a receipt is [label, value]."), screen=screen)


def _options(options: object, screen: str) -> Iterator[Problem]:
    if not isinstance(options, list) or len(options) < 2:
        yield Problem(gettext_noop("Screen “%(screen)s”: a choice needs at least two options."), screen=screen)
        return
    ids = []
    for option in options:
        if (
            not isinstance(option, Mapping)
            or set(option) != {"id", "label"}
            or not _is_shown(option["label"])
            or not isinstance(option["id"], str)
            or not _ID.fullmatch(option["id"])
        ):
            yield Problem(
                gettext_noop("Screen “%(screen)s”: each option of a choice has an id and a label."), screen=screen
            )
            return
        ids.append(option["id"])
    if len(set(ids)) != len(ids):
        yield Problem(gettext_noop("Screen “%(screen)s”: two options of a choice have the same id."), screen=screen)


def _ids(blocks: list[Any], screen: str) -> Iterator[Problem]:
    for skin in SKINS:
        seen = set()
        for block in blocks:
            if not isinstance(block, Mapping) or "id" not in block or block.get("only", skin) != skin:
                continue
            if str(block["id"]) in seen:
                yield Problem(
                    gettext_noop("Screen “%(screen)s”: two blocks have the id “%(id)s”."), screen=screen, id=block["id"]
                )
            seen.add(str(block["id"]))


def _move(move: object, screen: str, blocks: list[Any], definition: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(move, Mapping) or not isinstance(move.get("on"), str) or move["on"] not in _MOVE_FIELDS:
        yield Problem(gettext_noop("Screen “%(screen)s”: a move happens on: tap, type, choose or back."), screen=screen)
        return
    yield from _unknown_fields(move, _MOVE_FIELDS[move["on"]], screen)
    yield from _only(move, screen)
    yield from _values(move, "if", screen)
    yield from _values(move, "set", screen)
    for field in ("wrong", "ok"):
        yield from _text_field(move, field, screen)
    if "go" in move:
        yield from _target(move["go"], screen, definition)
    if "ok" in move and "go" not in move:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: a move that praises (ok) must also go somewhere."), screen=screen
        )
    if "ok" in move and "wrong" in move:
        yield Problem(gettext_noop("Screen “%(screen)s”: a move cannot be both right (ok) and wrong."), screen=screen)
    if not {"go", "wrong", "set"} & set(move):
        yield Problem(
            gettext_noop("Screen “%(screen)s”: a move leads nowhere: give it go, wrong or set."), screen=screen
        )
    if move["on"] != "back":
        yield from _move_block(move, screen, blocks)


def _target(target: object, screen: str, definition: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(target, str) or target not in definition["screens"]:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: a move goes to “%(target)s”, which does not exist."),
            screen=screen,
            target=target,
        )


def _move_block(move: Mapping[str, Any], screen: str, blocks: list[Any]) -> Iterator[Problem]:
    named = [
        block for block in blocks if isinstance(block, Mapping) and "id" in block and block["id"] == move.get("id")
    ]
    fitting = [block for block in named if engine.ACTED_ON_BY.get(str(block.get("type"))) == move["on"]]
    if not named:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: a move names the block “%(id)s”, which is not on the screen."),
            screen=screen,
            id=move.get("id"),
        )
        return
    if not fitting:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: nobody can %(on)s the block “%(id)s”."),
            screen=screen,
            on=move["on"],
            id=move["id"],
        )
        return
    if move["on"] == "choose" and "option" in move:
        options = fitting[0].get("options")
        if isinstance(options, list) and all(
            not isinstance(one, Mapping) or one.get("id") != move["option"] for one in options
        ):
            yield Problem(
                gettext_noop("Screen “%(screen)s”: the choice “%(id)s” has no option “%(option)s”."),
                screen=screen,
                id=move["id"],
                option=move["option"],
            )
    if move["on"] == "type":
        yield from _answers(move, screen, fitting[0])


def _answers(move: Mapping[str, Any], screen: str, block: Mapping[str, Any]) -> Iterator[Problem]:
    if "is" in move:
        answers = move["is"]
        if (
            not isinstance(answers, list)
            or not answers
            or not all(isinstance(one, str) and _ANSWER.fullmatch(one) and len(one) <= 64 for one in answers)
        ):
            yield Problem(
                gettext_noop(
                    "Screen “%(screen)s”: “is” is a list of texts of at most 64 ordinary characters, each in quotes."
                ),
                screen=screen,
            )
            return
        for one in answers:
            if not engine.fits(block, {"on": "type", "value": one}):
                yield Problem(
                    gettext_noop("Screen “%(screen)s”: nobody can type “%(value)s” into “%(id)s”."),
                    screen=screen,
                    value=one,
                    id=block["id"],
                )
    if "like" not in move:
        return
    if not isinstance(move["like"], str):
        yield Problem(gettext_noop("Screen “%(screen)s”: “like” is a pattern in quotes."), screen=screen)
        return
    try:
        patterns.parse(move["like"])
    except patterns.PatternError as error:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: the pattern “%(pattern)s” cannot be used: %(why)s."),
            screen=screen,
            pattern=move["like"],
            why=error,
        )


def _switches_agree(screens: Mapping[str, Any]) -> Iterator[Problem]:
    seen: dict[str, bool] = {}
    for name, screen in screens.items():
        blocks = screen.get("blocks") if isinstance(screen, Mapping) else None
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, Mapping) and block.get("type") == "toggle" and isinstance(block.get("id"), str):
                starts_on = block.get("on", False) is True
                if seen.setdefault(block["id"], starts_on) != starts_on:
                    yield Problem(
                        gettext_noop("Screen “%(screen)s”: the toggle “%(id)s” starts differently on another screen."),
                        screen=str(name),
                        id=block["id"],
                    )


def _names_exist(definition: Mapping[str, Any]) -> Iterator[Problem]:
    """A remembered name that nobody sets is a slip of the pen."""
    known: set[str] = set()
    asked: list[tuple[str, str]] = []
    for name, screen in definition["screens"].items():
        if not isinstance(screen, Mapping):
            continue
        for thing in (*_list(screen, "blocks"), *_list(screen, "moves")):
            known |= set(_map(thing, "set"))
            if thing.get("type") == "toggle":
                known.add(str(thing.get("id")))
            asked += [(str(name), one) for one in _map(thing, "if")]
        asked += [(str(name), one) for text in _texts(screen) for one in engine.NAMES.findall(text)]
    for where, one in asked:
        if one not in known:
            yield Problem(
                gettext_noop("Screen “%(screen)s” asks for the remembered value “%(name)s”, which nothing sets."),
                screen=where,
                name=one,
            )


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < 8 and isinstance(value, Mapping):
        for key, inside in value.items():
            if key != "like":
                yield from _texts(inside, depth + 1)
    elif depth < 8 and isinstance(value, list):
        for inside in value:
            yield from _texts(inside, depth + 1)


def _list(screen: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    things = screen.get(name)
    return [one for one in things if isinstance(one, Mapping)] if isinstance(things, list) else []


def _map(thing: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = thing.get(name)
    return value if isinstance(value, Mapping) else {}


def _unknown_fields(thing: Mapping[str, Any], known: frozenset[str] | set[str], screen: str) -> Iterator[Problem]:
    for name in thing:
        if name not in known:
            if screen:
                yield Problem(
                    gettext_noop("Screen “%(screen)s”: the field “%(field)s” has no meaning there."),
                    screen=screen,
                    field=name,
                )
            else:
                yield Problem(gettext_noop("The field “%(field)s” has no meaning in a practice."), field=name)


def _only(thing: Mapping[str, Any], screen: str) -> Iterator[Problem]:
    if thing.get("only", "android") not in SKINS:
        yield Problem(gettext_noop("Screen “%(screen)s”: “only” is android or iphone."), screen=screen)


def _values(thing: Mapping[str, Any], name: str, screen: str) -> Iterator[Problem]:
    if name not in thing:
        return
    values = thing[name]
    if not isinstance(values, Mapping) or not all(
        isinstance(key, str) and _NAME.fullmatch(key) and isinstance(value, str | bool) for key, value in values.items()
    ):
        yield Problem(
            gettext_noop(
                "Screen “%(screen)s”: “%(field)s” maps names (small letters, digits, _) to texts, true or false."
            ),
            screen=screen,
            field=name,
        )


def _text_field(thing: Mapping[str, Any], name: str, screen: str, *, required: bool = False) -> Iterator[Problem]:
    text = thing.get(name)
    if text is None and not required:
        return
    if not _is_shown(text):
        yield Problem(
            gettext_noop("Screen “%(screen)s”: “%(field)s” is missing, or is not a text (or one text for each skin)."),
            screen=screen,
            field=name,
        )
    elif name == "say" and max(map(len, text.values() if isinstance(text, Mapping) else [str(text)])) > MAX_SAY:
        yield Problem(
            gettext_noop("Screen “%(screen)s”: the coach says too much: at most two short sentences."), screen=screen
        )


def _is_shown(text: object) -> bool:
    if isinstance(text, Mapping):
        return set(text) == set(SKINS) and all(_is_text(one) for one in text.values())
    return _is_text(text)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and len(text) <= 2000


# --- the ways through ----------------------------------------------------------------------------------------------


def _ways(definition: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _overlaps(definition)
    reached: set[str] = set()
    for skin in SKINS:
        yield from _ways_on(definition, skin, reached)
    for name in definition["screens"]:
        if name not in reached:
            yield Problem(gettext_noop("Screen “%(screen)s” can never be reached."), screen=name)


def _ways_on(definition: Mapping[str, Any], skin: str, reached: set[str]) -> Iterator[Problem]:
    """Walk through every situation on one skin and look back from the ends. Adds the screens met to `reached`."""
    first = engine.start(definition, skin)
    edges: dict[Any, set[Any]] = {}
    back: dict[Any, set[Any]] = {}
    todo = deque([first])
    edges[_situation(first)] = set()
    goals, wrongs = set(), 0
    while todo:
        state = todo.popleft()
        here = _situation(state)
        if state.end == "pass":
            goals.add(here)
        for event in () if state.end else _actions(state):
            after = engine.step(state, event)
            wrongs += after.wrong > state.wrong
            there = _situation(after)
            back.setdefault(there, set()).add(here)
            if there not in edges:
                if len(edges) >= MAX_STATES:
                    yield Problem(gettext_noop("The practice remembers too many things: it cannot be checked."))
                    return
                edges[there] = set()
                todo.append(after)
        if state.end == "fail":
            back.setdefault(_situation(first), set()).add(here)
    reached |= {screen for screen, _ in edges}
    if not goals:
        yield Problem(
            gettext_noop("Nobody can finish the practice on %(skin)s: no way leads to an end: pass screen."), skin=skin
        )
        return
    for stuck in sorted({screen for screen, _ in set(edges) - _can_reach(goals, back)}):
        yield Problem(
            gettext_noop("Screen “%(screen)s” is a dead end on %(skin)s: from there nobody can finish."),
            screen=stuck,
            skin=skin,
        )
    if not wrongs:
        yield Problem(
            gettext_noop("There is no wrong turn on %(skin)s: a practice explains at least one tempting mistake."),
            skin=skin,
        )


def _can_reach(goals: set[Any], back: Mapping[Any, set[Any]]) -> set[Any]:
    reaching, todo = set(goals), list(goals)
    while todo:
        for before in back.get(todo.pop(), ()):
            if before not in reaching:
                reaching.add(before)
                todo.append(before)
    return reaching


def _situation(state: engine.State) -> tuple[str, frozenset[tuple[str, Any]]]:
    return state.screen, frozenset(state.memory.items())


def _actions(state: engine.State) -> Iterator[engine.Event]:
    """Every action that can make a difference on the screen."""
    yield {"on": "back"}
    for block in engine.visible_blocks(state):
        kind = engine.ACTED_ON_BY.get(block["type"])
        if kind is None or "id" not in block:
            continue
        if kind == "tap":
            yield {"on": "tap", "id": block["id"]}
        elif kind == "choose":
            yield from ({"on": "choose", "id": block["id"], "option": option["id"]} for option in block["options"])
        else:
            yield {"on": "type", "id": block["id"], "value": None}
            for move in engine.current(state)["moves"]:
                if move["on"] == "type" and move["id"] == block["id"]:
                    yield from ({"on": "type", "id": block["id"], "value": one} for one in _typed(move, block))


def _typed(move: Mapping[str, Any], block: Mapping[str, Any]) -> Iterator[str]:
    """Texts that this move is made for."""
    made_for = [*(move.get("is") or ()), *(engine.examples(move["like"], block) if "like" in move else ())]
    yield from (text for text in made_for if engine.fits(block, {"on": "type", "value": text}))


def _overlaps(definition: Mapping[str, Any]) -> Iterator[Problem]:
    """Each answer and pattern needs an example that no earlier move takes, or the typed text itself would have to be sent."""
    for name, screen in definition["screens"].items():
        moves = [move for move in screen.get("moves") or () if move["on"] == "type"]
        for at, move in enumerate(moves):
            block = next(one for one in screen["blocks"] if one.get("id") == move["id"])
            earlier = [one for one in moves[:at] if one["id"] == move["id"]]
            if "like" in move and not any(
                engine.matches_text(move, one, block)
                and not any(engine.matches_text(before, one, block) for before in earlier)
                for one in _typed({"like": move["like"]}, block)
            ):
                yield Problem(
                    gettext_noop(
                        "Screen “%(screen)s”: the pattern “%(pattern)s” can match nothing that can be typed there, or an earlier move takes it first."
                    ),
                    screen=name,
                    pattern=move["like"],
                )
