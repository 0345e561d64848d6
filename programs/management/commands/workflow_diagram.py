from typing import Any

from django.core.management.base import BaseCommand

from programs.diagram import workflow_document


class Command(BaseCommand):
    help = "Print docs/workflow.md, drawn from the transition table."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(workflow_document(), ending="")
