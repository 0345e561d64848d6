from django.urls import path

from programs.views import home

urlpatterns = [
    path("", home.home, name="home"),
]
