"""Lessons as a ZIP: out and in without loss, tried before loaded, never trusted."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from hocvuso.curriculum import archive
from hocvuso.curriculum.archive import ArchiveTooLarge, BadArchive, packed_content, take_in
from hocvuso.curriculum.loader import load
from hocvuso.curriculum.models import LessonPage, Release
from hocvuso.curriculum.starter import read_folder
from hocvuso.kernel.models import AuditEntry
from hocvuso.people.choices import Role
from hocvuso.people.public import Person, register_person
from tests.curriculum.test_studio import author, nation  # noqa: F401


def zipped(files: dict[str, str]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return io.BytesIO(out.getvalue())


def changed(content: bytes, name: str, old: str, new: str) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        files = {one: made.read(one).decode() for one in made.namelist()}
    assert old in files[name]
    return zipped({**files, name: files[name].replace(old, new)})


def releases() -> set[str]:
    return set(Release.objects.filter(is_current=True).values_list("digest", flat=True))


@pytest.fixture
def somebody(db, now) -> Person:
    return register_person(actor=None, full_name="Cô Soạn", at=now)


LESSON = "curriculum/courses/khoa/giu-ma/lesson.yaml"


@pytest.mark.clause("R-23")
def test_what_goes_out_comes_in_as_the_same_releases_and_the_same_bytes(loaded, now, somebody):
    page = LessonPage.objects.get(slug="giu-ma")
    page.summary = 'Sửa trong phòng soạn: "mã" của mình, # không của ai.'
    page.save_revision().publish()
    before, content = releases(), packed_content()
    assert packed_content() == content
    outcome = take_in(actor=somebody, file=io.BytesIO(content), at=now, force=True, only_try=False)
    assert outcome.problems == []
    assert releases() == before
    assert packed_content() == content


def test_a_zip_loaded_into_an_empty_database_gives_the_same_releases_and_the_same_zip(folder, db, now, somebody):
    with transaction.atomic():
        load(starter=read_folder(folder), at=now)
        page = LessonPage.objects.get(slug="giu-ma")
        page.translations["en"]["teach"] = {"notes": "## At home\n\nSit beside.", "loudspeaker": "Listen, neighbours."}
        page.save_revision().publish()
        before, content = releases(), packed_content()
        transaction.set_rollback(True)
    assert not LessonPage.objects.exists()
    assert not Release.objects.exists()
    outcome = take_in(actor=somebody, file=io.BytesIO(content), at=now, only_try=False)
    assert outcome.problems == []
    assert releases() == before
    assert packed_content() == content


def test_trying_changes_nothing_and_says_what_would(loaded, now):
    new = changed(packed_content(), LESSON, "Giữ mã OTP", "Giữ kỹ mã OTP")
    before = releases()
    outcome = take_in(actor=None, file=new, at=now)
    assert "lesson giu-ma" in outcome.report.updated
    assert not outcome.loaded
    assert releases() == before
    assert LessonPage.objects.get(slug="giu-ma").title == "Giữ mã OTP"


def test_what_was_edited_in_the_studio_is_left_alone_and_what_the_zip_lacks_stays(loaded, now, somebody):
    content = packed_content()
    page = LessonPage.objects.get(slug="giu-ma")
    page.summary = "Bản sửa tay."
    page.save_revision().publish()
    outcome = take_in(actor=somebody, file=changed(content, LESSON, "Giữ mã OTP", "Khác"), at=now, only_try=False)
    assert outcome.report.kept == ["lesson giu-ma"]
    assert LessonPage.objects.get(slug="giu-ma").summary == "Bản sửa tay."
    assert AuditEntry.objects.filter(action="curriculum.archive.loaded").count() == 1


def test_mistakes_are_told_by_file_and_line_and_nothing_is_loaded(loaded, now, somebody):
    before = releases()
    new = changed(packed_content(), LESSON, "kt-4.2", "kt-9.9")
    outcome = take_in(actor=somebody, file=new, at=now, only_try=False)
    assert [one.file for one in outcome.problems] == ["courses/khoa/giu-ma/lesson.yaml"]
    assert outcome.problems[0].line > 1
    assert releases() == before


@pytest.mark.django_db
def test_a_zip_that_reaches_out_of_its_folder_or_is_none_is_refused(now, monkeypatch):
    for name in ("../ngoai.yaml", "/etc/ngoai.yaml", "a/../../b.md", "C:\\ngoai.yaml"):
        with pytest.raises(BadArchive):
            take_in(actor=None, file=zipped({name: "x"}), at=now)
    with pytest.raises(BadArchive):
        take_in(actor=None, file=io.BytesIO(b"khong phai zip"), at=now)
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    with pytest.raises(ArchiveTooLarge):
        take_in(actor=None, file=zipped({"courses/a.yaml": "x" * 11}), at=now)


def test_authors_take_out_and_try_only_who_publishes_loads(loaded, author, client):  # noqa: F811
    browser = author("Mot")
    answer = browser.get("/soan/tep/tai-ve/")
    assert answer.headers["Content-Type"] == "application/zip"
    new = changed(answer.content, LESSON, "Giữ mã OTP", "Giữ kỹ mã").getvalue()
    tried = browser.post("/soan/tep/", {"tep": SimpleUploadedFile("bai.zip", new), "thu": "1"})
    assert "lesson giu-ma" in tried.content.decode()
    refused = browser.post("/soan/tep/", {"tep": SimpleUploadedFile("bai.zip", new), "nap": "1"})
    assert refused.status_code == 422
    assert LessonPage.objects.get(slug="giu-ma").title == "Giữ mã OTP"
    publisher = author("Tu", Role.PUBLISHER)
    assert publisher.post("/soan/tep/", {"tep": SimpleUploadedFile("bai.zip", new), "nap": "1"}).status_code == 200
    assert LessonPage.objects.get(slug="giu-ma").title == "Giữ kỹ mã"
    assert client.get("/soan/tep/tai-ve/").status_code == 302
    assert author("Ba", role=None).get("/soan/tep/tai-ve/").status_code == 403
