from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "Chương trình và đề án"

    def ready(self) -> None:
        from programs import duplicate_checks, imports

        duplicate_checks.register()
        imports.register()

    def load_reference(self) -> str:
        from programs.reference import load_programme_reference

        return load_programme_reference()
