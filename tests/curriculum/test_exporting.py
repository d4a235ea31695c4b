"""What is exported is what was loaded: read back it is the same, loaded again it makes no new release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hocvuso.curriculum.exporting import markdown_of
from hocvuso.curriculum.loader import load
from hocvuso.curriculum.markdown import sections
from hocvuso.curriculum.models import LessonPage, Question, Release
from hocvuso.curriculum.starter import Starter, read_folder


def as_read(starter: Starter) -> dict[tuple[str, str], Any]:
    """Everything by kind and code, without what is empty or said by default."""
    return {(item.kind, item.slug): without_defaults(item.data) for item in starter.items()}


def without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: without_defaults(inside) for name, inside in value.items() if name != "source"}
        return {name: inside for name, inside in kept.items() if inside not in (None, "", [], {}, False)}
    if isinstance(value, list):
        return [without_defaults(inside) for inside in value]
    return value


@pytest.mark.clause("R-23")
def test_export_read_back_is_what_was_loaded(loaded, folder, tmp_path, now):
    out = tmp_path / "out"
    call_command("curriculum", "export", str(out))
    again = read_folder(out)
    assert [str(problem) for problem in again.problems] == []
    assert as_read(again) == as_read(read_folder(folder))
    bank = [question.as_dict() for question in Question.objects.order_by("code")]
    releases = set(Release.objects.values_list("digest", "is_current"))
    load(starter=again, at=now, force=True)
    assert set(Release.objects.values_list("digest", "is_current")) == releases
    assert [question.as_dict() for question in Question.objects.order_by("code")] == bank


@pytest.mark.clause("R-23")
def test_what_was_written_in_the_studio_survives_the_way_through_files(loaded, tmp_path):
    page = LessonPage.objects.get(slug="giu-ma")
    page.understand[0] = (
        "text",
        "<h2>1. Hai * hai_ba</h2><p># không phải tiêu đề, a &lt; b &amp; c</p><ol><li>Một <b>đậm</b><ul><li>trong</li></ul></li>"
        "<li>Hai<br/>dòng</li></ol><p>- gạch đầu dòng</p>",
    )
    page.save_revision().publish()
    call_command("curriculum", "export", str(tmp_path / "out"))
    again = {item.slug: item.data for item in read_folder(tmp_path / "out").lessons}
    written = (
        page.understand[0].value.source.replace("<b>", "<strong>").replace("</b>", "</strong>").replace("<br/>", "<br>")
    )
    assert again["giu-ma"]["understand"][0].html == written


@pytest.mark.parametrize(
    "html", ["<p>10. tháng</p>", "<p>+ cộng</p>", "<p>a [b](c) `d`</p>", "<p>*</p>", "<p>::: nho</p>"]
)
def test_signs_of_markdown_in_a_text_stay_text(html):
    assert "".join(section.html for section in sections(markdown_of(html))) == html


def test_export_never_writes_over_files(loaded, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("của tôi")
    with pytest.raises(CommandError):
        call_command("curriculum", "export", str(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]
