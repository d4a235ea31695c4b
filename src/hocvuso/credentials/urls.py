"""Pages of the room credentials: for anybody, for the holder, for officers."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.credentials.views import exports, handovers, learner, officer, outside, recalls, rescored, verify

app_name = "credentials"
urlpatterns: list[URLPattern] = [
    path("xac-minh/", verify.ask, name="verify"),
    path("xac-minh/khong-mang/", verify.without_network, name="verify-offline"),
    path("xac-minh/<str:code>/", verify.show, name="verified"),
    path("chung-nhan/", learner.own, name="own"),  # R-20 R-27
    path("chung-nhan/dong-y-vneid/", learner.consent, name="consent"),
    path("chung-nhan/bang-ky-nang.pdf", learner.transcript, name="transcript"),
    path("chung-nhan/<str:code>/", learner.certificate, name="certificate"),
    path("chung-nhan/<str:code>/chung-nhan.pdf", learner.pdf, name="pdf"),
    path("chung-nhan/<str:code>/rut/", learner.withdraw_own, name="withdraw"),
    path("dieu-hanh/xac-nhan/", officer.confirmations, name="confirmations"),  # R-10d R-27
    path("dieu-hanh/xac-nhan/danh-sach/", exports.exports, name="exports"),
    path("dieu-hanh/xac-nhan/danh-sach/<uuid:request_id>.csv", exports.file, name="export"),
    path("dieu-hanh/xac-nhan/<uuid:person_id>/<uuid:confirmation_id>/", officer.confirmation, name="confirmation"),
    path("dieu-hanh/ket-qua-tinh-lai/", rescored.rescored, name="rescored"),
    path("dieu-hanh/sau-kiem-tra-lai/", recalls.recalls, name="recalls"),  # R-27 R-32
    path("chung-nhan/y-kien/<uuid:recall_id>/", recalls.appeal, name="appeal"),
    path("dieu-hanh/ket-qua-ngoai/", outside.sources, name="outside"),
    path("dieu-hanh/ket-qua-ngoai/<uuid:source_id>/", outside.source, name="outside-source"),
    path("dieu-hanh/vneid/", handovers.batches, name="handovers"),
    path("dieu-hanh/vneid/<uuid:batch_id>/", handovers.batch, name="handover"),
    path("dieu-hanh/vneid/<uuid:batch_id>/goi.zip", handovers.file, name="handover-file"),
]
