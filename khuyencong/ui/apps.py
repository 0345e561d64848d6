from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "khuyencong.ui"
    label = "ui"
    verbose_name = "Giao diện"
