from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"
    verbose_name = "Kinh phí"

    def ready(self) -> None:
        from funding import checks  # noqa: F401  (adds its checks to the workflow's)

    def load_reference(self) -> str:
        from funding.reference import load_funding_reference

        return load_funding_reference()
