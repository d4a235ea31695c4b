"""Shapes of what people type."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    VerifyPhoneForm,
)
from allauth.account.forms import ResetPasswordForm as BaseForgottenForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AppReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.kernel import clock
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people import rules, services
from hocvuso.people.choices import Group, Purpose, Right, Role, Sex
from hocvuso.people.consents import TEXTS
from hocvuso.people.fields import BirthYearField
from hocvuso.people.models import Account


class PhoneCodeForm(RequestLoginCodeForm):
    """One field: the phone to which a code goes. An unknown number begins an account."""

    _user: Account | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]
        self.fields["phone"].required = True
        self.fields["phone"].widget.attrs["autofocus"] = True
        self.fields["phone"].error_messages["required"] = _("Enter your phone number.")

    def clean_phone(self) -> str:
        phone: str = super().clean_phone()
        if phone and self._user is None:
            self._user = services.begin_account(phone=phone, at=clock.now())
        return phone


class EmailCodeForm(RequestLoginCodeForm):
    """One field: the e-mail address to which a code goes."""

    _user: Account | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phone"]
        email = self.fields["email"]
        email.required = True
        dress_email(email)
        email.widget.attrs["autofocus"] = True

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if email:
            self._user = services.account_by_email(email) or services.begin_account(email=email, at=clock.now())
        return email


class CodeForm(ConfirmLoginCodeForm):
    """Six digits from a message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])


def dress_code(field: forms.Field) -> None:
    """Make a code field easy on a phone: digits, filled in from the message where the phone can."""
    field.label = _("The six digits")
    field.widget = forms.TextInput(
        attrs={
            "class": "input--code",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": "8",
            "autofocus": True,
        }
    )
    field.error_messages["required"] = _("Enter the six digits from the message.")


class PasswordForm(LoginForm):
    """E-mail or phone, and a password: for officers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail address or phone number")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        login.error_messages["required"] = _("Enter an e-mail address or a phone number.")
        dress_password(password, _("Password"))


# --- allauth's own forms, with our words ---------------------------------------------------------------------------


def dress_password(field: forms.Field, label: object, *, new: bool = False) -> None:
    field.label = label  # type: ignore[assignment]
    field.help_text = ""
    field.widget.attrs = {"autocomplete": "new-password" if new else "current-password"}
    field.error_messages["required"] = _("Enter a password.") if new else _("Enter your password.")


def dress_email(field: forms.Field) -> None:
    field.label = _("E-mail address")
    field.widget.attrs = {"type": "email", "autocomplete": "email", "inputmode": "email"}
    field.error_messages.update(
        {
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter the address again: it looks like ten@noi.vn."),
        }
    )


class EmailForm(AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_email(self.fields["email"])


class ForgottenForm(BaseForgottenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_email(self.fields["email"])


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_password(self.fields["oldpassword"], _("The present password"))
        dress_password(self.fields["password1"], _("The new password"), new=True)
        dress_password(self.fields["password2"], _("The new password once more"), new=True)


class FirstPasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_password(self.fields["password1"], _("The new password"), new=True)
        dress_password(self.fields["password2"], _("The new password once more"), new=True)


class ResetPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_password(self.fields["password1"], _("The new password"), new=True)
        dress_password(self.fields["password2"], _("The new password once more"), new=True)


class AgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_password(self.fields["password"], _("Password"))


class ResetCodeForm(ConfirmPasswordResetCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])


class PhoneCodeAgainForm(VerifyPhoneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])


class AppSetUpForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])
        del self.fields["code"].widget.attrs["autofocus"]  # the picture stands above and is read first


class AppCodeForm(AuthenticateForm):
    """The app's six digits, or a spare code of eight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])


class AppCodeAgainForm(AppReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"])


# --- the first steps ----------------------------------------------------------------------------------------------


class NameForm(forms.Form):
    """Who are you: a name, and a year of birth if they like."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        help_text=_("As it should stand on your certificate."),
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
    )
    birth_year = BirthYearField(required=False, help_text=_("You may leave this empty."))

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        try:
            return rules.checked_birth_year(year, on=clock.today())
        except HocVuSoError as error:
            raise ValidationError(str(error)) from error


class LearningConsentForm(forms.Form):
    """One box, never ticked beforehand."""

    agree = forms.BooleanField(required=False)
    representative_name = forms.CharField(label=_("Name of the parent or guardian"), max_length=120, required=False)

    def __init__(self, *args: Any, child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = str(TEXTS[Purpose.LEARNING].question)
        if not child:
            del self.fields["representative_name"]


class GroupsForm(forms.Form):
    """Plain questions that say which groups somebody counts in. Nothing is ticked beforehand; nothing must be answered."""

    NONE = "NONE"  # an answer for those whom none of these fits; it stands for no group and is not kept
    QUESTIONS = (
        (Group.PUBLIC, _("I work in a public office, school or hospital")),
        (Group.WORKER, _("I work in an enterprise or a cooperative")),
        (Group.PUPIL, _("I go to school")),
        (Group.STUDENT, _("I study at a college or university")),
        (NONE, _("None of the above")),
    )

    groups = forms.MultipleChoiceField(
        label=_("What fits you?"), choices=QUESTIONS, required=False, widget=forms.CheckboxSelectMultiple
    )
    sex = forms.ChoiceField(
        label=_("You are"),
        choices=[*Sex.choices, ("", _("I would rather not say"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_groups(self) -> list[str]:
        return [group for group in self.cleaned_data["groups"] if group != self.NONE]


class ProfileForm(NameForm, GroupsForm):
    """Everything a person says about themself, on one page."""

    field_order = ("full_name", "birth_year", "sex", "groups")


class PersonalNumberForm(forms.Form):
    """The 12 digits, for those who want their result on VNeID."""

    number = forms.CharField(
        label=_("Personal number (12 digits)"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the 12 digits.")},
    )


class RightForm(forms.Form):
    """A request about one's own data."""

    kind = forms.ChoiceField(label=_("What do you ask for?"), choices=Right.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Anything we should know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# --- officers -----------------------------------------------------------------------------------------------------


class NewPersonForm(forms.Form):
    """Somebody who has never been here: a name, and how they will sign in."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    contact = forms.CharField(
        label=_("Phone number or e-mail address"), max_length=190, help_text=_("With this they sign in.")
    )


class GrantForm(forms.Form):
    """A role over a unit."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title, as printed on reports"),
        max_length=120,
        required=False,
        help_text=_("For example: Trưởng phòng Văn hóa – Xã hội"),
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class AuditFilter(forms.Form):
    """What to look for in the audit trail."""

    AREAS = (
        ("", _("Everything")),
        ("people.", _("People and mandates")),
        ("units.", _("Units")),
        ("credentials.", _("Certificates and confirmations")),
        ("indicators.", _("Targets and figures")),
        ("programme.", _("Reports")),
        ("curriculum.", _("Lessons")),
        ("evidence.", _("Evidence")),
        ("assessment.", _("Tests and test sessions")),
        ("learning.", _("Classes and learning")),
    )
    area = forms.ChoiceField(label=_("Concerning"), choices=AREAS, required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
