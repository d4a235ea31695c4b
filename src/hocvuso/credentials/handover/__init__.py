"""Hand-over of confirmed people to VNeID: batches, their files, the channels they travel by, the answers. Services."""

from __future__ import annotations

from hocvuso.credentials.handover.answers import Reconciliation, import_answer, take_answers
from hocvuso.credentials.handover.batches import (
    MOST_IN_A_BATCH,
    NO_CONSENT,
    NO_NUMBER,
    Readiness,
    batch_file,
    cancel_batch,
    prepare_batch,
    readiness,
    release_batch,
    rows_of,
)
from hocvuso.credentials.handover.delivery import deliver_due, retry_delivery
from hocvuso.credentials.handover.files import MOST_ANSWER_BYTES

__all__ = [
    "MOST_ANSWER_BYTES",
    "MOST_IN_A_BATCH",
    "NO_CONSENT",
    "NO_NUMBER",
    "Readiness",
    "Reconciliation",
    "batch_file",
    "cancel_batch",
    "deliver_due",
    "import_answer",
    "prepare_batch",
    "readiness",
    "release_batch",
    "retry_delivery",
    "rows_of",
    "take_answers",
]
