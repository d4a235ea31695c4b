"""The holder's certificates."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hocvuso.credentials import services
from hocvuso.credentials.certificates import certificate_pdf, certificate_qr, verify_address
from hocvuso.credentials.errors import NoSuchCertificate
from hocvuso.credentials.models import Confirmation
from hocvuso.credentials.queries import OwnCertificate, certificates_of, held_results, outside_results_of, serial_of
from hocvuso.credentials.transcript import transcript_pdf
from hocvuso.kernel import clock
from hocvuso.people.public import IdentityKey, Person, Purpose, has_consent, person_of, record_consent

CONSENT_TEXT = "credentials.vneid.1"


def _own(request: HttpRequest, code: str) -> OwnCertificate:
    """The signed-in person's certificate with a code; NoSuchCertificate for anybody else's."""
    for item in certificates_of(_me(request)):
        if item.certificate.code == code:
            return item
    raise NoSuchCertificate


def _me(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise NoSuchCertificate
    return person


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """My certificates, with the four states of each."""
    person = person_of(request)
    items = certificates_of(person) if person else []
    agreed = person is not None and has_consent(person, Purpose.VNEID)
    number_missing = agreed and not IdentityKey.objects.filter(person=person, kind=IdentityKey.Kind.NUMBER).exists()
    context = {"items": items, "agreed": agreed, "number_missing": number_missing, "person": person}
    context["held"] = held_results(person.pk) if person else []
    context["any_valid"] = any(item.certificate.is_valid for item in items)
    context["outside"] = outside_results_of(person.pk) if person else []
    return render(request, "credentials/own.html", context)


@require_POST
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """Say yes or no to sending my confirmed result to VNeID."""
    person = _me(request)
    given = request.POST.get("dong_y") == "co"
    record_consent(
        actor=person,
        person=person,
        purpose=Purpose.VNEID,
        given=given,
        text_version=CONSENT_TEXT,
        how="web",
        at=clock.now(),
    )
    messages.success(
        request,
        _("Noted. Your confirmed result may go to VNeID.")
        if given
        else _("Noted. Your result will not be sent to VNeID."),
    )
    return redirect("credentials:own")


@require_safe
@login_required
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate to show, print or share."""
    item = _own(request, code)
    context = {
        "item": item,
        "qr": mark_safe(certificate_qr(item.certificate, serial_of(item.certificate), clock.now()).decode()),  # noqa: S308 - drawn here from a checked code
        "address": verify_address(code),
    }
    return render(request, "credentials/certificate.html", context)


@require_safe
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as a PDF on A4 across."""
    item = _own(request, code)
    if not item.certificate.is_valid:
        raise NoSuchCertificate
    content = certificate_pdf(item.certificate, serial_of(item.certificate), clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="chung-nhan-{code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def transcript(request: HttpRequest) -> HttpResponse:
    """My skills on one sheet, by valid certificate, with results from elsewhere apart."""
    person = _me(request)
    held = [item.certificate for item in certificates_of(person) if item.certificate.is_valid]
    if not held:
        raise NoSuchCertificate
    content = transcript_pdf(held[0].full_name, held, outside_results_of(person.pk), clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="bang-ky-nang.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def withdraw_own(request: HttpRequest, code: str) -> HttpResponse:
    """I do not want to be confirmed."""
    item = _own(request, code)
    if not isinstance(item.confirmation, Confirmation):
        raise NoSuchCertificate
    services.withdraw(actor=_me(request), confirmation=item.confirmation, reason=_("At my own wish"), at=clock.now())
    messages.success(request, _("Noted. Nobody will be asked to confirm this result. The certificate stays yours."))
    return redirect("credentials:own")
