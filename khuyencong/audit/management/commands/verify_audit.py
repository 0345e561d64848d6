"""Walk the audit chain and name every event that was changed, and every gap."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links


class Command(BaseCommand):
    help = "Kiểm tra chuỗi nhật ký: phát hiện sự kiện bị sửa, bị xóa hoặc chèn."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(broken_links(AuditEvent.objects.order_by("pk").iterator(chunk_size=2000)))
        for pk, fault in faults:
            self.stderr.write(f"Sự kiện {pk}: {fault}")
        if faults:
            raise CommandError(f"Nhật ký có {len(faults)} chỗ sai.")
        last = AuditEvent.objects.order_by("-pk").first()
        end = f", sự kiện cuối {last.pk}, mã {last.hash[:16]}" if last else ""
        self.stdout.write(f"Nhật ký nguyên vẹn: {AuditEvent.objects.count()} sự kiện{end}.")
