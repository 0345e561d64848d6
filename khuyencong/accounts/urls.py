from django.urls import path

from khuyencong.accounts import views

app_name = "accounts"

urlpatterns = [
    path("phan-quyen/", views.role_table, name="role-table"),
]
