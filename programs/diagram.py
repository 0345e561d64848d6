"""The workflow drawn from its own table, as Mermaid text."""

from programs.workflow import BOTH_TRACKS, ENDED, RESUMES_AT, TRANSITIONS, Action, Status, Transition

HEADING = """# Vòng đời đề án

Sinh từ `programs/workflow.py` bằng `python manage.py workflow_diagram > docs/workflow.md`; không sửa tay.

```mermaid
stateDiagram-v2
"""


def workflow_document() -> str:
    """The whole of docs/workflow.md: the diagram, then the same moves as a table."""
    lines = [f'    state "{status.label}" as {status.value}' for status in Status]
    lines.append(f"    [*] --> {Status.DRAFT.value}")
    for (source, action), transition in TRANSITIONS.items():
        lines += [
            f"    {source.value} --> {target.value}: {_arrow(action, transition)}"
            for target in targets(source, action, transition)
        ]
    lines += [f"    {status.value} --> [*]" for status in Status if status in ENDED]
    return HEADING + "\n".join(lines) + "\n```\n\n" + _table()


def targets(source: Status, action: Action, transition: Transition) -> list[Status]:
    """Where a move leads; one without a fixed target leads back to each level that may have returned the project."""
    if transition.target is not None:
        return [transition.target]
    levels = [
        status for (status, other), move in TRANSITIONS.items() if other is Action.RETURN and move.target is source
    ]
    return list(dict.fromkeys(RESUMES_AT.get(status, status) for status in levels))


def _arrow(action: Action, transition: Transition) -> str:
    return action.label + (f" ({_tracks(transition)})" if transition.tracks != BOTH_TRACKS else "")


def _tracks(transition: Transition) -> str:
    return ", ".join(sorted(track.label for track in transition.tracks))


def _table() -> str:
    rows = ["| Từ | Việc | Sang | Quyền | Cấp | Văn bản | Lý do |", "|---|---|---|---|---|---|---|"]
    for (source, action), transition in TRANSITIONS.items():
        target = transition.target.label if transition.target else "Bước đã trả lại"
        needs = ["có" if needed else "" for needed in (transition.needs_document, transition.needs_reason)]
        cells = [source.label, action.label, target, transition.permission.value, _tracks(transition), *needs]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
