"""The diagram in the documentation is the table itself."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from programs.diagram import targets, workflow_document
from programs.queues import FORWARD, QUEUES
from programs.workflow import TRANSITIONS, Action, Status

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"


def test_the_document_is_what_the_command_prints():
    out = StringIO()
    call_command("workflow_diagram", stdout=out)
    assert DOCUMENT.read_text(encoding="utf-8") == out.getvalue(), (
        "run: python manage.py workflow_diagram > docs/workflow.md"
    )


def test_a_returned_project_goes_back_to_the_level_that_returned_it():
    move = TRANSITIONS[Status.RETURNED, Action.SUBMIT]
    back = {Status.SUBMITTED, Status.CONFIRMED, Status.APPRAISED}  # the Ministry's go to the Department
    assert set(targets(Status.RETURNED, Action.SUBMIT, move)) == back


def test_every_transition_is_drawn():
    drawing = workflow_document()
    for (source, action), transition in TRANSITIONS.items():
        for target in targets(source, action, transition):
            assert f"{source.value} --> {target.value}: {action.label}" in drawing


def test_every_step_forward_waits_in_one_queue():
    """Further reports of work under way wait in no queue of their own: such projects wait to be accepted."""
    waiting = [(status, queue.action) for queue in QUEUES if queue.action for status, _ in queue.stages]
    forward = {step for step, move in TRANSITIONS.items() if step[1] in FORWARD and move.target is not step[0]}
    assert sorted(waiting) == sorted(forward)
