from typing import Any

from django.core.management.base import BaseCommand

from programs.word.build import write_templates


class Command(BaseCommand):
    help = "Write the portal's own Word templates (programs/word/templates) anew."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in write_templates():
            self.stdout.write(path.name)
