"""Pictures in lessons: what may be brought, how it gets into a release, out as files and in again."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from hocvuso.curriculum.archive import packed_content, take_in
from hocvuso.curriculum.loader import load
from hocvuso.curriculum.markdown import MarkdownProblem, picture_line, sections
from hocvuso.curriculum.models import LessonPage, Picture, PictureFile, Release
from hocvuso.curriculum.picture_files import (
    ActiveDrawing,
    BadPicture,
    PictureTooHeavy,
    StyledDrawing,
    UnmeasuredDrawing,
    prepare,
)
from hocvuso.curriculum.public import current_release, lesson_content, lesson_weight
from hocvuso.curriculum.starter import read_folder
from hocvuso.people.choices import Role
from tests.curriculum.test_studio import author, nation  # noqa: F401
from tests.curriculum.test_translating import in_english

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><title>Ba dấu hiệu</title><rect width="320" height="200" fill="#fff"/>
<text x="20" y="100" font-size="24">Gấp, lạ, xin</text></svg>"""
WORDS = """title: Ba dấu hiệu
alt: Ba chữ trên bảng, gấp, lạ, xin.
author: Cô Mẫu
licence: CC BY-SA
source: https://example.org/hinh
checked_on: 2026-11-20
"""
PAGE = "courses/khoa/giu-ma/hieu.md"


def photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), **kept: object) -> bytes:
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.save(out, kind, **kept)
    return out.getvalue()


def svg(inside: str = "", head: str = 'viewBox="0 0 40 20"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {head}>{inside}</svg>'.encode()


@pytest.fixture
def drawn(folder: Path, rewrite) -> Path:
    """The small curriculum with one drawing, shown twice in a lesson, the second time in other words."""
    (folder / "images").mkdir()
    (folder / "images/ba-dau-hieu.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "images/ba-dau-hieu.yaml").write_text(WORDS, encoding="utf-8")
    rewrite(
        PAGE,
        "1. Tự đọc.",
        "![](hinh:ba-dau-hieu)\n\n![Bảng có ba chữ \\[to\\].](hinh:ba-dau-hieu)\n\n1. Tự đọc.",
    )
    return folder


@pytest.fixture
def shown(drawn, reload) -> str:
    """The digest of the lesson's release."""
    reload()
    return str(current_release("lesson", "giu-ma").digest)


def pictures_in(digest: str) -> list[dict]:
    return [section["picture"] for section in lesson_content(digest)["understand"] if section["kind"] == "hinh"]


# --- what may be brought ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (svg("<script>alert(1)</script>"), ActiveDrawing),
        (svg('<g xmlns:a="urn:a"><a:x><script xmlns="http://www.w3.org/2000/svg"/></a:x></g>'), ActiveDrawing),
        (svg("<foreignObject><p>a</p></foreignObject>"), ActiveDrawing),
        (svg('<rect onclick="alert(1)" width="1" height="1"/>'), ActiveDrawing),
        (svg('<a href="https://example.org"><rect width="1" height="1"/></a>'), ActiveDrawing),
        (svg('<image href="https://example.org/a.png"/>'), ActiveDrawing),
        (svg('<use xlink:href="https://example.org/a.svg#b"/>'), ActiveDrawing),
        (svg('<rect fill="url(https://example.org/a#b)"/>'), ActiveDrawing),
        (svg('<rect style="fill:url(//example.org/a)"/>'), ActiveDrawing),
        (svg('<rect style="behavior:url(x)"/>'), ActiveDrawing),
        (svg('<animate attributeName="href" to="javascript:alert(1)"/>'), ActiveDrawing),
        (svg('<g id="a"><use href="#b"/></g><g id="b"/><use href="#a"/>'), ActiveDrawing),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<text>&a;</text>"), ActiveDrawing),
        (svg("<style>@import url(https://example.org)</style>"), StyledDrawing),
        (svg(head=""), UnmeasuredDrawing),
        (svg('<path d="' + "M1 1 " * 30_000 + '"/>'), PictureTooHeavy),
        (svg("<rect/>" * 5_000), PictureTooHeavy),
        (b"<html><script>alert(1)</script></html>", BadPicture),
        (b"<svg", BadPicture),
        (b"GIF89a", BadPicture),
        (photo()[:400], BadPicture),
        (b"", BadPicture),
    ],
)
def test_what_acts_or_comes_from_elsewhere_is_refused(content, refused):
    with pytest.raises(refused):
        prepare(content)


