"""Hand-over by itself: over real TLS to a stand-in for VNeID that has every kind of bad day, and through folders."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Min

from hocvuso.credentials import handover, services
from hocvuso.credentials.errors import AnswerNotSigned, BatchNotReady
from hocvuso.credentials.handover import delivery
from hocvuso.credentials.handover.channels import FolderExchange, MutualTls, NotNow
from hocvuso.credentials.handover.files import list_file, list_rows
from hocvuso.credentials.models import Confirmation, HandoverBatch, HandoverRow
from hocvuso.credentials.rules import LONGEST_WAIT, MOST_TRIES, wait_before
from hocvuso.evidence.public import Evidence, Standing, project_all
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.models import AuditEntry
from tests.credentials.vneid_simulator import BadDays, Simulator, multikey

OUR_END = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)


class Death(BaseException):
    """The process is killed: nothing after this line runs."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("vneid")


@pytest.fixture
def vneid(folder, settings, tmp_path):
    """A fresh VNeID on a port of its own, and this installation set up to talk to it."""
    settings.SIGNING_KEYS = tmp_path / "signing"
    with Simulator(folder) as running:
        running.register.forget()
        settings.VNEID_URL, settings.VNEID_CA = running.url, str(folder / "ca.pem")
        settings.VNEID_CERT, settings.VNEID_KEY = str(folder / "client.pem"), str(folder / "client.key")
        settings.VNEID_KEYS = [running.multikey]
        yield running


def ready(ward, count: int) -> None:
    for number in range(count):
        ward.confirmation(ward.person(f"Nguyễn Thị Mẫu {number}", number=True, consent=True), "CONFIRMED")


def released(ward) -> HandoverBatch:
    batch = handover.prepare_batch(actor=ward.officer, unit=ward.unit, at=ward.now)
    return handover.release_batch(actor=ward.confirmer, batch=batch, at=ward.now)


def live_on(at: datetime, until: int = 200) -> datetime:
    """Let background work go on, jumping from one due moment to the next, until nothing is due any more."""
    for _ in range(until):
        due = HandoverBatch.objects.aggregate(next=Min("next_try_at"))["next"]
        if due is None:
            return at
        at = max(at, due)
        handover.deliver_due(at=at)
    raise AssertionError("the hand-over does not come to an end")


def outcomes() -> dict[str, int]:
    counted: dict[str, int] = {}
    for outcome in HandoverRow.objects.values_list("outcome", flat=True):
        counted[outcome] = counted.get(outcome, 0) + 1
    return counted


@pytest.mark.clause("R-10d", "R-27")
def test_confirmed_people_arrive_and_only_the_accepted_count(ward, vneid) -> None:
    vneid.days = BadDays(reject=0.5, seed=3)
    ready(ward, 8)
    batch = released(ward)
    project_all()
    assert Standing.objects.filter(milestone="ON_VNEID").count() == 0
    live_on(ward.now)
    project_all()
    accepted = [row for row, outcome in vneid.register.people().items() if outcome == "CHAP_NHAN"]
    assert 0 < len(accepted) < 8
    assert Standing.objects.filter(milestone="ON_VNEID").count() == len(accepted)
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED", assurance=5).count() == len(accepted)
    batch.refresh_from_db()
    assert (batch.state, batch.delivery, batch.next_try_at) == ("ANSWERED", "DONE", None)
    returned = Confirmation.objects.filter(state="REJECTED")
    assert {row.reason for row in returned} == {"Số định danh không khớp họ tên"}
    services.correct_rejected(actor=ward.officer, confirmation=returned[0], at=ward.now)
    assert released(ward).people == 1


@pytest.mark.clause("R-27")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_or_doubled_whatever_the_line_does(ward, vneid, seed) -> None:
    vneid.days = BadDays(drop=0.4, busy=0.2, duplicate=0.5, delay=0.5, reject=0.2, seed=seed)
    ready(ward, 6)
    first = released(ward)
    ready(ward, 5)
    second = released(ward)
    live_on(ward.now)
    rows = {str(pk) for pk in HandoverRow.objects.values_list("id", flat=True)}
    theirs = vneid.register.people()
    assert set(theirs) == rows
    assert len(rows) == 11
    ours = {str(row.id): row.outcome for row in HandoverRow.objects.all()}
    assert ours == {row: {"CHAP_NHAN": "ACCEPTED", "TU_CHOI": "REJECTED"}[outcome] for row, outcome in theirs.items()}
    accepted = list(theirs.values()).count("CHAP_NHAN")
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED").count() == accepted
    assert AuditEntry.objects.filter(action="credentials.confirmation.accept").count() == accepted
    assert {HandoverBatch.objects.get(pk=one.pk).delivery for one in (first, second)} == {"DONE"}
    assert any("drop-after" in call for call in vneid.calls) or any("drop-before" in call for call in vneid.calls)


