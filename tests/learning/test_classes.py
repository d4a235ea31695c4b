"""Classes: codes, consent, rosters with nothing lost, progress in a constant number of queries, and nobody else sees them."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hocvuso.kernel.clock import today
from hocvuso.learning import classes
from hocvuso.learning.class_queries import class_page, classes_joined, exported
from hocvuso.learning.classes import new_code, read_code, spoken
from hocvuso.learning.errors import AgreementMissing, BadRoster, ClassNotFound, PlaceTaken
from hocvuso.learning.models import ClassMember, LessonProgress, SchoolClass
from hocvuso.learning.rosters import read_roster
from hocvuso.people.public import erase_person
from tests.factories.people import AT, make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(db):
    return make_person("Cô Hạnh")


@pytest.fixture
def school_class(teacher, starter):
    found = classes.make_class(teacher=teacher, name="8A2", place="Trường THCS Mẫu", at=AT)
    classes.assign(school_class=found, what="LESSON:tra-tien-qr", due_on=today(), at=AT)
    classes.assign(school_class=found, what="PATH:hoc-sinh", due_on=None, at=AT)
    return found


def client_of(person, email: str) -> Client:
    client = Client()
    client.force_login(make_account(person, email))
    return client


def test_a_code_is_short_can_be_said_and_is_read_as_people_type_it():
    code = new_code()
    assert len(code) == 8 and code[:6].isalpha() and code[6:].isdigit()
    assert spoken("batomi27") == "ba to mi 27"
    assert read_code("Ba To Mi 27") == ("batomi27", None)
    assert read_code(" bà-to mi") == ("ba", None)
    assert read_code("ba to mi 27 - 12") == read_code("batomi2712") == ("batomi27", 12)


@pytest.mark.clause("R-26", "R-05")
def test_a_learner_joins_with_consent_is_followed_and_leaves_without_a_trace(teacher, school_class):
    learner = make_person("Trần Văn Mẫu")
    LessonProgress.objects.create(
        person=learner, lesson="tra-tien-qr", understood_at=AT, used_at=AT, completed_at=AT, touched_at=AT
    )
    with pytest.raises(AgreementMissing):
        classes.join(person=learner, code=school_class.code, agreed=False, at=AT)
    assert not ClassMember.objects.exists()
    classes.join(person=learner, code=spoken(school_class.code), agreed=True, at=AT)
    classes.join(person=learner, code=school_class.code, agreed=True, at=AT)
    (line,) = class_page(school_class, today=today()).members
    assert (line.member.full_name, line.finished, line.last_at) == ("Trần Văn Mẫu", 1, AT)
    (mine,) = classes_joined(learner, today())
    assert [task.title for task, _marks in mine.tasks][-1] == "Kỹ năng số cho học sinh"
    assert exported(learner.pk)["classes_joined"][0]["class"] == "8A2"
    classes.leave(person=learner, class_id=school_class.pk, at=AT)
    (line,) = class_page(school_class, today=today()).members
    assert (line.member.person_id, line.marks, line.finished) == (None, (), 0)


@pytest.mark.clause("R-26")
def test_a_roster_is_tried_first_row_by_row_and_then_added_once(teacher, school_class):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for number, row in enumerate(
        [
            ["Họ và tên", "Mã"],
            ["Lê Thị Một", "A1"],
            ["", "A2"],
            ["Lê Thị Một", "A1"],
            ["12345", ""],
            ["Phạm Văn Hai", ""],
        ]
    ):
        page.write_row(number, 0, row)
    book.close()
    client = client_of(teacher, "hanh@truong.test")
    address = f"/lop/{school_class.pk}/danh-sach/"
    tried = client.post(address, {"file": SimpleUploadedFile("8a2.xlsx", out.getvalue())})
    assert (tried.context["good"], tried.context["bad"]) == (2, 3)
    assert [(row.line, bool(row.problem)) for row in tried.context["rows"]] == [
        (2, False),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]
    assert not ClassMember.objects.exists()
    for _twice in range(2):
        client.post(address, {"plan": tried.context["plan"]})
    names = list(ClassMember.objects.order_by("number").values_list("number", "full_name", "reference"))
    assert names == [(1, "Lê Thị Một", "A1"), (2, "Phạm Văn Hai", "")]
    learner = make_person("Lê Thị Một")
    classes.join(person=learner, code=f"{school_class.code}-1", agreed=True, at=AT)
    with pytest.raises(PlaceTaken):
        classes.join(person=make_person("Kẻ khác"), code=f"{school_class.code}-1", agreed=True, at=AT)
    client.post(address, {"plan": "hỏng"})
    assert ClassMember.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", b"\x00\x01\x02", b"a;b;c\n1;2;3", b"\xff\xfe\x00"],
    ids=["empty", "broken xlsx", "nul", "no name column", "half utf-16"],
)
def test_a_file_that_is_no_roster_is_refused_in_words(content):
    with pytest.raises(BadRoster):
        read_roster("ds.csv", content)


def test_a_plain_list_and_old_encodings_are_read():
    assert [row.full_name for row in read_roster("ds.csv", "Lê Một\nTrần Hai\n".encode())] == ["Lê Một", "Trần Hai"]
    assert read_roster("ds.csv", "Họ và tên;Mã\nLê Một;7\n".encode("utf-16"))[0].reference == "7"


@pytest.mark.clause("R-26", "R-05")
def test_only_the_teacher_reaches_a_class(teacher, school_class, client: Client):
    other = client_of(make_person("Người lạ"), "la@truong.test")
    own = client_of(teacher, "hanh@truong.test")
    for path in ["", "qr.svg", "danh-sach/", "sua/", "in.pdf", "ket-qua.csv"]:
        address = f"/lop/{school_class.pk}/{path}"
        answer = own.get(address)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"], path
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert other.post(f"/lop/{school_class.pk}/giao/", {"what": "LESSON:tra-tien-qr"}).status_code == 404
    assert own.get(f"/lop/{school_class.pk}/in.pdf").content.startswith(b"%PDF")
    with pytest.raises(ClassNotFound):
        classes.assign(school_class=school_class, what="LESSON:khong-co", due_on=None, at=AT)


def test_a_page_of_a_class_takes_the_same_queries_for_one_and_for_sixty(
    teacher, school_class, django_assert_max_num_queries
):
    for size in (1, 60):
        for number in range(ClassMember.objects.count(), size):
            person = make_person(f"Học sinh {number}")
            ClassMember.objects.create(school_class=school_class, number=number + 1, full_name="x", person=person)
            LessonProgress.objects.create(person=person, lesson="tra-tien-qr", understood_at=AT)
        with django_assert_max_num_queries(8):
            page = class_page(school_class, today=today())
    assert len(page.members) == 50 and page.next_after == 50
    assert [line.member.number for line in class_page(school_class, today=today(), after=50).members] == list(
        range(51, 61)
    )


def test_an_erased_learner_leaves_the_lists_and_an_erased_teacher_takes_the_class_along(teacher, school_class):
    learner = make_person("Trần Văn Mẫu")
    classes.join(person=learner, code=school_class.code, agreed=True, at=AT)
    erase_person(actor=None, person=learner, at=AT)
    assert not ClassMember.objects.exists()
    erase_person(actor=None, person=teacher, at=AT)
    assert not SchoolClass.objects.exists()
