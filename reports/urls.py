from django.urls import include, path

from reports import covering_views, locked_views, pdf_views, views
from reports.dashboard import views as dashboard_views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("tong-quan/", dashboard_views.dashboard, name="dashboard"),
    path("tong-quan/tai-ve/", dashboard_views.dashboard_export, name="dashboard-export"),
    path("tong-quan/<slug:panel>/tai-ve/", dashboard_views.dashboard_panel_export, name="dashboard-panel-export"),
    path("da-khoa/", locked_views.locked_report_list, name="locked-report-list"),
    path("da-khoa/<int:pk>/", locked_views.locked_report_detail, name="locked-report-detail"),
    path("da-khoa/<int:pk>/tai-ve/", locked_views.locked_report_export, name="locked-report-export"),
    path("da-khoa/<int:pk>/so-sanh/", locked_views.locked_report_compare, name="locked-report-compare"),
    path("da-khoa/<int:pk>/mo-khoa/", locked_views.locked_report_unlock, name="locked-report-unlock"),
    path("", include("reports.rounds.urls")),
    path("cong-tac-khuyen-cong/", covering_views.covering_page, name="covering-page"),
    path("cong-tac-khuyen-cong/tai-ve/", covering_views.covering_export, name="covering-export"),
    path("cong-tac-khuyen-cong/pdf/", covering_views.covering_pdf, name="covering-pdf"),
    path("da-khoa/<int:pk>/pdf/", pdf_views.locked_report_pdf, name="locked-report-pdf"),
    path("<slug:slug>/", views.form_page, name="form-page"),
    path("<slug:slug>/chi-tiet/", views.form_rows, name="form-rows"),
    path("<slug:slug>/khoa/", locked_views.form_lock, name="form-lock"),
    path("<slug:slug>/tai-ve/", views.form_export, name="form-export"),
    path("<slug:slug>/pdf/", pdf_views.form_pdf, name="form-pdf"),
]