@pytest.mark.parametrize("where", ["after they took it", "before we asked", "after we stored the answer"])
def test_our_process_may_die_anywhere(ward, vneid, monkeypatch, where) -> None:
    ready(ward, 3)
    released(ward)
    at = ward.now
    with monkeypatch.context() as patch:
        if where == "after they took it":
            patch.setattr(delivery, "_settle", lambda *a, **k: (_ for _ in ()).throw(Death()))
        else:
            handover.deliver_due(at=at)
            at += timedelta(minutes=6)
            if where == "before we asked":
                patch.setattr(MutualTls, "answers", lambda *a: (_ for _ in ()).throw(Death()))
            else:
                patch.setattr(MutualTls, "settled", lambda *a: (_ for _ in ()).throw(Death()))
        with pytest.raises(Death):
            handover.deliver_due(at=at)
    assert handover.deliver_due(at=at) == 0  # the claim of the dead one still holds
    live_on(at)
    assert outcomes() == {"ACCEPTED": 3}
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED").count() == 3
    assert len(vneid.register.people()) == 3


def test_their_side_may_die_and_even_forget(ward, vneid) -> None:
    ready(ward, 3)
    batch = released(ward)
    handover.deliver_due(at=ward.now)
    vneid.stop()
    at = ward.now + timedelta(minutes=6)
    handover.deliver_due(at=at)
    batch.refresh_from_db()
    assert (batch.delivery, batch.tries) == ("DELIVERED", 1)
    assert batch.last_error
    vneid.register.forget()
    vneid.start()
    live_on(at)
    assert outcomes() == {"ACCEPTED": 3}
    assert len(vneid.register.people()) == 3


def test_batch_given_up_waits_for_an_officer_and_can_be_tried_again(ward, vneid) -> None:
    vneid.days = BadDays(script=["busy"] * MOST_TRIES)
    ready(ward, 2)
    batch = released(ward)
    at = live_on(ward.now)
    batch.refresh_from_db()
    assert (batch.delivery, batch.last_error, batch.state) == ("DEAD", "HTTP 503", "RELEASED")
    assert at - ward.now > timedelta(hours=4)
    assert AuditEntry.objects.get(action="credentials.handover.given_up").new == {"tries": MOST_TRIES}
    for stranger in (ward.officer, ward.other_confirmer):
        with pytest.raises(NotAllowed):
            handover.retry_delivery(actor=stranger, batch=batch, at=at)
    handover.retry_delivery(actor=ward.confirmer, batch=batch, at=at)
    live_on(at)
    assert outcomes() == {"ACCEPTED": 2}
    with pytest.raises(BatchNotReady):
        handover.retry_delivery(actor=ward.confirmer, batch=batch, at=at)


def test_rows_that_could_not_be_taken_are_shown_and_tried_again(ward, vneid) -> None:
    vneid.days = BadDays(fault=1.0)
    ready(ward, 2)
    batch = released(ward)
    at = live_on(ward.now)
    batch.refresh_from_db()
    assert (outcomes(), batch.state) == ({"FAILED": 2}, "RELEASED")
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED").count() == 0
    handover.retry_delivery(actor=ward.confirmer, batch=batch, at=at)
    live_on(at)
    assert outcomes() == {"ACCEPTED": 2}
    batch.refresh_from_db()
    assert batch.state == "ANSWERED"


def test_stranger_is_not_let_in_and_a_false_server_gets_nothing(ward, vneid, folder, settings) -> None:
    ready(ward, 1)
    batch = released(ward)
    stranger = MutualTls(vneid.url, str(folder / "stranger.pem"), str(folder / "stranger.key"), str(folder / "ca.pem"))
    other_authority = MutualTls(
        vneid.url, str(folder / "client.pem"), str(folder / "client.key"), str(folder / "stranger.pem")
    )
    for channel in (stranger, other_authority):
        with pytest.raises(NotNow):
            channel.deliver(batch)
    assert vneid.calls == []


def test_answer_that_vneid_did_not_sign_changes_nothing(ward, vneid, settings) -> None:
    settings.VNEID_KEYS = [multikey(OUR_END)]
    ready(ward, 1)
    batch = released(ward)
    live_on(ward.now)
    batch.refresh_from_db()
    assert (batch.delivery, outcomes()) == ("DEAD", {"WAITING": 1})
    assert str(AnswerNotSigned()) in batch.last_error


