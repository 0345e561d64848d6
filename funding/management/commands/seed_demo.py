"""Demo data: people, the founding case 2008–2013, projects of the current year in every state."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from funding.demo.build import build, is_built
from funding.demo.people import ACCOUNTS, PASSWORD
from khuyencong.accounts.models import User


class Command(BaseCommand):
    help = "Nạp dữ liệu minh họa. Chạy lại không tạo thêm gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="chỉ nạp khi chưa có tài khoản nào")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and User.objects.exists() and not is_built():
            self.stdout.write("Cơ sở dữ liệu đã có tài khoản: không nạp dữ liệu minh họa.")
            return
        if not is_built():
            call_command("load_reference", stdout=self.stdout)
            made = build()
            self.stdout.write("Dữ liệu minh họa: " + ", ".join(f"{number} {name}" for name, number in made.items()))
        self._print_accounts()

    def _print_accounts(self) -> None:
        self.stdout.write(f"\nTài khoản minh họa (mật khẩu chung: {PASSWORD})")
        for username, full_name, _job, role, _office in ACCOUNTS:
            self.stdout.write(f"  {username:12}{full_name:24}{role.label}")
