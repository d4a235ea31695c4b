"""Failures this room can name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.kernel.errors import HocVuSoError, NotAllowed, NotFound


class NoSuchCertificate(NotFound):
    code = "credentials.no_such_certificate"
    message = _("There is no certificate with this code. Check the letters and digits once more.")


class BadCode(HocVuSoError):
    code = "credentials.bad_code"
    message = _("This code has a slip in it. It looks like HVS-7K3M-9QXT; it never holds 0, 1, I, L or O.")


class TooManyLookups(HocVuSoError):
    code = "credentials.too_many_lookups"
    status = 429
    message = _("Too many codes that do not exist came from this address. Wait ten minutes, then try again.")


class NotPassed(HocVuSoError):
    code = "credentials.not_passed"
    status = 409
    message = _("This attempt did not pass, so there is no certificate for it.")


class ResultInDoubt(HocVuSoError):
    code = "credentials.result_in_doubt"
    status = 409
    message = _("This result is being looked at again. The proposal stays; confirm it once the re-check is cleared.")


class NotValid(HocVuSoError):
    code = "credentials.not_valid"
    status = 409
    message = _("This certificate is no longer valid, so nothing was changed.")


class NotSuspended(HocVuSoError):
    code = "credentials.not_suspended"
    status = 409
    message = _("This certificate is not suspended, so nothing was changed.")


class NameConfirmed(HocVuSoError):
    code = "credentials.name_confirmed"
    status = 409
    message = _(
        "This result is confirmed under this name by two people. Revoke the confirmation first, then correct the name."
    )


class ReasonNeeded(HocVuSoError):
    code = "credentials.reason_needed"
    message = _("Write the reason in a few words. The person will read it.")


class NameUnchanged(HocVuSoError):
    code = "credentials.name_unchanged"
    message = _("The name is written like this already. Change it, then save.")


class NameMissing(HocVuSoError):
    code = "credentials.name_missing"
    message = _("Write the name in full, as on the person's papers.")


class MoveNotPossible(HocVuSoError):
    code = "credentials.move_not_possible"
    status = 409
    message = _("This is not possible any more: somebody has dealt with it meanwhile. Look at the list again.")


class SamePerson(NotAllowed):
    code = "credentials.same_person"
    message = _("You proposed this person yourself. Confirmation needs a second person.")


class OwnResult(NotAllowed):
    code = "credentials.own_result"
    message = _("Nobody decides about their own result. Ask a colleague.")


class SameEyes(NotAllowed):
    code = "credentials.same_eyes"
    message = _("You have decided about this yourself already. The next step needs another officer.")


class NoSuchRecall(NotFound):
    code = "credentials.no_such_recall"
    message = _("This is settled already, or it is not within your unit.")


class NothingSaid(HocVuSoError):
    code = "credentials.nothing_said"
    message = _("Write in a few words why you do not agree.")


class NothingChosen(HocVuSoError):
    code = "credentials.nothing_chosen"
    message = _("Nobody is ticked. Tick at least one person, then try again.")


class TooManyChosen(HocVuSoError):
    code = "credentials.too_many_chosen"
    message = _("At most 100 people at a time. Nothing was changed.")


class NobodyToSend(HocVuSoError):
    code = "credentials.nobody_to_send"
    status = 409
    message = _("Nobody can be handed over now. The page tells what each person still lacks.")


class SamePersonReleases(NotAllowed):
    code = "credentials.same_person_releases"
    message = _("You prepared this batch yourself. A second person releases it.")


class SamePersonApproves(NotAllowed):
    code = "credentials.same_person_approves"
    message = _("You asked for this list yourself. A second person approves it.")


class ExportNotReady(HocVuSoError):
    code = "credentials.export_not_ready"
    status = 409
    message = _(
        "This list cannot be fetched: nobody approved it yet, it was refused, or its day is over. Ask for it again."
    )


class TooManyListed(HocVuSoError):
    code = "credentials.too_many_listed"
    status = 409
    message = _("The list holds more than 10,000 people. Choose a smaller unit.")


class BatchNotReady(HocVuSoError):
    code = "credentials.batch_not_ready"
    status = 409
    message = _("This batch is not in a state for that. Look at the page again.")


class BadResponseFile(HocVuSoError):
    code = "credentials.bad_response_file"
    message = _(
        "This file could not be read as an answer. It is a ZIP with tra-loi.csv (columns ma_dong, ket_qua, ly_do, so_tham_chieu) and tra-loi.csv.sig. Nothing was changed."
    )


class AnswerNotSigned(HocVuSoError):
    code = "credentials.answer_not_signed"
    message = _(
        "This answer carries no signature of VNeID, or was changed on the way. Nothing was changed here. Ask for the file again."
    )


class NoAnswerKey(HocVuSoError):
    code = "credentials.no_answer_key"
    status = 409
    message = _(
        "This installation does not know VNeID's key yet, so no answer can be believed. The operator sets HOCVUSO_VNEID_KEYS. Nothing was changed."
    )


class BadOutsideFile(HocVuSoError):
    """Says itself what is wrong with the file."""

    code = "credentials.bad_outside_file"
    message = _("This file cannot be read. Nothing was stored.")


class UnknownSource(HocVuSoError):
    code = "credentials.unknown_source"
    status = 409
    message = _("Another source has this code already. Choose another code.")


class NotQueued(HocVuSoError):
    code = "credentials.not_queued"
    status = 409
    message = _("This result does not wait any more, or the person is not within your reach. Nothing was changed.")


class ImportNotUndoable(HocVuSoError):
    code = "credentials.import_not_undoable"
    status = 409
    message = _("This import cannot be undone: it was undone already, or somebody was confirmed on one of its results.")