def test_a_drawing_keeps_its_looks_and_loses_what_programs_add():
    made = prepare(
        svg(
            '<!-- a --><metadata><x/></metadata><defs><linearGradient id="g"><stop offset="0" style="stop-color:#fff"/></linearGradient></defs>'
            '<g id="ok" class="b" data-x="1" style="fill:url(#g);stroke : #000;-inkscape-x:1"><rect width="4" height="2"/></g>'
            '<use xlink:href="#ok" x="3"/><text x="1">Ba <tspan>chữ</tspan> to</text>'
        )
    )
    text = made.body.decode()
    assert (made.width, made.height) == (688, 344)
    assert 'fill="url(#g)"' in text
    assert 'stroke="#000"' in text
    assert 'stop-color="#fff"' in text
    assert 'xlink:href="#ok"' in text
    assert '<text x="1">Ba <tspan>chữ</tspan> to</text>' in text
    assert not any(word in text for word in ("metadata", "class", "data-x", "inkscape", "<!--", "style"))


@pytest.mark.parametrize("content", [DRAWING.encode(), photo(), photo("PNG", (300, 500)), photo("WEBP", (900, 600))])
def test_a_prepared_picture_prepared_again_is_the_same_bytes(content):
    once = prepare(content)
    assert prepare(once.body) == once


def test_photos_are_upright_small_and_say_nothing_of_place_and_camera():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "May anh"
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 0.0)
    made = prepare(photo(exif=exif))
    with Image.open(io.BytesIO(made.body)) as image:
        assert image.format == "WEBP"
        assert image.height == 900
        assert image.width < image.height
        assert not image.getexif()
    assert len(made.body) <= 100_000
    assert made.height == 600


# --- in the text ----------------------------------------------------------------------------------------------------------


def test_a_picture_stands_on_a_line_of_its_own():
    found = sections("Trên.\n![](hinh:a)\nDưới.")
    assert [(one.kind, one.picture, one.html) for one in found] == [
        ("text", "", "<p>Trên.</p>"),
        ("hinh", "a", ""),
        ("text", "", "<p>Dưới.</p>"),
    ]
    assert sections(picture_line("a", "[b] \\ c"))[0].alt == "[b] \\ c"
    for text, code in {
        "Chữ ![](hinh:a)": "picture_place",
        "::: nho\n![](hinh:a)\n:::": "picture_place",
        "![](https://example.org/a.png)": "picture_address",
    }.items():
        with pytest.raises(MarkdownProblem) as told:
            sections(text)
        assert told.value.code == code


# --- the linter -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("R-23")
@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("images/ba-dau-hieu.yaml", "alt: Ba chữ trên bảng, gấp, lạ, xin.\n", "", 1, "alt"),
        ("images/ba-dau-hieu.yaml", "author: Cô Mẫu\n", "", 1, "author"),
        ("images/ba-dau-hieu.yaml", "licence: CC BY-SA\n", "", 1, "licence"),
        ("images/ba-dau-hieu.yaml", "CC BY-SA", "lấy trên mạng", 4, "CC BY"),
        ("images/ba-dau-hieu.yaml", "CC BY-SA", "RIENG", 4, "licence_text"),
        ("images/ba-dau-hieu.svg", "<rect", "<script/><rect", 1, "kịch bản"),
        (PAGE, "![](hinh:ba-dau-hieu)", "![](hinh:khong-co)", 5, "khong-co"),
        (PAGE, "![](hinh:ba-dau-hieu)", "Xem ![](hinh:ba-dau-hieu)", 5, "ba-dau-hieu"),
    ],
)
def test_a_picture_without_words_licence_or_place_is_refused_by_file_and_line(
    drawn, rewrite, name, old, new, line, words
):
    rewrite(name, old, new)
    told = read_folder(drawn).problems
    assert [(one.file, one.line) for one in told if words in one.sentence] == [(name, line)], told


