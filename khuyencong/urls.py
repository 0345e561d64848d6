"""The portal's table of contents."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from khuyencong.accounts.routes import public, signed_in

urlpatterns = [
    path("", include("programs.urls_home")),
    path("", include("programs.urls")),
    path("kinh-phi/", include("funding.urls")),
    path("bao-cao/", include("reports.urls")),
    path("tai-khoan/", include("khuyencong.accounts.urls")),
    path("nhat-ky/", include("khuyencong.audit.urls")),
    path("viec-chay-lau/", include("khuyencong.jobs.urls")),
    path("nhap-excel/", include("khuyencong.importing.urls")),
    path("dang-nhap/", public(auth.LoginView.as_view(redirect_authenticated_user=True)), name="login"),
    path("dang-xuat/", signed_in(auth.LogoutView.as_view()), name="logout"),
    path("doi-mat-khau/", signed_in(auth.PasswordChangeView.as_view()), name="password_change"),
    path("doi-mat-khau/xong/", signed_in(auth.PasswordChangeDoneView.as_view()), name="password_change_done"),
    path("quan-tri/", admin.site.urls),
]

handler500 = "khuyencong.busy.server_error"
