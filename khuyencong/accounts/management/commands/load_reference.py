"""Load the reference data of every app: units, forms, norms. Safe to run again."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    help = "Nạp danh mục gốc (địa bàn, biểu mẫu, định mức). Chạy lại không tạo bản ghi trùng."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            load = getattr(config, "load_reference", None)
            if load is not None:
                self.stdout.write(f"{config.verbose_name}: {load()}")