def test_a_picture_without_its_file_or_its_words_is_told(drawn):
    (drawn / "images/mot-minh.svg").write_text(DRAWING, encoding="utf-8")
    (drawn / "images/ba-dau-hieu.svg").unlink()
    assert {one.file for one in read_folder(drawn).problems} == {"images/mot-minh.svg", "images/ba-dau-hieu.yaml"}


def test_a_lesson_above_300_kb_is_refused_and_the_heaviest_picture_named(drawn, rewrite):
    heavy = svg("".join(f'<path d="{"M1 1 " * 4000}" id="n{number}"/>' for number in range(4)))
    for code in ("mot", "hai", "nang-nhat"):
        (drawn / f"images/{code}.svg").write_bytes(heavy)
        (drawn / f"images/{code}.yaml").write_text(WORDS, encoding="utf-8")
    (drawn / "images/nang-nhat.svg").write_bytes(
        heavy.replace(b"</svg>", b'<path d="' + b"M2 2 " * 3000 + b'"/></svg>')
    )
    lines = "\n\n".join(f"![](hinh:{code})" for code in ("mot", "hai", "nang-nhat"))
    rewrite(PAGE, "![](hinh:ba-dau-hieu)", lines)
    (problem,) = read_folder(drawn).problems
    assert problem.file == PAGE
    assert "nang-nhat" in problem.sentence


def test_another_language_says_what_a_picture_shows_in_its_own_words(drawn):
    english = drawn / "courses/khoa/giu-ma/en/hieu.md"
    english.write_text("![](hinh:ba-dau-hieu)\n", encoding="utf-8")
    assert [(one.file, one.line) for one in read_folder(drawn).problems] == [("courses/khoa/giu-ma/en/hieu.md", 1)]


def test_pictures_are_counted_for_machines(drawn, capsys):
    call_command("curriculum", "check", str(drawn), "--json")
    assert '"pictures": 1,' in capsys.readouterr().out


# --- the release ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("R-21")
def test_a_release_names_the_bytes_and_says_whose_they_are(shown, client: Client):
    first, second = pictures_in(shown)
    assert first["alt"] == "Ba chữ trên bảng, gấp, lạ, xin."
    assert second["alt"] == "Bảng có ba chữ [to]."
    assert first["digest"] == second["digest"]
    page = client.get("/bai/giu-ma/").content.decode()
    assert page.count(f'src="/hinh/{first["digest"]}.svg"') == 2
    assert page.count('width="688" height="430"') == 2
    assert page.count('loading="lazy"') == 2
    assert "Cô Mẫu" in page
    assert "CC BY-SA" in page
    answer = client.get(f"/hinh/{first['digest']}.svg", headers={"accept-encoding": "br"})
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(f"/hinh/{first['digest']}.webp").status_code == 404
    assert client.get(f"/hinh/{'0' * 64}.svg").status_code == 404


def test_loading_twice_changes_nothing_and_a_new_drawing_is_a_new_release(shown, drawn, reload):
    report = reload()
    assert not report.changed
    before = pictures_in(shown)
    (drawn / "images/ba-dau-hieu.svg").write_text(DRAWING.replace("#fff", "#eee"), encoding="utf-8")
    assert set(reload().updated) == {"picture ba-dau-hieu", "lesson giu-ma"}
    now_shown = current_release("lesson", "giu-ma").digest
    assert now_shown != shown
    assert pictures_in(now_shown)[0]["digest"] != before[0]["digest"]
    assert pictures_in(shown) == before
    assert PictureFile.objects.filter(pk=before[0]["digest"]).exists()


