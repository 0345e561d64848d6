from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        # The covering report's fields join the registry of Word templates.
        from reports import covering_fields  # noqa: F401
        from reports.dashboard import home as year  # noqa: F401  (a part of the first page)
        from reports.rounds import demo, home  # noqa: F401  (a part of the first page, and one of the demo)