def test_waits_double_up_to_two_hours_and_differ_by_chance() -> None:
    assert wait_before(1, 1.0) == timedelta(seconds=30)
    assert wait_before(1, 0.0) == timedelta(seconds=15)
    assert wait_before(4, 1.0) == timedelta(minutes=4)
    assert wait_before(30, 1.0) == LONGEST_WAIT
    assert wait_before(30, 0.0) == LONGEST_WAIT / 2


# --- folders


def signed_answer(*rows: tuple[str, str, str, str], key: Ed25519PrivateKey = OUR_END) -> bytes:
    listed = "\r\n".join(["ma_dong,ket_qua,ly_do,so_tham_chieu", *(",".join(map(str, row)) for row in rows)]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("tra-loi.csv", listed)
        package.writestr("tra-loi.csv.sig", base64.b64encode(key.sign(listed)))
    return out.getvalue()


@pytest.fixture
def folders(settings, tmp_path) -> FolderExchange:
    settings.SIGNING_KEYS = tmp_path / "signing"
    settings.VNEID_OUT, settings.VNEID_IN = str(tmp_path / "ra"), str(tmp_path / "vao")
    settings.VNEID_KEYS = [multikey(OUR_END)]
    (tmp_path / "vao").mkdir()
    return FolderExchange(tmp_path / "ra", tmp_path / "vao")


def test_signed_files_go_out_and_come_back_through_folders(ward, folders) -> None:
    ready(ward, 2)
    batch = released(ward)
    handover.deliver_due(at=ward.now)
    (out,) = folders.outgoing.iterdir()
    assert out.name == f"vneid-{batch.id}.zip"
    assert out.read_bytes() == handover.batch_file(actor=ward.confirmer, batch=batch, at=ward.now)
    first, second = HandoverRow.objects.order_by("id")
    at = ward.now + timedelta(minutes=6)
    (folders.incoming / f"tra-loi-{batch.id}-1.zip").write_bytes(signed_answer((first.id, "CHAP_NHAN", "", "VN-1")))
    handover.deliver_due(at=at)
    assert outcomes() == {"ACCEPTED": 1, "WAITING": 1}
    assert [path.name for path in (folders.incoming / "da-doc").iterdir()] == [f"tra-loi-{batch.id}-1.zip"]
    both = signed_answer((first.id, "CHAP_NHAN", "", "VN-1"), (second.id, "TU_CHOI", "Sai số", ""))
    (folders.incoming / f"tra-loi-{batch.id}-2.zip").write_bytes(both)
    live_on(at)
    assert outcomes() == {"ACCEPTED": 1, "REJECTED": 1}
    assert Evidence.objects.filter(kind="VNEID_ACCEPTED").count() == 1


def test_unsigned_file_in_the_folder_stops_the_batch_and_says_why(ward, folders) -> None:
    ready(ward, 1)
    batch = released(ward)
    handover.deliver_due(at=ward.now)
    row = HandoverRow.objects.get()
    forged = signed_answer((row.id, "CHAP_NHAN", "", "VN-1"), key=Ed25519PrivateKey.generate())
    (folders.incoming / f"tra-loi-{batch.id}.zip").write_bytes(forged)
    live_on(ward.now)
    batch.refresh_from_db()
    assert (batch.delivery, outcomes()) == ("DEAD", {"WAITING": 1})
    assert f"tra-loi-{batch.id}.zip" in batch.last_error


@pytest.mark.clause("R-10d", "R-27")
def test_revoking_what_vneid_accepted_sends_one_withdrawal_through_the_same_channel(ward, vneid) -> None:
    ready(ward, 1)
    released(ward)
    live_on(ward.now)
    row = Confirmation.objects.get()
    assert row.state == "ACCEPTED"
    services.revoke_confirmation(actor=ward.confirmer, confirmation=row, reason="Thi hộ", at=ward.now)
    batch = HandoverBatch.objects.get(withdraws=True)
    assert list_rows(batch)[0]["viec"] == "THU_HOI" and b"THU_HOI" in list_file(batch)
    row.refresh_from_db()
    assert services.withdraw_from_vneid(row, ward.confirmer, ward.now) is None
    vneid.days = BadDays(drop=0.5, duplicate=0.5, seed=4)
    live_on(ward.now)
    batch.refresh_from_db()
    assert (batch.state, batch.delivery, batch.rows.get().outcome) == ("ANSWERED", "DONE", "ACCEPTED")
    assert Confirmation.objects.get().state == "REVOKED"