def test_a_picture_changed_in_the_studio_reaches_lessons_only_when_it_is_published(shown, reload):
    picture = Picture.objects.get()
    picture.alt = "Chưa ai duyệt."
    revision = picture.save_revision()
    assert current_release("lesson", "giu-ma").digest == shown
    revision.publish()
    fresh = current_release("lesson", "giu-ma").digest
    assert pictures_in(fresh)[0]["alt"] == "Chưa ai duyệt."
    assert pictures_in(shown)[0]["alt"] == "Ba chữ trên bảng, gấp, lạ, xin."
    assert reload().kept == []


def test_saving_a_lesson_counts_its_pictures_and_takes_them_along(shown):
    weight = lesson_weight("giu-ma", shown)
    (picture,) = {one["digest"] for one in pictures_in(shown)}
    assert f"/hinh/{picture}.svg" in weight.urls
    row = PictureFile.objects.get()
    LessonPage.objects.get(slug="giu-ma")
    bare = [one for one in weight.urls if "/hinh/" not in one]
    assert len(bare) == len(weight.urls) - 1
    assert weight.sent > len(row.body_br) > 0


def test_what_a_picture_shows_is_translated_beside_the_text(shown, author, client):  # noqa: F811
    page = LessonPage.objects.get(slug="giu-ma").get_latest_revision_as_object()
    assert author("Mot").post("/soan/dich/giu-ma/en/", in_english(page)).status_code == 302
    LessonPage.objects.get(slug="giu-ma").get_latest_revision_as_object().save_revision().publish()
    fresh = lesson_content(current_release("lesson", "giu-ma").digest)
    english = [one["picture"] for one in fresh["translations"]["en"]["understand"] if "picture" in one]
    assert [one["slug"] for one in english] == ["ba-dau-hieu", "ba-dau-hieu"]
    assert all(one["alt"].startswith("In English") for one in english)
    assert f'alt="{english[0]["alt"]}"' in client.get("/en/bai/giu-ma/").content.decode()


@pytest.mark.clause("R-23")
def test_lessons_with_pictures_go_out_and_into_an_empty_database_as_the_same_releases(drawn, reload, now):
    (drawn / "images/anh.png").write_bytes(photo("PNG"))
    (drawn / "images/anh.yaml").write_text(
        WORDS.replace("CC BY-SA", "RIENG\nlicence_text: Anh Ba cho dùng, 2026."), encoding="utf-8"
    )
    for page, words in ((PAGE, ""), ("courses/khoa/giu-ma/en/hieu.md", "A photo.")):
        text = (drawn / page).read_text(encoding="utf-8")
        (drawn / page).write_text(f"{text}\n![{words}](hinh:anh)\n", encoding="utf-8")
    reload()
    english = lesson_content(current_release("lesson", "giu-ma").digest)["translations"]["en"]["understand"]
    assert [(one["picture"]["slug"], one["picture"]["alt"]) for one in english if "picture" in one] == [
        ("anh", "A photo.")
    ]
    before, content = current_digests(), packed_content()
    empty_the_curriculum()
    outcome = take_in(actor=None, file=io.BytesIO(content), at=now, only_try=True)
    assert outcome.problems == []
    load_again(content, now)
    assert current_digests() == before
    assert packed_content() == content


def current_digests() -> set[str]:
    return set(Release.objects.filter(is_current=True).values_list("digest", flat=True))


