from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"
    verbose_name = "Kinh phí"

    def ready(self) -> None:
        from funding import checks, word_context  # noqa: F401  (add their parts to programs' registries)

    def load_reference(self) -> str:
        from funding.reference import load_funding_reference

        return load_funding_reference()
