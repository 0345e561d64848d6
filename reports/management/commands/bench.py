"""Time the pages and exports that people wait for, at two volumes, side by side."""

import statistics
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding import bench_data
from funding.bench_acts import ACTS, Act, taken_back
from khuyencong.accounts.models import User
from reports import bench_forms

PAGES = [
    ("Việc của tôi", "home", {}, ""),
    ("Danh sách đề án", "programs:project-list", {}, ""),
    ("Tìm đề án không dấu", "programs:project-list", {}, "q=banh+trang"),
    ("Cơ sở thụ hưởng", "programs:beneficiary-list", {}, ""),
    ("Bảng dự toán", "funding:budget-board", {}, "year=2026"),
    ("Danh sách giải ngân", "funding:disbursement-list", {}, ""),
    ("Biểu kết quả", "reports:form-page", {"slug": "ket-qua"}, ""),
    ("Biểu kinh phí", "reports:form-page", {"slug": "kinh-phi"}, ""),
    ("Biểu nhiều năm", "reports:form-page", {"slug": "nhieu-nam"}, ""),
    ("Tải danh sách đề án", "programs:project-export", {}, ""),
    ("Tải biểu kinh phí", "reports:form-export", {"slug": "kinh-phi"}, ""),
]


class Command(BaseCommand):
    help = "Đo thời gian các trang ở hai quy mô dữ liệu, trên một cơ sở dữ liệu tạm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", type=int, default=1000)
        parser.add_argument("--large", type=int, default=20000)
        parser.add_argument("--runs", type=int, default=5)
        parser.add_argument("--forms", action="store_true", help="đo từng biểu so với SQL trần, 20 năm số liệu")
        parser.add_argument("--projects", type=int, default=2000, help="với --forms: số đề án")
        parser.add_argument("--rows", type=int, default=0, help="với --forms: số chứng từ và kết quả (10 mỗi đề án)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forms"]:
            self._forms(options["projects"], options["rows"] or 10 * options["projects"], options["runs"])
            return
        small, large, runs = options["small"], options["large"], options["runs"]
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            call_command("load_reference", stdout=self.stdout)
            first = self._measure(small, runs)
            second = self._measure(large - small, runs)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
        self._print(first, second, small, large)

    def _forms(self, projects: int, rows: int, runs: int) -> None:
        """Every form beside its bare SQL; on SQLite in a file, since each measurement is a process of its own."""
        with TemporaryDirectory(prefix="bench-") as folder:
            if connection.vendor == "sqlite":
                connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
            name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
            try:
                call_command("load_reference", stdout=self.stdout)
                # In a child: what the seeding leaves in memory would hide what a form takes.
                seeded = bench_forms.in_child(lambda: self._seed_forms(projects, rows), runs=1)
                if seeded.error:
                    raise CommandError(seeded.error)
                measured, slow = bench_forms.measure(runs)
            finally:
                connection.creation.destroy_test_db(name, verbosity=0)
        self.stdout.write("\n".join(["", bench_forms.table_of(measured), "", *slow]))

    def _seed_forms(self, projects: int, rows: int) -> int:
        started = time.perf_counter()
        years = range(bench_forms.FIRST_YEAR, bench_forms.LAST_YEAR + 1)
        counts = bench_data.seed(projects, years=years, rows=rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        told = ", ".join(f"{number} {label}" for label, number in counts.items())
        self.stdout.write(f"{connection.vendor}, {len(years)} năm: {told}; {time.perf_counter() - started:.0f} s")
        self.stdout.flush()
        return sum(counts.values())

    def _measure(self, add: int, runs: int) -> dict[str, tuple[float, int]]:
        started = time.perf_counter()
        counts = bench_data.seed(add)
        self.stdout.write(
            f"{connection.vendor}: thêm {add} đề án, {counts['LedgerEntry']} chứng từ trong "
            f"{time.perf_counter() - started:.1f} s"
        )
        client = Client()
        client.force_login(User.objects.get(username="bench"), backend="khuyencong.accounts.backends.RoleBackend")
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            times = {label: self._time(client, url, kwargs, query, runs) for label, url, kwargs, query in PAGES}
        return times | {label: self._time_act(prepare, runs) for label, prepare in ACTS}

    def _time_act(self, prepare: Callable[[], Act], runs: int) -> tuple[float, int]:
        """Median seconds of an act, and its queries; nothing of it stays."""
        with taken_back():
            act = prepare()
            with CaptureQueriesContext(connection) as queries:
                act()
            count = len(queries)
        return statistics.median(self._act(prepare) for _ in range(runs)), count

    def _act(self, prepare: Callable[[], Act]) -> float:
        with taken_back():
            act = prepare()
            started = time.perf_counter()
            act()
            return time.perf_counter() - started

    def _time(self, client: Client, url: str, kwargs: dict[str, Any], query: str, runs: int) -> tuple[float, int]:
        address = f"{reverse(url, kwargs=kwargs)}?{query}"
        with CaptureQueriesContext(connection) as queries:
            self._get(client, address)
        count = len(queries)  # before the next request empties the log
        return statistics.median(self._get(client, address) for _ in range(runs)), count

    def _get(self, client: Client, address: str) -> float:
        started = time.perf_counter()
        response = client.get(address)
        for _chunk in response:
            pass
        response.close()
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        return time.perf_counter() - started

    def _print(self, first: Any, second: Any, small: int, large: int) -> None:
        self.stdout.write(f"\n{'':28}{small:>12}{large:>12}{'tỷ lệ':>9}{'truy vấn':>12}")
        for label, (quick, few) in first.items():
            slow, many = second[label]
            self.stdout.write(
                f"{label:28}{quick * 1000:>9.0f} ms{slow * 1000:>9.0f} ms{slow / quick:>9.1f}{f'{few}/{many}':>12}"
            )