def empty_the_curriculum() -> None:
    """As in a database where nothing was ever loaded."""
    from django.db import connection

    from hocvuso.curriculum import serving
    from hocvuso.curriculum.models import CurriculumIndexPage, Loaded, MeetingPack, Path, Practice, Question
    from hocvuso.curriculum.queries import _content

    for model in (Path, MeetingPack):
        model.objects.all().delete()
    for page in CurriculumIndexPage.objects.all():
        page.get_children().delete()
    for model in (Question, Practice, Picture, Loaded):
        model.objects.all().delete()
    with connection.cursor() as cursor:
        for model in (Release, PictureFile):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    _content.cache_clear()
    serving.pages.clear()
    assert not LessonPage.objects.exists()


def load_again(content: bytes, now) -> None:
    from hocvuso.curriculum.archive import unpacked

    with unpacked(io.BytesIO(content)) as folder:
        starter = read_folder(folder)
        assert starter.problems == []
        load(starter=starter, at=now)


# --- the studio -----------------------------------------------------------------------------------------------------------

ADD = "wagtailsnippets_curriculum_picture:add"
FIELDS = {
    "title": "Chợ sớm",
    "alt": "Một sạp rau có mã QR.",
    "author": "Cô Mẫu",
    "licence": "CC BY 4.0",
    "licence_text": "",
    "source": "Chụp cho bài này",
    "checked_on": "2026-11-20",
}


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("cho.jpg", photo(), "image/jpeg")


@pytest.mark.clause("R-23")
@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER])
def test_authors_reviewers_and_publishers_bring_pictures(loaded, author, role):  # noqa: F811
    browser = author("Mot", role)
    answer = browser.post(reverse(ADD), {**FIELDS, "upload": file()})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    picture = Picture.objects.get()
    assert (picture.slug, picture.live, picture.content_type) == ("cho-som", False, "image/webp")
    page = browser.get(reverse("wagtailsnippets_curriculum_picture:edit", args=[picture.pk])).content.decode()
    assert f"/hinh/{picture.digest}.webp" in page
    assert (
        f"/hinh/{picture.digest}.webp"
        in browser.get(reverse("wagtailsnippets_curriculum_picture:list")).content.decode()
    )


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("alt", "không nhìn thấy"),
        ("author", "Ai làm ra"),
        ("licence", "giấy phép"),
        ("source", "lấy từ đâu"),
        ("upload", "Chọn tệp hình"),
    ],
)
def test_a_picture_is_not_kept_without_what_must_be_said_of_it(loaded, author, without, words):  # noqa: F811
    sent = {**FIELDS, "upload": file()}
    if without == "upload":
        del sent["upload"]
    else:
        sent[without] = ""
    answer = author("Mot").post(reverse(ADD), sent)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_drawing_with_a_script_is_refused_in_plain_words_and_what_was_written_stays(loaded, author):  # noqa: F811
    bad = SimpleUploadedFile("a.svg", svg("<script>alert(1)</script>"), "image/svg+xml")
    answer = author("Mot").post(reverse(ADD), {**FIELDS, "upload": bad})
    assert "kịch bản" in answer.content.decode()
    assert "Một sạp rau có mã QR." in answer.content.decode()
    assert not Picture.objects.exists()
    assert not PictureFile.objects.exists()


def decide(browser: Client, picture: Picture) -> list[str]:
    """What the person may do with the picture now; then they try to approve."""
    picture = Picture.objects.get(pk=picture.pk)
    names = [name for name, _label, _modal in picture.current_workflow_task.get_actions(picture, browser.account)]
    address = reverse(
        "wagtailsnippets_curriculum_picture:workflow_action",
        args=[picture.pk, "approve", picture.current_workflow_task_state.pk],
    )
    browser.post(address, {"comment": ""})
    return names


