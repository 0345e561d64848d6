from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"
    verbose_name = "Kinh phí"

    def ready(self) -> None:
        # They add their parts to programs' registries.
        from funding import checks, imports, ministry_table, settlement_checks, supports, word_context  # noqa: F401
        from funding.actions import project_copy  # noqa: F401  (amounts taken along by a copy)

        imports.register()

    def load_reference(self) -> str:
        from funding.reference import load_funding_reference

        return load_funding_reference()
