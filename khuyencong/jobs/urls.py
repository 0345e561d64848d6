from django.urls import path

from khuyencong.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.job_list, name="job-list"),
    path("<int:pk>/", views.job_detail, name="job-detail"),
    path("<int:pk>/tai-ve/", views.job_download, name="job-download"),
]
