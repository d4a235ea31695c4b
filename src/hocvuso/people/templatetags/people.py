"""Words for the codes of the audit trail."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext, gettext_noop

register = template.Library()

WORDS = {
    "people.person.registered": gettext_noop("Registered a person"),
    "people.person.changed": gettext_noop("Changed a person's data"),
    "people.person.moved": gettext_noop("Changed where a person lives"),
    "people.person.erased": gettext_noop("Erased a person"),
    "people.identity.moved": gettext_noop("Moved a phone or e-mail to its present owner"),
    "people.mandate.granted": gettext_noop("Gave a role"),
    "people.mandate.ended": gettext_noop("Ended a role"),
    "people.right.asked": gettext_noop("Asked about their data"),
    "people.right.answered": gettext_noop("Answered a request about data"),
    "units.territory.loaded": gettext_noop("Loaded provinces and communes"),
    "units.unit.merged": gettext_noop("Merged units"),
    "units.unit.changed": gettext_noop("Changed a unit"),
    "units.import.undone": gettext_noop("Took an import of units back"),
    "evidence.revoked": gettext_noop("Revoked a piece of evidence"),
    "credentials.certificate.issued": gettext_noop("Issued a certificate"),
    "credentials.certificate.revoked": gettext_noop("Revoked a certificate"),
    "credentials.confirmation.proposed": gettext_noop("Proposed a confirmation"),
    "credentials.confirmation.confirmed": gettext_noop("Confirmed a result"),
    "credentials.confirmation.returned": gettext_noop("Returned a proposal"),
    "credentials.confirmation.sent": gettext_noop("Sent results to VNeID"),
    "indicators.target.set": gettext_noop("Set a target"),
    "programme.report.submitted": gettext_noop("Submitted a report"),
    "programme.report.approved": gettext_noop("Approved a report"),
    "programme.report.returned": gettext_noop("Returned a report"),
    "units.import.applied": gettext_noop("Imported units"),
    "units.shapes.loaded": gettext_noop("Loaded outlines for the map"),
    "credentials.certificate.suspended": gettext_noop("Suspended a certificate"),
    "credentials.confirmation.propose": gettext_noop("Proposed a confirmation"),
    "credentials.confirmation.confirm": gettext_noop("Confirmed a result"),
    "credentials.confirmation.refuse": gettext_noop("Refused a confirmation"),
    "credentials.export.asked": gettext_noop("Asked for a list of names"),
    "credentials.export.approved": gettext_noop("Approved a list of names"),
    "credentials.export.refused": gettext_noop("Refused a list of names"),
    "credentials.export.fetched": gettext_noop("Fetched a list of names"),
    "indicators.evidence.opened": gettext_noop("Opened a person's evidence"),
    "indicators.person_in_charge.named": gettext_noop("Named who is in charge"),
    "indicators.denominator.given": gettext_noop("Gave a denominator"),
    "indicators.denominators.given": gettext_noop("Gave a denominator"),
    "indicators.denominators.loaded": gettext_noop("Loaded denominators from a file"),
    "indicators.denominators.taken_back": gettext_noop("Took denominators from a file back"),
    "programme.report.saved": gettext_noop("Wrote a report"),
    "programme.report.handed_in": gettext_noop("Handed a report in"),
    "programme.report.taken_back": gettext_noop("Took a report back"),
    "programme.report.locked": gettext_noop("Locked a report"),
    "programme.report.unlocked": gettext_noop("Unlocked a report"),
    "programme.letterhead.saved": gettext_noop("Changed the head of reports"),
    "learning.class.made": gettext_noop("Opened a class"),
    "learning.class.deleted": gettext_noop("Deleted a class"),
    "curriculum.meeting.recorded": gettext_noop("Recorded a meeting"),
    "assessment.sitting.opened": gettext_noop("Opened a test session"),
    "assessment.sitting.closed": gettext_noop("Closed a test session"),
    "assessment.sitting.handed_out": gettext_noop("Handed questions out"),
    "assessment.sitting.taken_over": gettext_noop("Took a test session over"),
    "assessment.sitting.present": gettext_noop("Ticked somebody as present"),
    "assessment.sitting.absent": gettext_noop("Ticked somebody as absent"),
    "assessment.sitting.incident": gettext_noop("Noted an incident"),
    "assessment.policy.made": gettext_noop("Set a new version of a test"),
    "assessment.case.opened": gettext_noop("Opened a re-check"),
    "assessment.case.decided": gettext_noop("Decided a re-check"),
    "assessment.draw.fixed": gettext_noop("Fixed a list to draw from"),
    "assessment.draw.drawn": gettext_noop("Drew people for a re-test"),
    "assessment.rescoring.decided": gettext_noop("Decided about a result computed again"),
    "assessment.bank.calibrated": gettext_noop("Calibrated the questions"),
}
AREAS = {
    "people": gettext_noop("People and mandates"),
    "units": gettext_noop("Units"),
    "credentials": gettext_noop("Certificates and confirmations"),
    "indicators": gettext_noop("Targets and figures"),
    "programme": gettext_noop("Reports"),
    "curriculum": gettext_noop("Lessons"),
    "evidence": gettext_noop("Evidence"),
    "assessment": gettext_noop("Tests and test sessions"),
    "learning": gettext_noop("Classes and learning"),
}


@register.filter
def action_words(code: str) -> str:
    """A sentence for an action code; the area it belongs to when the code is not known here."""
    return gettext(WORDS.get(code) or AREAS.get(code.partition(".")[0]) or code)
