"""The house keeps its shape: migrations, sentences, settings, templates, clauses."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hocvuso"
ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "apps.py").exists())


def catalogues() -> list[Path]:
    """The rooms' own catalogues (a room may also carry words for somebody else's pages)."""
    return [SOURCE / room / "locale" / "vi" / "LC_MESSAGES" / "django.po" for room in ROOMS]


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_every_sentence_is_translated_into_vietnamese():
    missing = [
        f"{po.relative_to(SOURCE)}: {entry.msgid}"
        for po in catalogues()
        for entry in polib.pofile(str(po))
        if not entry.obsolete and (not entry.translated() or entry.fuzzy)
    ]
    assert missing == []


def test_every_sentence_in_the_code_is_in_a_catalogue():
    known = {entry.msgid for po in catalogues() for entry in polib.pofile(str(po)) if not entry.obsolete}
    used = set()
    pattern = re.compile(r"""(?:\b_|\bgettext|\bgettext_lazy)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)[,)]""")
    for file in SOURCE.rglob("*.py"):
        if "migrations" in file.parts:
            continue
        for match in pattern.finditer(file.read_text(encoding="utf-8")):
            parts = re.findall(r'"((?:[^"\\]|\\.)*)"', match[1])
            text = "".join(part.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\") for part in parts)
            if text and "\\u" not in text:
                used.add(text)
    for file in SOURCE.rglob("templates/**/*.html"):
        found = re.finditer(
            r"""\{% ?(?:trans|translate) "([^"]+)" ?(?:as \w+ ?)?%\}""", file.read_text(encoding="utf-8")
        )
        used |= {match[1] for match in found}
    assert len(used) > 300, "hardly anything was found: is the pattern broken?"
    # Django doubles percent signs when it takes a sentence out of a template.
    assert sorted(text for text in used if text not in known and text.replace("%", "%%") not in known) == []


def test_the_same_english_sentence_is_the_same_vietnamese_sentence_in_every_room():
    """Django merges the rooms' catalogues: two translations of one sentence would hide one another."""
    told: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for po in catalogues():
        for entry in polib.pofile(str(po)):
            if not entry.obsolete and entry.msgstr:
                told[entry.msgctxt, entry.msgid].add(entry.msgstr)
    assert {key[1]: sorted(texts) for key, texts in told.items() if len(texts) > 1} == {}


def test_placeholders_survive_translation():
    broken = []
    for po in catalogues():
        for entry in polib.pofile(str(po)):
            wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.msgid_plural))
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                if text and not set(re.findall(r"%\(\w+\)[sd]", text)) <= wanted:
                    broken.append(entry.msgid)
    assert broken == []


def test_every_setting_of_the_environment_is_documented():
    used = set()
    for file in SOURCE.rglob("*.py"):
        used |= set(re.findall(r'"(HOCVUSO_[A-Z_]+)"', file.read_text(encoding="utf-8")))
    documented = set(
        re.findall(r"`(HOCVUSO_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8"))
    )
    assert used - documented == set()


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_page_and_a_docstring(room):
    assert (SOURCE / room / "README.md").exists()
    assert (SOURCE / room / "__init__.py").read_text(encoding="utf-8").startswith('"""')


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if model.__module__.startswith("hocvuso.")],
    ids=lambda model: model.__name__,
)
def test_every_model_says_what_a_row_stands_for(model):
    """Django writes `Name(field, …)` where nobody wrote a docstring; generated link tables are exempt."""
    if model._meta.auto_created:
        return
    assert not (model.__doc__ or "").startswith(f"{model.__name__}(")


def test_every_template_is_used():
    texts = [file.read_text(encoding="utf-8") for ending in ("*.py", "*.html", "*.md") for file in SOURCE.rglob(ending)]
    everything = "\n".join(texts)
    unused = []
    for file in SOURCE.rglob("templates/**/*.html"):
        name = file.relative_to(next(parent for parent in file.parents if parent.name == "templates")).as_posix()
        others = name.startswith(
            ("account/", "mfa/", "socialaccount/", "allauth/", "wagtail", "usersessions/", "admin/")
        )
        if not others and "/" in name and name not in everything:
            unused.append(name)
    assert unused == []


@pytest.mark.clause("R-05")
def test_no_page_holds_inline_script_or_style():
    broken = []
    for file in SOURCE.rglob("templates/**/*.html"):
        text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"))
        inline = re.search(r'<script(?![^>]*\bsrc=)(?![^>]*type="(?:application/(?:ld\+)?json|importmap)")', text)
        if inline or re.search(r"<style|\sstyle=|\son\w+=\"", text):
            broken.append(str(file.relative_to(SOURCE)))
    assert broken == []


def test_clauses_are_those_of_the_requirements():
    done = subprocess.run([sys.executable, "tools/clauses.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_names_a_package_registry():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    hosts = re.compile("|".join(["pypi\\." + "org", "python" + "hosted", "registry\\." + "npmjs", "deb\\." + "debian"]))
    found = []
    for name in listed:
        path = ROOT / name
        if not name or "vendor" in path.parts or not path.is_file():
            continue
        if hosts.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert found == []
