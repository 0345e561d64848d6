"""Addresses of rounds, within those of reports."""

from django.urls import path

from reports.rounds import area_views, views

urlpatterns = [
    path("ky-bao-cao/", views.round_list, name="round-list"),
    path("ky-bao-cao/mo/", views.round_create, name="round-create"),
    path("ky-bao-cao/<int:pk>/", views.round_detail, name="round-detail"),
    path("ky-bao-cao/<int:pk>/sua/", views.round_edit, name="round-edit"),
    path("ky-bao-cao/<int:pk>/ket-thuc/", views.round_close, name="round-close"),
    path("ky-bao-cao/<int:pk>/mo-lai/", views.round_reopen, name="round-reopen"),
    path("ky-bao-cao/<int:pk>/nhac/", views.round_remind, name="round-remind"),
    path("ky-bao-cao/<int:pk>/tai-ve/", views.round_export, name="round-export"),
    path("ky-bao-cao/<int:pk>/con-thieu/<slug:what>/", views.round_missing, name="round-missing"),
    path("ky-bao-cao/<int:pk>/bao-cao/", area_views.area_report_create, name="area-report-create"),
    path("bao-cao-co-so/<int:pk>/", area_views.area_report_detail, name="area-report-detail"),
]
