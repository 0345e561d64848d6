from django.apps import AppConfig


class LocalitiesConfig(AppConfig):
    name = "khuyencong.localities"
    label = "localities"
    verbose_name = "Địa bàn hành chính"

    def load_reference(self) -> str:
        from khuyencong.localities.reference import load_units

        return load_units()
