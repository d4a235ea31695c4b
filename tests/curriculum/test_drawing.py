"""Practices drawn instead of written: the same practice comes out, drafts are kept, and authors alone may save."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.curriculum import drawing, practice
from hocvuso.curriculum.models import Practice
from hocvuso.curriculum.practice import validate
from hocvuso.people.choices import Role
from tests.factories.people import make_officer
from tests.factories.spine import make_city

STARTERS = sorted((Path(__file__).resolve().parents[2] / "curriculum").glob("courses/*/*/**/lam-*.yaml"))


def test_every_starter_practice_passes_through_the_editor_unchanged() -> None:
    assert len(STARTERS) >= 48
    for path in STARTERS:
        before = practice.read_practice(path.read_text(encoding="utf-8"))
        sent = drawing.read_sent(json.dumps(before).encode())
        after = practice.read_practice(practice.write_practice(sent))
        assert after == before, path
        assert list(after["screens"]) == list(before["screens"]), path
        assert practice.release_of(after) == practice.release_of(before), path


@pytest.mark.parametrize(
    "text", ["true", "0123", "12", "null", "~", "on", "9:41", "a: b", "- x", "# y", "", "hai\ndòng", "'“”", "{ten}"]
)
def test_texts_that_look_like_something_else_stay_texts(text: str) -> None:
    definition = {"title": text, "screens": {"a": {"moves": [{"on": "tap", "is": [text, "1"]}]}}}
    assert practice.read_practice(practice.write_practice(definition)) == definition


def test_the_editor_knows_every_block_field_and_kind() -> None:
    assert set(drawing.BLOCK_NAMES) == set(validate.BLOCKS)
    assert set(drawing.KIND_NAMES) == validate.KINDS
    for kind, (required, optional) in validate.BLOCKS.items():
        shown = {field["name"] for field in drawing.vocabulary()["blocks"][kind]["fields"]}
        assert shown == required | optional


@pytest.fixture
def author(loaded) -> Client:
    client = Client()
    client.force_login(make_officer("Tác giả", make_city().city, Role.AUTHOR, "tacgia@x.test"))
    return client


def _send(client: Client, name: str, definition: object, *arguments: int, **headers: str):
    return client.post(
        reverse(f"curriculum_studio:{name}", args=arguments),
        json.dumps(definition),
        "application/json",
        headers=headers,
    )


def test_a_draft_with_problems_is_kept_and_learners_see_nothing_of_it(author: Client) -> None:
    one = Practice.objects.get(slug="giu-ma-otp")
    assert author.get(reverse("curriculum_studio:draw", args=[one.pk])).status_code == 200
    definition = drawing.drawn(one)
    definition["screens"]["goi"]["moves"][1]["go"] = "mat"
    checked = _send(author, "draw_check", definition).json()
    assert [problem["screen"] for problem in checked["problems"]] == ["goi"]
    assert "mat" in checked["problems"][0]["text"]
    based_on = str(one.latest_revision_id or "")
    saved = _send(author, "draw_save", definition, one.pk, **{"X-Based-On": based_on}).json()
    assert saved["revision"] and saved["problems"]
    one.refresh_from_db()
    assert one.definition["screens"]["goi"]["moves"][1]["go"] == "xong"
    draft = one.get_latest_revision_as_object()
    assert draft.definition == definition
    assert one.latest_revision.user.person.full_name == "Tác giả"
    # Somebody who still holds the older text is told, and overwrites nothing.
    late = _send(author, "draw_save", definition, one.pk, **{"X-Based-On": based_on})
    assert late.status_code == 409 and "vẫn còn ở đây" in late.json()["refused"]


def test_a_number_that_no_revision_has_is_taken_as_none(author: Client) -> None:
    one = Practice.objects.get(slug="giu-ma-otp")
    for number in ("9" * 5000, "²", "-1", "9" * 18):
        answer = _send(author, "draw_save", drawing.drawn(one), one.pk, **{"X-Based-On": number})
        assert answer.status_code in {200, 409}


def test_saving_without_a_change_keeps_the_authors_own_writing(author: Client) -> None:
    one = Practice.objects.get(slug="giu-ma-otp")
    _send(author, "draw_save", drawing.drawn(one), one.pk, **{"X-Based-On": str(one.latest_revision_id or "")})
    one.refresh_from_db()
    assert one.get_latest_revision_as_object().source == one.source


def test_what_is_no_practice_is_refused_calmly_and_visitors_are_sent_away(author: Client, client: Client) -> None:
    for body in (b"", b"[1]", b'"x"', b"\xff", b"[" * 5000):
        assert author.post(reverse("curriculum_studio:draw_check"), body, "application/json").status_code == 400
    for odd in ({"screens": 7}, {"screens": {"a": 7}}, {"screens": {"a": {"blocks": [7], "moves": 7}}}):
        assert _send(author, "draw_check", odd).json()["problems"]
    assert _send(client, "draw_check", {}).status_code == 302