@pytest.mark.clause("R-23")
def test_a_changed_picture_is_read_by_two_others_before_lessons_show_it(shown, author):  # noqa: F811
    writer, reviewer, publisher = author("Mot"), author("Hai", Role.REVIEWER), author("Ba", Role.PUBLISHER)
    edit = reverse("wagtailsnippets_curriculum_picture:edit", args=[Picture.objects.get().pk])
    sent = {**FIELDS, "upload": file(), "action-publish": "1"}
    writer.post(edit, sent)
    assert pictures_in(current_release("lesson", "giu-ma").digest)[0]["type"] == "svg"
    writer.post(edit, {**FIELDS, "action-submit": "1"})
    picture = Picture.objects.get()
    assert decide(writer, picture) == []
    assert "approve" in decide(reviewer, picture)
    assert decide(reviewer, picture) == []
    assert current_release("lesson", "giu-ma").digest == shown
    assert "approve" in decide(publisher, picture)
    fresh = pictures_in(current_release("lesson", "giu-ma").digest)[0]
    assert (fresh["type"], fresh["author"], fresh["slug"]) == ("webp", "Cô Mẫu", "ba-dau-hieu")


def test_a_picture_nobody_has_published_goes_out_with_its_lesson_as_the_draft_showed_it(shown, author):  # noqa: F811
    browser = author("Mot")
    browser.post(reverse(ADD), {**FIELDS, "upload": file()})
    picture = Picture.objects.get(slug="cho-som")
    edit = reverse("wagtailsnippets_curriculum_picture:edit", args=[picture.pk])
    browser.post(edit, {**FIELDS, "alt": "Lời tả đã sửa."})
    page = LessonPage.objects.get(slug="giu-ma")
    page.understand.append(("hinh", {"picture": Picture.objects.get(pk=picture.pk), "alt": ""}))
    revision = page.save_revision()
    preview = browser.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "Lời tả đã sửa." in preview
    revision.publish()
    assert pictures_in(current_release("lesson", "giu-ma").digest)[-1]["alt"] == "Lời tả đã sửa."
    assert Picture.objects.get(pk=picture.pk).live


def test_an_author_chooses_a_picture_for_a_lesson_and_sees_it_in_the_preview(shown, author):  # noqa: F811
    browser = author("Mot")
    picture = Picture.objects.get()
    found = browser.get(reverse("wagtailsnippetchoosers_curriculum_picture:choose_results"), {"q": "dấu hiệu"})
    assert f"/hinh/{picture.digest}.svg" in found.content.decode()
    page = LessonPage.objects.get(slug="giu-ma")
    page.understand.append(("hinh", {"picture": picture, "alt": "Riêng cho bản nháp."}))
    page.save_revision()
    preview = browser.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "Riêng cho bản nháp." in preview
    assert preview.count(f"/hinh/{picture.digest}.svg") == 3
    assert current_release("lesson", "giu-ma").digest == shown


@pytest.mark.clause("R-23")
def test_a_new_picture_is_brought_inside_the_lessons_form_as_a_draft_and_seen_there(shown, author):  # noqa: F811
    browser = author("Mot")
    create = reverse("wagtailsnippetchoosers_curriculum_picture:create")
    opened = browser.get(reverse("wagtailsnippetchoosers_curriculum_picture:choose")).json()["html"]
    assert 'name="upload"' in opened and 'type="file"' in opened and "Thêm hình mới" in opened
    assert re.search(r'name="checked_on" value="\d{4}-\d\d-\d\d"', opened)
    refused = browser.post(create, {**FIELDS, "author": "", "upload": file()}).json()
    assert refused["step"] == "reshow_creation_form" and "Ai làm ra" in refused["htmlFragment"]
    assert Picture.objects.count() == 1
    result = browser.post(create, {**FIELDS, "upload": file()}).json()["result"]
    picture = Picture.objects.get(slug="cho-som")
    assert not picture.live and picture.latest_revision is not None
    assert (result["id"], result["preview"]["url"]) == (str(picture.pk), f"/hinh/{picture.digest}.webp")
    page = LessonPage.objects.get(slug="giu-ma")
    page.understand.append(("hinh", {"picture": picture, "alt": ""}))
    page.save_revision()
    form = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f"/hinh/{picture.digest}.webp" in form and "curriculum/picture-chooser" in form
