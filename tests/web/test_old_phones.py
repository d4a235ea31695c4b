"""Every script that we ship stays within ES2017, so that an eight-year-old Android, or the browser inside a chat app, runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hocvuso"
# Other people's libraries are loaded by officers' pages only, or (Ed25519) after asking whether the browser can.
# Checking a signature without a network needs what came later; on an older phone that page sends people online.
NEEDS_NEWER = {"credentials/static/credentials/verify-offline.js"}
SCRIPTS = [
    path
    for path in sorted(SOURCE.rglob("static/**/*.js"))
    if "vendor" not in path.parts and path.relative_to(SOURCE).as_posix() not in NEEDS_NEWER
]
PARSER = Parser(Language(tree_sitter_javascript.language()))
# What came later than ES2017, by the name the grammar gives it.
NEWER = {
    "optional_chain": "?. (ES2020)",
    "field_definition": "class field (ES2022)",
    "private_property_identifier": "private name (ES2022)",
    "class_static_block": "static block (ES2022)",
}
NEWER_OPERATORS = {"??", "??=", "||=", "&&="}
# Methods and globals that came later; theme.js adds the few of the page that are needed (toggleAttribute, replaceChildren).
NEWER_METHODS = {
    "flat",
    "flatMap",
    "fromEntries",
    "matchAll",
    "replaceAll",
    "allSettled",
    "any",
    "finally",
    "trimStart",
    "trimEnd",
    "hasOwn",
    "structuredClone",
    "findLast",
    "toSorted",
    "toReversed",
    "with",
    "getOrInsert",
}
NEWER_PATTERN = re.compile(r"\\p\{|\(\?<[=!A-Za-z]")
FUNCTIONS = {"function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function"}


def problem(node: Node) -> str:
    """What of a node is newer than ES2017, or nothing."""
    kind, text = node.type, (node.text or b"").decode()
    if kind in NEWER:
        return NEWER[kind]
    if kind in {"binary_expression", "augmented_assignment_expression"}:
        operator = node.child_by_field_name("operator")
        return f"{operator.type} (ES2020)" if operator and operator.type in NEWER_OPERATORS else ""
    if kind in {"spread_element", "rest_pattern"} and node.parent and node.parent.type in {"object", "object_pattern"}:
        return "... in an object (ES2018)"
    if kind == "catch_clause" and node.child_by_field_name("parameter") is None:
        return "catch without a name (ES2019)"
    if kind == "number" and ("_" in text or text.endswith("n")):
        return "1_000 or 1n (ES2021)"
    if kind == "regex" and (NEWER_PATTERN.search(text) or set(text.rpartition("/")[2]) & set("sdv")):
        return "pattern (ES2018)"
    if kind == "import" and node.parent and node.parent.type == "call_expression":
        return "import() (ES2020)"
    if kind == "meta_property" and text.startswith("import"):
        return "import.meta (ES2020)"
    if kind == "for_in_statement" and any(child.type == "await" for child in node.children):
        return "for await (ES2018)"
    if kind in {"generator_function", "generator_function_declaration"} and text.startswith("async"):
        return "async generator (ES2018)"
    if kind == "namespace_export":
        return "export * as (ES2020)"
    if kind == "await_expression" and not within_function(node):
        return "await outside a function (ES2022)"
    if kind == "property_identifier" and text == "matchAll" and node.parent and b"clients" in (node.parent.text or b""):
        return ""  # the service worker's own, as old as itself
    if (
        kind == "property_identifier"
        and text in NEWER_METHODS
        and node.parent
        and node.parent.type == "member_expression"
    ):
        call = node.parent.parent
        return f".{text}()" if call and call.type == "call_expression" else ""
    return ""


def within_function(node: Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if node.type in FUNCTIONS:
            return True
    return False


def walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += found.children


def newer_parts(code: bytes) -> list[str]:
    tree = PARSER.parse(code)
    found = [f"{node.start_point.row + 1}: {what}" for node in walk(tree.root_node) if (what := problem(node))]
    return [*found, *(["it cannot be parsed"] if tree.root_node.has_error else [])]


@pytest.mark.clause("R-01")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_script_uses_nothing_newer_than_es2017(script: Path):
    assert newer_parts(script.read_bytes()) == []


@pytest.mark.parametrize(
    "code",
    [
        "a?.b",
        "a ?? b",
        "a ||= b",
        "x = {...y}",
        "({a, ...b} = c)",
        "try { a() } catch { b() }",
        "x = 1_000",
        "x = 10n",
        "class A { b = 1 }",
        "class A { #b() {} }",
        r"/\p{L}/u",
        "/(?<=a)b/",
        "import('x')",
        "async () => { for await (const a of b) c(); }",
        "await a",
        "a.flat()",
        "Object.fromEntries(a)",
        "export * as a from 'b'",
        "a(",
    ],
)
def test_the_check_knows_what_is_newer(code: str):
    assert newer_parts(code.encode())


def test_the_check_leaves_es2017_alone():
    code = b"export class A { async b(c, ...d) { try { await c(...d); } catch (e) { return [...d, `${e}`] ** 2; } } }"
    assert newer_parts(code) == []
