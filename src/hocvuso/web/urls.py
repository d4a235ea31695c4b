"""Pages of the shell."""

from __future__ import annotations

from django.urls import path

from hocvuso.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("vao/", views.after_sign_in, name="after-sign-in"),
    path("ve-chung-toi/", views.about, name="about"),
    path("quyen-rieng-tu/", views.privacy, name="privacy"),
    path("tro-giup/", views.help_page, name="help"),
    path("ngoai-mang/", views.offline, name="offline"),
    path("thanh-phan/", views.gallery, name="gallery"),
    path("thanh-phan/dieu-hanh/", views.officer_gallery, name="officer-gallery"),
]
