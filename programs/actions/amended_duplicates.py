"""Money only once, also under an amendment: who joins an approved project is held against every other project."""

from collections.abc import Collection

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs.actions.duplicate import write_reasons
from programs.duplicate_wording import listed
from programs.models import Project
from programs.queries.amendment import Change
from programs.queries.duplicates import unexplained

FIELD = "duplicate_reason"


def explain_joining(project: Project, joining: Collection[int], reason: str, by: User) -> list[Change]:
    """Keep `reason` for each sign of a second support of the participants `joining` (ids); says what was explained.

    Errors: Refused at `duplicate_reason` while there are signs and no reason.
    """
    signs = [sign for sign in unexplained(project) if sign.part.pk in joining] if joining else []
    if not signs:
        return []
    if not reason:
        head = "Cơ sở thêm hoặc thay có dấu hiệu đã được hỗ trợ. Ghi rõ vì sao không phải hỗ trợ trùng:"
        raise Refused("\n".join([head, *listed(signs)]), field=FIELD)
    explained = {sign.key: sign for sign in signs}
    write_reasons(project, explained, reason, by)
    return [
        Change(
            f"duplicate_{other}_{kind}",
            f"Giải trình {sign.kind.label.lower()}: {sign.other.project.code}",
            None,
            reason,
        )
        for (kind, other), sign in explained.items()
    ]
