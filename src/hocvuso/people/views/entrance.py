"""Signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST, require_safe

from hocvuso.kernel import clock
from hocvuso.kernel.errors import NotAllowed
from hocvuso.kernel.ids import parse_id
from hocvuso.people import rules
from hocvuso.people.forms import CodeForm, EmailCodeForm, PasswordForm, PhoneCodeForm
from hocvuso.people.models import Account, Mandate, TextMessage

OUTBOX_ROWS = 20
DEMO_ACCOUNTS = 30


def safe_next(request: HttpRequest) -> str:
    """The address to go on to, if it is one of ours; empty otherwise."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else ""


def onward(request: HttpRequest, name: str, **query: str) -> str:
    """The address of a page of ours that keeps `next`."""
    address = safe_next(request)
    values = {**query, **({"next": address} if address else {})}
    return f"{reverse(name)}?{urlencode(values)}" if values else reverse(name)


class SignInView(RequestLoginCodeView):
    """The door: one field, the phone; by e-mail for those who like. Signing in and signing up are the same."""

    template_name = "account/login.html"

    @property
    def by_email(self) -> bool:
        return self.request.GET.get("cach") == "email" or "email" in self.request.POST

    def get_form_class(self) -> type[PhoneCodeForm | EmailCodeForm]:
        return EmailCodeForm if self.by_email else PhoneCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        providers = [
            {
                "name": app.name,
                "address": f"{reverse('openid_connect_login', args=[app.provider_id])}?"
                + urlencode({"next": safe_next(self.request) or reverse(settings.LOGIN_REDIRECT_URL)}),
            }
            for app in get_social_adapter().list_apps(self.request, provider="openid_connect")
        ]
        context.update(
            by_email=self.by_email,
            other_way=onward(self.request, "account_login", **({} if self.by_email else {"cach": "email"})),
            password_way=onward(self.request, "people:password-sign-in"),
            demo_way=onward(self.request, "people:demo-accounts") if settings.DEMO else "",
            providers=providers,
        )
        return context


class CodeView(ConfirmLoginCodeView):
    """Six digits."""

    def get_form_class(self) -> Any:
        form = super().get_form_class()
        return form if self._action == "resend" else CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        phone, email = context.get("phone"), context.get("email")
        context["sent_to"] = rules.masked_phone(phone) if phone else rules.masked_email(email or "@")
        context["outbox"] = reverse("people:outbox") if settings.DEMO else ""
        return context


class PasswordSignInView(LoginView):
    """For officers: e-mail or phone, and a password."""

    template_name = "account/password_sign_in.html"
    form_class = PasswordForm

    def get_form_class(self) -> type[PasswordForm]:
        return PasswordForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["code_way"] = onward(self.request, "account_login")
        return context


class SetUpAppView(ActivateTOTPView):
    """Set the authenticator app up. Typing its code to do so proves the second step for this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa")
        return answer


def other_door(request: HttpRequest) -> HttpResponse:
    """The sign-in page of the operators' admin, which takes a password alone: ours instead. Who is signed in already and still sent here may not go in."""
    if request.user.is_authenticated:
        raise NotAllowed
    return redirect(onward(request, "people:password-sign-in"))


@require_safe
def idle(request: HttpRequest) -> HttpResponse:
    """Tell an officer that the session ended, and where they will be afterwards."""
    return render(request, "people/idle.html", {"sign_in": onward(request, "people:password-sign-in")})


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The text messages of a demo installation."""
    if not settings.DEMO:
        raise Http404
    rows = TextMessage.objects.order_by("-id")[:OUTBOX_ROWS]
    return render(request, "people/outbox.html", {"rows": rows})


@require_safe
def demo_accounts(request: HttpRequest) -> HttpResponse:
    """Accounts to try the system with, on a demo installation."""
    if not settings.DEMO:
        raise Http404
    accounts = list(
        Account.objects.filter(demo=True, is_active=True)
        .exclude(person=None)
        .select_related("person", "person__home_unit")
        .order_by("date_joined", "pk")[:DEMO_ACCOUNTS]
    )
    mandates: dict[Any, list[Mandate]] = {}
    held = Mandate.objects.on(clock.today()).filter(person__in=[account.person_id for account in accounts])
    for mandate in held.select_related("unit").order_by("unit__path", "role"):
        mandates.setdefault(mandate.person_id, []).append(mandate)
    rows = [{"account": account, "mandates": mandates.get(account.person_id, [])} for account in accounts]
    return render(request, "people/demo_accounts.html", {"rows": rows, "next": safe_next(request)})


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo person, without a password, on a demo installation."""
    if not settings.DEMO:
        raise Http404
    account = get_object_or_404(Account, pk=parse_id(request.POST.get("account")), demo=True, is_active=True)
    if request.user.is_authenticated:
        request.session.flush()
    record_authentication(request, account, method="demo")
    return perform_login(request, Login(user=account, redirect_url=safe_next(request) or None))


@require_safe
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Signing up is signing in."""
    return redirect(onward(request, "account_login"))
