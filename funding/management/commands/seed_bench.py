"""Fill a database with a realistic volume, for measurements."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from funding import bench_data


class Command(BaseCommand):
    help = "Tạo số lượng lớn đề án để đo tốc độ. Không dùng trên cơ sở dữ liệu thật."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--projects", type=int, default=1000, help="số đề án (mặc định 1000)")
        parser.add_argument("--rows", type=int, default=0, help="khoảng bao nhiêu chứng từ và kết quả (mặc định: ít)")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        call_command("load_reference", stdout=self.stdout)
        counts = bench_data.seed(options["projects"], rows=options["rows"])
        rows = ", ".join(f"{number} {name}" for name, number in counts.items())
        self.stdout.write(f"{rows}: {time.perf_counter() - started:.1f} s")
