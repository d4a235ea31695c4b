"""How allauth reads and writes our accounts: phones by keyed hash, codes by text message, secrets sealed."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.kernel import clock
from hocvuso.kernel.crypto import decrypt, encrypt
from hocvuso.people import services, sms
from hocvuso.people.fields import PhoneField
from hocvuso.people.models import Account, IdentityKey
from hocvuso.people.queries import key_digest

log = logging.getLogger(__name__)

CODE_MINUTES = 5
SUGGESTED_NAME = "people_suggested_name"


class AccountAdapter(DefaultAccountAdapter):
    """Phones, codes, locks, and where people land after signing in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed. Ask the ward's officer to open it again."),
        "duplicate_email": gettext_lazy("This address is yours already."),
        "email_password_mismatch": gettext_lazy("The address or the password is not right. Try again."),
        "phone_password_mismatch": gettext_lazy("The number or the password is not right. Try again."),
        "username_password_mismatch": gettext_lazy("The address or the password is not right. Try again."),
        "email_taken": gettext_lazy("Somebody else uses this address here."),
        "phone_taken": gettext_lazy("Somebody else uses this number here."),
        "enter_current_password": gettext_lazy("Enter your present password."),
        "incorrect_code": gettext_lazy(
            "This code does not match. Look at the newest message; each new code makes the old one useless."
        ),
        "incorrect_password": gettext_lazy("This password is not right. Try again."),
        "invalid_login": gettext_lazy("Enter a phone number or an e-mail address."),
        "invalid_or_expired_key": gettext_lazy("This link has been used or is too old. Ask for a new one."),
        "invalid_password_reset": gettext_lazy("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries in a short time. Wait a few minutes, then ask for a new code."
        ),
        "rate_limited": gettext_lazy("Too many tries in a short time. Wait a few minutes."),
        "same_as_current": gettext_lazy("This is the same as before."),
        "select_only_one": gettext_lazy("Enter one of the two only."),
    }

    # --- phones

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> Account | None:
        """The account with this number, or that of the person registered with it."""
        digest = key_digest(IdentityKey.Kind.PHONE, phone)
        account = Account.objects.filter(phone_digest=digest).first()
        if account is None:
            account = Account.objects.filter(person__identity_keys__digest=digest).first()
        return account

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        if not user.phone_digest:
            return None
        return decrypt(user.phone_sealed, bound_to=user.phone_digest), user.phone_verified

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:
        """A number not proven yet lies in the session alone, so that nobody can take another's number by typing it."""
        if verified:
            services.prove_phone(account=user, phone=phone, at=clock.now())

    def set_phone_verified(self, user: Account, phone: str) -> None:
        services.prove_phone(account=user, phone=phone, at=clock.now())

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        sms.send_text(
            phone,
            _("Học Vụ Số: the code is %(code)s. It lasts %(minutes)d minutes. Nobody from us will ever ask you for it.")
            % {"code": code, "minutes": CODE_MINUTES},
        )

    # --- e-mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # the mail server is away: the page says "ask again", the log says why
            log.error("e-mail not sent: %s", type(error).__name__)  # its text may name the recipient
        if settings.DEMO and "code" in context:
            sms.Outbox().send(email, _("The code is %(code)s.") % {"code": context["code"]})

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        return None

    # --- passwords

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        login = str(credentials.get("email") or credentials.get("phone") or credentials.get("username") or "")
        self._refuse_if_locked(services.locked_until(login=login, at=clock.now()))
        account = super().authenticate(request, **credentials)
        if account is not None and account.demo and not settings.DEMO:
            account = None  # its password is public: on real data it opens nothing
        if account is None:
            self._refuse_if_locked(services.note_failure(login=login, at=clock.now()))
        else:
            services.forget_failures(login=login)
        return account

    def _refuse_if_locked(self, until: Any) -> None:
        if until is not None:
            raise ValidationError(
                _(
                    "The password was wrong five times, so this account is locked until %(time)s. "
                    "You can sign in with a code sent to your phone, or set a new password after that."
                )
                % {"time": date_format(localtime(until, clock.VIETNAM), "H:i")},
                code="locked",
            )

    # --- where to go

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        user.username = services.new_username()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Somebody new goes through the first steps, and then where they wanted to go."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.person_id is None and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(f"{reverse('people:welcome')}?{urlencode({'next': response.url})}")
        return response


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are stored sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not match. Wait for the next one in the app and try again."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, bound_to="people.second-step")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, bound_to="people.second-step")

    def get_totp_issuer(self) -> str:
        return "Học Vụ Số"

    def get_totp_label(self, user: Any) -> str:
        return str(user.email or user.phone_masked or user.username)


class VNeIDAdapter(DefaultSocialAccountAdapter):
    """Signing in with another house's account (VNeID by OpenID Connect): only who it is, nothing else is kept."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = sociallogin.account.extra_data or {}
        told = claims.get("userinfo") or claims.get("id_token") or claims
        if isinstance(told, dict) and told.get("name"):
            request.session[SUGGESTED_NAME] = str(told["name"])[:120]
        # Data we do not need is not kept (Law 91/2025/QH15). An address is proved here by a code, not by hearsay.
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user: Any = sociallogin.user
        user.username, user.email = services.new_username(), ""
        return user
