"""Open Badges 3.0 credentials: what they say, and what is refused."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocvuso.credentials import openbadges
from hocvuso.credentials.openbadges import BadgeFacts, Refused

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
OLD_KEY = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
DID = "did:web:hocvuso.example"
METHOD = f"{DID}#credentials-2026-11-01"
ISSUED = datetime(2026, 11, 10, 2, 0, 15, 123456, tzinfo=UTC)
LATER = ISSUED + timedelta(days=30)
STATUS_LIST = "https://hocvuso.example/xac-minh/trang-thai/0.json"
SUSPENSIONS = "https://hocvuso.example/xac-minh/trang-thai/tam-dung/0.json"
FACTS = BadgeFacts(
    address="https://hocvuso.example/xac-minh/HVS-7K3M-9QXT.json",
    issuer_did=DID,
    issuer_name="Học Vụ Số",
    issuer_address="https://hocvuso.example",
    holder_name="Nguyễn Thị Sáu",
    achievement_address="https://hocvuso.example/chung-nhan/pho-cap-nguoi-dan/1/",
    achievement_name="Kiểm tra kỹ năng số cơ bản cho người dân",
    achievement_version="1",
    criteria="Đạt từ 80% bài kiểm tra 15 câu.",
    skills=(("ndct-1", "Tìm kiếm, khai thác thông tin"), ("ndct-4", "An toàn")),
    score_percent=93,
    pass_percent=80,
    issued_at=ISSUED,
    status_lists=(("revocation", STATUS_LIST), ("suspension", SUSPENSIONS)),
    status_index=41,
)
KEYS = {METHOD: KEY.public_key(), f"{DID}#credentials-2025-01-01": OLD_KEY.public_key()}


def signed(facts: BadgeFacts = FACTS, key: Ed25519PrivateKey = KEY, method: str = METHOD) -> dict:
    return openbadges.sign(openbadges.build(facts), key=key, method=method, created=facts.issued_at)


def status_list(*marked: int, address: str = STATUS_LIST, purpose: str = "revocation") -> dict:
    unsigned = openbadges.build_status_list(
        address=address,
        issuer_did=DID,
        purpose=purpose,
        marked=marked,
        valid_from=ISSUED,
        valid_until=LATER + timedelta(days=1),
    )
    return openbadges.sign(unsigned, key=KEY, method=METHOD, created=ISSUED)


def lists(*, revoked: tuple[int, ...] = (), suspended: tuple[int, ...] = ()):
    """Finds both lists, as a verifier would fetch them."""
    return {
        STATUS_LIST: status_list(*revoked),
        SUSPENSIONS: status_list(*suspended, address=SUSPENSIONS, purpose="suspension"),
    }.get


def reason(credential: dict, at: datetime = LATER, **others) -> str | None:
    try:
        openbadges.verify(credential, find_key=KEYS.get, at=at, **others)
    except Refused as refused:
        return refused.reason
    return None


def test_signed_credential_is_believed() -> None:
    assert reason(signed()) is None


def test_same_credential_gets_the_same_proof() -> None:
    assert signed() == signed()


def test_credential_signed_with_an_older_key_is_still_believed() -> None:
    assert reason(signed(key=OLD_KEY, method=f"{DID}#credentials-2025-01-01")) is None


def test_credential_names_the_holder_and_holds_no_other_personal_data() -> None:
    subject = openbadges.build(FACTS)["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Nguyễn Thị Sáu"
    assert set(subject) == {"type", "identifier", "achievement", "result"}


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["credentialSubject"]["identifier"][0].update(identityHash="Trần Văn Bảy"),
        lambda c: c["credentialSubject"]["result"][0].update(value="100"),
        lambda c: c["credentialSubject"]["achievement"].update(name="Chuyên gia"),
        lambda c: c.update(validFrom="2020-01-01T00:00:00Z"),
        lambda c: c["credentialStatus"][0].update(statusListIndex="42"),
        lambda c: c["credentialStatus"].pop(),
        lambda c: c["proof"].update(created="2020-01-01T00:00:00Z"),
        lambda c: c["proof"].update(proofValue="z" + openbadges.base58(b"\x01" * 64)),
        lambda c: c["proof"].update(proofValue="z0OIl"),
        lambda c: c.update(undefinedWord="said without being signed"),
        lambda c: c.update({"@context": [openbadges.CREDENTIALS_CONTEXT]}),
        lambda c: c.update({"@context": ["https://attacker.example/context.json"]}),
    ],
)
def test_any_change_is_refused(change) -> None:
    forged = copy.deepcopy(signed())
    change(forged)
    assert reason(forged) == "tampered"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: c.pop("proof"), "unreadable"),
        (lambda c: c["proof"].update(cryptosuite="eddsa-jcs-2022"), "unreadable"),
        (lambda c: c["proof"].update(proofPurpose="authentication"), "unreadable"),
        (lambda c: c["proof"].update(verificationMethod="did:web:attacker.example#key"), "unknown_key"),
        (lambda c: c["issuer"].update(id="did:web:attacker.example"), "unknown_key"),
    ],
)
def test_missing_or_foreign_proof_is_refused(change, expected) -> None:
    forged = copy.deepcopy(signed())
    change(forged)
    assert reason(forged) == expected


def test_credential_is_refused_before_its_start_and_after_its_end() -> None:
    short = signed(replace(FACTS, valid_until=ISSUED + timedelta(days=7)))
    assert reason(short, at=ISSUED + timedelta(days=6)) is None
    assert reason(short, at=ISSUED + timedelta(days=8)) == "expired"
    assert reason(short, at=ISSUED - timedelta(minutes=1)) == "early"


def test_revoked_or_suspended_credential_is_refused_and_its_neighbours_are_not() -> None:
    assert reason(signed(), find_status_list=lists(revoked=(41,))) == "revoked"
    assert reason(signed(), find_status_list=lists(suspended=(41,))) == "suspended"
    assert reason(signed(), find_status_list=lists(revoked=(40, 42), suspended=(40, 42))) is None


def test_status_list_must_be_signed_current_found_and_of_its_purpose() -> None:
    forged = status_list(41)
    forged["credentialSubject"]["encodedList"] = openbadges.encode_bits([])
    assert reason(signed(), find_status_list={STATUS_LIST: forged}.get) == "tampered"
    assert reason(signed(), at=LATER + timedelta(days=9), find_status_list=lists()) == "expired"
    assert reason(signed(), find_status_list={}.get) == "unreadable"
    swapped = {STATUS_LIST: status_list(), SUSPENSIONS: status_list()}
    assert reason(signed(), find_status_list=swapped.get) == "unreadable"


def test_bits_are_written_from_the_left() -> None:
    encoded = openbadges.encode_bits([0, 131_071])
    assert openbadges.bit_is_set(encoded, 0)
    assert openbadges.bit_is_set(encoded, 131_071)
    assert not openbadges.bit_is_set(encoded, 1)
    with pytest.raises(ValueError, match="131072"):
        openbadges.encode_bits([131_072])


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://hocvuso.example", "did:web:hocvuso.example"),
        ("http://localhost:8106", "did:web:localhost%3A8106"),
        ("https://tphcm.example/hoc-vu-so", "did:web:tphcm.example:hoc-vu-so"),
    ],
)
def test_did_follows_the_public_address(address, did) -> None:
    assert openbadges.did_of(address) == did


def test_did_document_publishes_every_key_newest_first() -> None:
    document = openbadges.did_document(
        DID, {"credentials-2025-01-01": OLD_KEY.public_key(), "credentials-2026-11-01": KEY.public_key()}
    )
    assert document["assertionMethod"] == [METHOD, f"{DID}#credentials-2025-01-01"]
    published = openbadges.key_from_multikey(document["verificationMethod"][0]["publicKeyMultibase"])
    assert published == KEY.public_key()


def test_multikey_follows_the_published_example() -> None:
    """did:key test vector of the W3C CCG: the key with this multibase form decodes and encodes to itself."""
    example = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    assert openbadges.multikey(openbadges.key_from_multikey(example)) == example


@pytest.mark.parametrize(("raw", "text"), [(b"", ""), (b"\0\0", "11"), (b"Hello World!", "2NEpo7TZRRrLZSi2U")])
def test_base58(raw, text) -> None:
    assert openbadges.base58(raw) == text
    assert openbadges.base58_bytes(text) == raw
