"""Pages of the room people."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from hocvuso.people.views import account, entrance, officers, steps

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/ho-so/", account.profile, name="profile"),
    path("tai-khoan/noi-o/", account.home, name="home"),
    path("tai-khoan/so-dinh-danh/", account.personal_number, name="personal-number"),
    path("tai-khoan/dong-y/", account.consents, name="consents"),
    path("tai-khoan/du-lieu/", account.my_data, name="my-data"),
    path("tai-khoan/du-lieu/tai/", account.download, name="download"),
    path("tai-khoan/ra-moi-noi/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("tai-khoan/bat-dau/", steps.welcome, name="welcome"),
    path("tai-khoan/bat-dau/dong-y/", steps.consent, name="welcome-consent"),
    path("tai-khoan/bat-dau/thoi/", steps.decline, name="welcome-decline"),
    path("tai-khoan/bat-dau/noi-o/", steps.home, name="welcome-home"),
    path("tai-khoan/bat-dau/nhom/", steps.groups, name="welcome-groups"),
    path("tai-khoan/bat-dau/cho-phep/", steps.more, name="welcome-more"),
    path("tai-khoan/buoc-hai/", steps.second_step, name="second-step"),
    path("tai-khoan/het-phien/", entrance.idle, name="idle"),
    path("tai-khoan/vao/mat-khau/", entrance.PasswordSignInView.as_view(), name="password-sign-in"),
    path("thu-nghiem/tin-nhan/", entrance.outbox, name="outbox"),
    path("thu-nghiem/vao/", entrance.demo_accounts, name="demo-accounts"),
    path("thu-nghiem/vao/ngay/", entrance.demo_sign_in, name="demo-sign-in"),
    path("dieu-hanh/nguoi/", officers.people, name="people"),
    path("dieu-hanh/nguoi/<uuid:person_id>/", officers.person, name="person"),
    path("dieu-hanh/nhan-su/", officers.mandates, name="mandates"),
    path("dieu-hanh/nhan-su/them/", officers.find, name="find"),
    path("dieu-hanh/nhan-su/them/<str:token>/", officers.grant, name="grant"),
    path("dieu-hanh/nhan-su/<uuid:mandate_id>/thoi/", officers.end, name="end-mandate"),
    path("dieu-hanh/yeu-cau/", officers.rights, name="rights"),
    path("dieu-hanh/yeu-cau/<uuid:request_id>/", officers.right, name="right"),
    path("dieu-hanh/nhat-ky/", officers.audit, name="audit"),  # R-05 R-32
]
