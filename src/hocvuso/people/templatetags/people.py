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
    "units.import.done": gettext_noop("Imported units"),
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
}
AREAS = {
    "people": gettext_noop("People and mandates"),
    "units": gettext_noop("Units"),
    "credentials": gettext_noop("Certificates and confirmations"),
    "indicators": gettext_noop("Targets and figures"),
    "programme": gettext_noop("Reports"),
    "curriculum": gettext_noop("Lessons"),
    "evidence": gettext_noop("Evidence"),
}


@register.filter
def action_words(code: str) -> str:
    """A sentence for an action code; the area it belongs to when the code is not known here."""
    return gettext(WORDS.get(code) or AREAS.get(code.partition(".")[0]) or code)
