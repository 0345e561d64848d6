from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "khuyencong.importing"
    label = "importing"
    verbose_name = "Nhập từ Excel"
