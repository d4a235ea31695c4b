"""allauth's pages under Vietnamese addresses, with the names allauth reverses."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, path

from hocvuso.people.views import entrance

urlpatterns: list[URLPattern | URLResolver] = [
    path("vao/", entrance.SignInView.as_view(), name="account_login"),
    path("vao/gui-ma/", entrance.SignInView.as_view(), name="account_request_login_code"),
    path("vao/nhap-ma/", entrance.CodeView.as_view(), name="account_confirm_login_code"),
    path("dang-ky/", entrance.to_sign_in, name="account_signup"),
    path("ra/", account.logout, name="account_logout"),
    path("dang-khoa/", account.account_inactive, name="account_inactive"),
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("email/da-gui/", account.email_verification_sent, name="account_email_verification_sent"),
    path("email/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("so-dien-thoai/", account.change_phone, name="account_change_phone"),
    path("so-dien-thoai/nhap-ma/", account.verify_phone, name="account_verify_phone"),
    path("mat-khau/doi/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path("mat-khau/quen/", account.password_reset, name="account_reset_password"),
    path("mat-khau/quen/nhap-ma/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("mat-khau/quen/dat-lai/", account.complete_password_reset, name="account_complete_password_reset"),
    path("mat-khau/quen/xong/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("xac-thuc/", mfa.index, name="mfa_index"),
    path("xac-thuc/nhap-ma/", mfa.authenticate, name="mfa_authenticate"),
    path("xac-thuc/lan-nua/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("xac-thuc/bat/", entrance.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("xac-thuc/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("xac-thuc/ma-du-phong/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("xac-thuc/ma-du-phong/tao/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("xac-thuc/ma-du-phong/tai/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("lien-ket/", social.connections, name="socialaccount_connections"),
    path("lien-ket/da-thoi/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("lien-ket/loi/", social.login_error, name="socialaccount_login_error"),
    path("lien-ket/dang-ky/", social.signup, name="socialaccount_signup"),
]
