"""The files of a hand-over: the signed ZIP that goes out, the signed ZIP that comes back.

No technical specification of VNeID is public (domain.md §11.2): the form is ours, marked "tạm, chờ văn bản", told in
docs/reference/vneid-handover.md. Making a file again gives the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from django.conf import settings

from hocvuso.credentials.errors import AnswerNotSigned, BadResponseFile, NoAnswerKey
from hocvuso.credentials.keys import multikey_of
from hocvuso.credentials.models import Certificate, Confirmation, HandoverBatch
from hocvuso.credentials.openbadges import Refused, key_from_multikey
from hocvuso.kernel.clock import VIETNAM, local_date
from hocvuso.kernel.crypto import decrypt, signing_key
from hocvuso.people.public import IdentityKey

COLUMNS = ["ma_dong", "so_dinh_danh", "ho_ten", "nam_sinh", "ma_chung_nhan", "noi_dung", "ngay_xac_nhan"]
WITHDRAWAL_COLUMNS = ["viec", "so_tham_chieu"]  # besides, in a batch that takes accepted results back
ANSWER_COLUMNS = {"ma_dong", "ket_qua"}
MOST_ANSWER_BYTES = 4 * 1024 * 1024
ZIP_DATE = (2000, 1, 1, 0, 0, 0)
LIST_NAME, ANSWER_NAME = "danh-sach.csv", "tra-loi.csv"


@dataclass(frozen=True)
class Answer:
    """What VNeID says about one row. line: where it stands in the answer; outcome: CHAP_NHAN, TU_CHOI, LOI, or unreadable."""

    line: int
    row: str
    outcome: str
    reason: str
    reference: str


def list_rows(batch: HandoverBatch) -> list[dict[str, str]]:
    """The people of a batch, in the order of its rows. Names and numbers are read afresh, so that erasing a person works."""
    rows = list(batch.rows.select_related("person").order_by("id"))
    people = [row.person_id for row in rows]
    confirmations = {
        row.id: row
        for row in Confirmation.objects.filter(person_id__in=people, id__in=[r.confirmation_id for r in rows])
    }
    certificates = {
        row.id: row
        for row in Certificate.objects.filter(
            person_id__in=people, id__in=[row.certificate_id for row in confirmations.values()]
        )
    }
    numbers = {
        key.person_id: key for key in IdentityKey.objects.filter(person__in=people, kind=IdentityKey.Kind.NUMBER)
    }
    listed = []
    for row in rows:
        confirmation = confirmations[row.confirmation_id]
        certificate = certificates[confirmation.certificate_id]
        listed.append(
            {
                "ma_dong": str(row.id),
                "so_dinh_danh": _open(numbers.get(row.person_id)),
                "ho_ten": certificate.full_name,
                "nam_sinh": str(row.person.birth_year or ""),
                "ma_chung_nhan": certificate.code,
                "noi_dung": certificate.policy_title,
                "ngay_xac_nhan": local_date(confirmation.decided_at).isoformat() if confirmation.decided_at else "",
                **({"viec": "THU_HOI", "so_tham_chieu": confirmation.reference} if batch.withdraws else {}),
            }
        )
    return listed


def list_file(batch: HandoverBatch) -> bytes:
    """The list as CSV: UTF-8 with a byte order mark, commas, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*COLUMNS, *(WITHDRAWAL_COLUMNS if batch.withdraws else [])], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(list_rows(batch))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def batch_zip(batch: HandoverBatch) -> bytes:
    """The signed ZIP of a released batch: the list, its signature, and a manifest."""
    listed = list_file(batch)
    manifest = {
        "goi": str(batch.id),
        "so_nguoi": batch.people,
        "ngay": released_on(batch),
        "tep": LIST_NAME,
        "sha256": hashlib.sha256(listed).hexdigest(),
        "khoa": batch.key_name,
        "khoa_cong_khai": multikey_of(batch.key_name),
        "thuat_toan": "Ed25519",
        "ghi_chu": "Dạng tệp tạm, chờ văn bản kỹ thuật của VNeID.",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            (LIST_NAME, listed),
            (f"{LIST_NAME}.sig", signature(batch, listed) + b"\n"),
            ("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"),
        ):
            package.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def batch_json(batch: HandoverBatch) -> bytes:
    """The same list as the JSON body of the HTTPS hand-over."""
    document = {"goi": str(batch.id), "ngay": released_on(batch), "dong": list_rows(batch)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signature(batch: HandoverBatch, content: bytes) -> bytes:
    """Our signature over content, by the key the batch was released with. Base64."""
    return base64.b64encode(signing_key(batch.key_name).sign(content))


def released_on(batch: HandoverBatch) -> str:
    return batch.released_at.astimezone(VIETNAM).isoformat(timespec="seconds") if batch.released_at else ""


# --- what comes back ----------------------------------------------------------------------------------------------------


def check_signature(content: bytes, signed: str | bytes) -> None:
    """Raise unless one of the keys agreed on with VNeID (HOCVUSO_VNEID_KEYS) signed content: NoAnswerKey, AnswerNotSigned."""
    if not settings.VNEID_KEYS:
        raise NoAnswerKey
    try:
        raw = base64.b64decode(signed, validate=False)
    except (binascii.Error, ValueError) as error:
        raise AnswerNotSigned from error
    for text in settings.VNEID_KEYS:
        try:
            key_from_multikey(text).verify(raw, content)
        except (InvalidSignature, Refused):
            continue
        return
    raise AnswerNotSigned


def read_answer_zip(content: bytes) -> list[Answer]:
    """The rows of a signed answer file: a ZIP with `tra-loi.csv` and `tra-loi.csv.sig`.

    Raises BadResponseFile, AnswerNotSigned, NoAnswerKey.
    """
    if not content or len(content) > MOST_ANSWER_BYTES:
        raise BadResponseFile
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            listed = _part(package, ANSWER_NAME)
            try:
                signed = _part(package, f"{ANSWER_NAME}.sig")
            except KeyError as error:
                raise AnswerNotSigned from error
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadResponseFile from error
    check_signature(listed, signed)
    return read_answer_csv(listed)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(MOST_ANSWER_BYTES + 1)
    if len(content) > MOST_ANSWER_BYTES:
        raise BadResponseFile
    return content


def read_answer_csv(content: bytes) -> list[Answer]:
    """Rows (numbered as in the file, the head is 1) of an answer. Raises BadResponseFile."""
    try:
        text = content.decode("utf-8-sig")
        if "\0" in text:
            raise BadResponseFile
        first = text.splitlines()[0]
        reader = csv.DictReader(
            io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
        )
        names = {(name or "").strip().lower() for name in reader.fieldnames or []}
        if not names >= ANSWER_COLUMNS:
            raise BadResponseFile
        return [
            _answer(reader.line_num, {(name or "").strip().lower(): value for name, value in row.items() if name})
            for row in reader
        ]
    except (UnicodeDecodeError, csv.Error, IndexError) as error:
        raise BadResponseFile from error


def read_answer_json(content: bytes) -> list[Answer]:
    """Rows (numbered from 1) of the body of an HTTPS answer. Raises BadResponseFile."""
    try:
        rows = json.loads(content)["dong"]
        if not all(isinstance(row, dict) for row in rows):
            raise BadResponseFile
        return [_answer(number, row) for number, row in enumerate(rows, start=1)]
    except (ValueError, KeyError, TypeError) as error:
        raise BadResponseFile from error


def _answer(line: int, row: dict[str, Any]) -> Answer:
    def text(name: str) -> str:
        value = row.get(name)
        return value.replace("\0", "").strip() if isinstance(value, str) else ""

    outcome = text("ket_qua").upper().replace(" ", "_")
    return Answer(line, text("ma_dong"), outcome, text("ly_do"), text("so_tham_chieu"))


def _open(key: IdentityKey | None) -> str:
    try:
        return decrypt(key.sealed, bound_to=key.digest) if key else ""
    except InvalidTag:
        return ""
