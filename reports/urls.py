from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.form_page, name="form-page"),
    path("<slug:slug>/chi-tiet/", views.form_rows, name="form-rows"),
    path("<slug:slug>/tai-ve/", views.form_export, name="form-export"),
]
