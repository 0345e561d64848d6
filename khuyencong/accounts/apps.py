from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "khuyencong.accounts"
    label = "accounts"
    verbose_name = "Tài khoản và đơn vị"

    def ready(self) -> None:
        from khuyencong.accounts import routes  # noqa: F401  (registers the system check)
