"""What people can do here, a module a subject."""

from hocvuso.people.services.accounts import (
    STALE_ACCOUNT_HOURS,
    STALE_ACCOUNTS_AT_ONCE,
    account_by_email,
    begin_account,
    create_account_with_password,
    end_sessions,
    known_owner,
    new_username,
    open_account,
    prove_phone,
    proven_keys,
)
from hocvuso.people.services.consents import record_consent
from hocvuso.people.services.erasure import Eraser, erase_person, on_erase
from hocvuso.people.services.locking import (
    FAILURES_BEFORE_LOCK,
    LOCK_MINUTES,
    forget_failures,
    lock_key,
    locked_until,
    note_failure,
)
from hocvuso.people.services.mandates import end_mandate, grant_mandate
from hocvuso.people.services.registration import (
    change_profile,
    claim_identity,
    home_at,
    is_same_name,
    register_person,
    set_groups,
    set_home,
    set_identity,
)
from hocvuso.people.services.rights import Exporter, answer_right, ask_right, exported_parts, on_export

__all__ = [
    "FAILURES_BEFORE_LOCK",
    "LOCK_MINUTES",
    "STALE_ACCOUNTS_AT_ONCE",
    "STALE_ACCOUNT_HOURS",
    "Eraser",
    "Exporter",
    "account_by_email",
    "answer_right",
    "ask_right",
    "begin_account",
    "change_profile",
    "claim_identity",
    "create_account_with_password",
    "end_mandate",
    "end_sessions",
    "erase_person",
    "exported_parts",
    "forget_failures",
    "grant_mandate",
    "home_at",
    "is_same_name",
    "known_owner",
    "lock_key",
    "locked_until",
    "new_username",
    "note_failure",
    "on_erase",
    "on_export",
    "open_account",
    "prove_phone",
    "proven_keys",
    "record_consent",
    "register_person",
    "set_groups",
    "set_home",
    "set_identity",
]
