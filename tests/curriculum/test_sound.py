"""Recorded voices: tied to the text that was read, flagged when it changes, refused when phones cannot play them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hocvuso.curriculum import sound
from hocvuso.curriculum.models import LessonPage, Recording
from hocvuso.curriculum.public import lesson_content, lesson_requirements
from hocvuso.people.public import Role
from tests.factories.people import AT, make_officer
from tests.factories.spine import make_city

pytestmark = pytest.mark.django_db
LESSON = "tra-tien-qr"
WEBM = b"\x1aE\xdf\xa3" + b"\x00" * 64


@pytest.fixture
def recording(starter: None) -> Recording:
    return sound.keep_recording(lesson=LESSON, part="hieu", content=WEBM, speaker="Cô Hạnh", licence="", at=AT)


@pytest.mark.clause("R-01")
def test_a_phone_gets_the_voice_only_while_the_lesson_says_what_was_read(recording, client: Client):
    told = client.get(f"/am-thanh/bai/{LESSON}.json")
    assert "public" in told["Cache-Control"]
    assert told.json()["release"] == lesson_requirements(LESSON).digest
    assert told.json()["parts"] == {"hieu": {"sound": recording.digest, "speaker": "Cô Hạnh"}}
    played = client.get(f"/am-thanh/{recording.digest}")
    assert (played.content, played["Content-Type"]) == (WEBM, "audio/webm")
    assert "immutable" in played["Cache-Control"]

    page = LessonPage.objects.get(slug=LESSON)
    page.title = "Trả tiền bằng mã QR"
    page.save_revision().publish()
    assert client.get(f"/am-thanh/bai/{LESSON}.json").json()["parts"] == {}
    assert [line.state for line in sound.sound_lines() if (line.lesson, line.part) == (LESSON, "hieu")] == ["stale"]
    assert client.get(f"/am-thanh/{'f' * 64}").status_code == 404


def test_a_release_with_the_same_words_keeps_its_voice(recording, client: Client):
    page = LessonPage.objects.get(slug=LESSON)
    page.minutes += 1
    page.save_revision().publish()
    assert client.get(f"/am-thanh/bai/{LESSON}.json").json()["parts"]["hieu"]["sound"] == recording.digest


@pytest.mark.parametrize("content", [b"", b"RIFF....WAVE", b"<html>", b"MZ\x90"], ids=["empty", "wav", "html", "exe"])
def test_what_phones_cannot_play_is_refused(starter: None, content):
    with pytest.raises(sound.BadSound):
        sound.keep_recording(lesson=LESSON, part="hieu", content=content, speaker="x", licence="", at=AT)


def test_what_is_read_aloud_is_the_text_without_marks(starter: None):
    text = sound.text_of(lesson_content(lesson_requirements(LESSON).digest), "hieu")
    assert "<" not in text and "&" not in text and len(text.split("\n")) > 3


def test_authors_record_in_the_studio_and_nobody_else_does(starter: None, client: Client):
    author = Client()
    author.force_login(make_officer("Tác giả", make_city().city, Role.AUTHOR, "tacgia@x.test"))
    assert author.get("/soan/am-thanh/").status_code == 200
    address = f"/soan/am-thanh/{LESSON}/dung/"
    page = author.get(address)
    assert page.status_code == 200 and "microphone=(self)" in page["Permissions-Policy"]
    author.post(address, {"speaker": "Chú Ba", "sound": SimpleUploadedFile("a.webm", WEBM)})
    assert Recording.objects.get().speaker == "Chú Ba"
    author.post(address, {"speaker": "Chú Ba", "sound": SimpleUploadedFile("a.wav", b"RIFF....WAVE")})
    assert bytes(Recording.objects.get().body) == WEBM
    assert client.post(address, {"speaker": "x", "sound": SimpleUploadedFile("a.webm", WEBM)}).status_code in {302, 404}
    assert "microphone=()" in client.get("/")["Permissions-Policy"]
