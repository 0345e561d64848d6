"""Requested amounts taken along when a project is copied."""

from funding.actions.lines import describe_changes
from funding.models import FundingLine
from khuyencong.audit.record import Changes
from programs.copying import CopyJob, on_copy


@on_copy("amounts", "Kinh phí đề nghị (của các cơ sở được chép và của chung cả đề án)", 30)
def copy_requested(job: CopyJob) -> Changes:
    """What was asked for, in đồng, from sources still in use; nothing that was approved, contracted or paid."""
    asked = FundingLine.objects.filter(project=job.source, requested_vnd__gt=0, source__is_active=True)
    taken = [line for line in asked if line.participant_id is None or line.participant_id in job.participants]
    rows = [
        FundingLine(
            project=job.copy,
            participant=job.participants[line.participant_id] if line.participant_id else None,
            source_id=line.source_id,
            requested_vnd=line.requested_vnd,
        )
        for line in taken
    ]
    FundingLine.objects.bulk_create(rows)
    amounts = {(row.participant_id, row.source_id): row.requested_vnd for row in rows}
    return describe_changes(job.copy, {}, amounts, "Đề nghị")
