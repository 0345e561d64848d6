from django.urls import path

from reports import locked_views, views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("da-khoa/", locked_views.locked_report_list, name="locked-report-list"),
    path("da-khoa/<int:pk>/", locked_views.locked_report_detail, name="locked-report-detail"),
    path("da-khoa/<int:pk>/tai-ve/", locked_views.locked_report_export, name="locked-report-export"),
    path("da-khoa/<int:pk>/so-sanh/", locked_views.locked_report_compare, name="locked-report-compare"),
    path("da-khoa/<int:pk>/mo-khoa/", locked_views.locked_report_unlock, name="locked-report-unlock"),
    path("<slug:slug>/", views.form_page, name="form-page"),
    path("<slug:slug>/chi-tiet/", views.form_rows, name="form-rows"),
    path("<slug:slug>/khoa/", locked_views.form_lock, name="form-lock"),
    path("<slug:slug>/tai-ve/", views.form_export, name="form-export"),
]
