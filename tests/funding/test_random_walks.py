"""Random histories of one project: whatever is tried, by whomever, no state is reached without what it requires.

Every walk begins at a stage, tries a dozen acts (the next right step, any other, by the right person or not, with good
papers or bad ones), and after each act the database alone must answer for the state that the project is in.
"""

import datetime
import os
from collections import Counter
from itertools import count

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.actions.acceptance import accept
from funding.actions.amendment import Money, amend
from funding.actions.approval import approve
from funding.actions.contract import NewContract, sign_contract
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.request import set_requested
from funding.actions.settlement import settle_project
from funding.actions.stop import stop_project
from funding.models import Approval, Budget, BudgetEntry, FundingLine, LedgerEntry, LedgerKind, RecoveryDemand
from funding.queries.ledger import ledger_state
from khuyencong.accounts.permissions import Role
from khuyencong.errors import Refused
from programs.actions.amendment import Content, Decision
from programs.actions.ministry import Answer, record_results, send_batch
from programs.actions.progress import report_progress
from programs.actions.project import Paper, move
from programs.actions.supplement_answer import answer_points
from programs.models import MinistryResult, Project
from programs.workflow import APPROVED_ON, Action, Status, Track
from tests.factories import add_participant, make_project
from tests.funding.makers import give_budget, source

pytestmark = pytest.mark.django_db
# Walks per stage and track; a longer hunt: WALKS=500 make test ARGS="tests/funding/test_random_walks.py".
WALKS = int(os.environ.get("WALKS", "25"))
MILLION = 1_000_000
ASKED, PLAN = 100 * MILLION, 150 * MILLION
VOUCHERS = count(1)
BUDGET_CODE = {Track.LOCAL: "KCDP", Track.NATIONAL: "KCQG"}
RIGHT_ROLE = {
    Action.SUBMIT: Role.LOCAL_OFFICER,
    Action.WITHDRAW: Role.LOCAL_OFFICER,
    Action.CONFIRM: Role.LOCAL_OFFICER,
    Action.APPROVE: Role.LEADER,
    Action.STOP: Role.LEADER,
    Action.SIGN_CONTRACT: Role.CENTRE_OFFICER,
    Action.REPORT_PROGRESS: Role.CENTRE_OFFICER,
    Action.ACCEPT: Role.CENTRE_OFFICER,
    Action.LIQUIDATE: Role.CENTRE_OFFICER,
    Action.SETTLE: Role.ACCOUNTANT,
}
CONTRACTED_ON = {Status.CONTRACTED, Status.IN_PROGRESS, Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED}
STARTED_ON = CONTRACTED_ON - {Status.CONTRACTED}
ACCEPTED_ON = STARTED_ON - {Status.IN_PROGRESS}


class Walk:
    """One project, and every act that can be tried on it. Each takes the person, and whether to do it badly."""

    def __init__(self, cast, track):
        self.cast, self.today = cast, timezone.localdate()
        self.source = source(BUDGET_CODE[track])
        self.project = make_project(
            created_by=cast[Role.LOCAL_OFFICER],
            year=self.today.year,
            track=track.value,
            start_date=self.today,
            end_date=self.today + datetime.timedelta(days=90),
        )
        self.payee = add_participant(self.project).pk
        self.key = (self.payee, self.source.pk)
        set_requested(
            project_id=self.project.pk, amounts={self.key: ASKED}, by=cast[Role.LOCAL_OFFICER], version=self.version
        )

    @property
    def version(self):
        return Project.objects.values_list("version", flat=True).get(pk=self.project.pk)

    @property
    def state(self):
        return Status(Project.objects.values_list("status", flat=True).get(pk=self.project.pk))

    def frame(self, by, bad):
        """What every act is given; done badly, the page is old."""
        return {"project_id": self.project.pk, "by": by, "version": self.version - (1 if bad == 1 else 0)}

    def paper(self, bad):
        number = "" if bad == 2 else f"{next(VOUCHERS)}/VB"
        return Paper(number, self.today + datetime.timedelta(days=1 if bad == 3 else 0))

    def vnd(self, vnd, bad):
        """An amount; done badly, one đồng too many, or less than nothing."""
        return {4: PLAN + 1, 5: -1}.get(bad, vnd)

    def step(self, action, by, bad):
        """The move by its own action, as its page makes it."""
        own = {
            Action.APPROVE: self.approve,
            Action.SIGN_CONTRACT: self.sign,
            Action.REPORT_PROGRESS: self.report,
            Action.ACCEPT: self.accept,
            Action.SETTLE: self.settle,
            Action.STOP: self.stop,
            Action.SEND_TO_MINISTRY: self.send_up,
        }
        if action in own:
            own[action](by, bad)
        else:
            self.bare_move(action, by, bad)

    def bare_move(self, action, by, bad):
        """Straight to the workflow, past what the page of the move would ask for."""
        move(action=action, paper=self.paper(bad), reason="" if bad == 2 else "Lý do", **self.frame(by, bad))

    def approve(self, by, bad):
        amounts, why = {self.key: self.vnd(ASKED, bad)}, "" if bad == 2 else "Chưa rõ định mức"
        approve(amounts=amounts, paper=self.paper(bad), norm_reason=why, **self.frame(by, bad))

    def sign(self, by, bad):
        contract = NewContract(self.payee, f"{next(VOUCHERS)}/HĐ", self.today, self.vnd(ASKED, bad))
        sign_contract(contracts=[] if bad == 2 else [contract], **self.frame(by, bad))

    def report(self, by, bad):
        report_progress(
            report_date=self.today, percent=101 if bad == 4 else 60, content="Đang lắp", **self.frame(by, bad)
        )

    def accept(self, by, bad):
        costs = {} if bad == 2 else {self.payee: self.vnd(ASKED, bad)}
        accept(achieved={}, others=[], costs=costs, paper=self.paper(bad), **self.frame(by, bad))

    def settle(self, by, bad):
        reasons = {} if bad == 2 else {self.key: "Cơ sở không nhận phần còn lại"}
        settle_project(paper=self.paper(bad), reason="Xong", unpaid_reasons=reasons, **self.frame(by, bad))

    def stop(self, by, bad):
        stop_project(
            kept={self.key: self.vnd(0, bad)},
            due_date=self.today + datetime.timedelta(days=30),
            paper=self.paper(bad),
            reason="" if bad == 2 else "Cơ sở chuyển đi",
            **self.frame(by, bad),
        )

    def send_up(self, by, bad):
        frame = self.frame(by, bad)
        send_batch(versions={self.project.pk: frame["version"]}, by=by, paper=self.paper(bad))

    def hear_from_ministry(self, by, bad):
        entry = self.project.ministry_entries.order_by("-pk").first()
        if entry is None:
            raise Refused("Chưa gửi.")
        result = [MinistryResult.AGREED, MinistryResult.AGREED, MinistryResult.SUPPLEMENT, MinistryResult.REFUSED][
            bad % 4
        ]
        answer = Answer(result, self.paper(0), "Ý kiến của Bộ")
        record_results(batch_id=entry.batch_id, versions={self.project.pk: self.version}, answer=answer, by=by)

    def answer(self, by, bad):
        points = self.project.supplement_points.filter(answer="")
        answer_points(answers=dict.fromkeys(points.values_list("pk", flat=True), "Đã bổ sung"), **self.frame(by, bad))

    def ask(self, by, bad):
        set_requested(amounts={self.key: self.vnd(ASKED, bad)}, **self.frame(by, bad))

    def enter(self, kind, vnd, by, bad):
        record_entry(
            project_id=self.project.pk,
            kind=kind,
            source_id=self.source.pk,
            participant_id=self.payee,
            amount_vnd=self.vnd(vnd, bad),
            voucher_number=f"CT-{next(VOUCHERS)}",
            voucher_date=self.today + datetime.timedelta(days=1 if bad == 3 else 0),
            by=by,
        )

    def reverse(self, by, bad):
        entry = LedgerEntry.objects.filter(project=self.project).last()
        if entry is None:
            raise Refused("Chưa có chứng từ.")
        reason = "" if bad == 2 else "Ghi nhầm"
        number = f"H-{next(VOUCHERS)}"
        reverse_entry(entry_id=entry.pk, reason=reason, by=by, voucher_number=number, voucher_date=self.today)

    def amend(self, vnd, by, bad):
        project = Project.objects.get(pk=self.project.pk)
        values = {name: getattr(project, name) for name in ("programme", "implementer", "start_date", "end_date")}
        values |= {"name": f"{project.name[:60]} {next(VOUCHERS)}", "objective": project.objective}
        contracts = {contract.pk: vnd for contract in project.contracts.all()}
        paper = self.paper(bad)
        amend(
            content=Content(values=values, figures=()),
            money=Money({self.key: self.vnd(vnd, bad)}, contracts),
            decision=Decision(paper.number, paper.date, self.today, "Giá máy thay đổi"),
            **self.frame(by, bad),
        )


def acts(walk):
    """(name, act, role whose work it is): everything that can be tried."""
    found = [
        (f"step {action.value}", lambda by, bad, a=action: walk.step(a, by, bad), RIGHT_ROLE.get(action))
        for action in Action
    ]
    found += [
        (f"bare {action.value}", lambda by, bad, a=action: walk.bare_move(a, by, bad), RIGHT_ROLE.get(action))
        for action in Action
    ]
    found += [
        (f"{kind} {vnd}", lambda by, bad, k=kind, v=vnd: walk.enter(k, v, by, bad), Role.ACCOUNTANT)
        for kind, vnd in [
            (LedgerKind.ADVANCE, 30 * MILLION),
            (LedgerKind.PAYMENT, 70 * MILLION),
            (LedgerKind.PAYMENT, ASKED),
            (LedgerKind.RECOVERY, 30 * MILLION),
        ]
    ]
    return [
        *found,
        ("reverse", walk.reverse, Role.ACCOUNTANT),
        ("answer points", walk.answer, Role.LOCAL_OFFICER),
        ("ask again", walk.ask, Role.LOCAL_OFFICER),
        ("ministry answers", walk.hear_from_ministry, None),
        ("amend down", lambda by, bad: walk.amend(60 * MILLION, by, bad), Role.LEADER),
        ("amend up", lambda by, bad: walk.amend(120 * MILLION, by, bad), Role.LEADER),
    ]


# What the next right step is; a walk follows it half of the time, or it would never come far.
NEXT = {
    Status.DRAFT: ["step submit"],
    Status.RETURNED: ["answer points", "step submit"],
    Status.SUBMITTED: ["step confirm"],
    Status.CONFIRMED: ["step appraise"],
    Status.APPRAISED: ["step approve", "step send_to_ministry"],
    Status.SENT_TO_MINISTRY: ["ministry answers", "step approve"],
    Status.APPROVED: ["step sign_contract"],
    Status.CONTRACTED: [f"{LedgerKind.ADVANCE} {30 * MILLION}", "step report_progress"],
    Status.IN_PROGRESS: ["step accept", f"{LedgerKind.PAYMENT} {70 * MILLION}"],
    Status.ACCEPTED: [f"{LedgerKind.PAYMENT} {70 * MILLION}", "step liquidate"],
    Status.LIQUIDATED: ["step settle", f"{LedgerKind.PAYMENT} {70 * MILLION}"],
}
STAGES = [Status.DRAFT, Status.APPRAISED, Status.APPROVED, Status.IN_PROGRESS, Status.ACCEPTED]
CHOICE = st.tuples(st.integers(0, 999), st.integers(0, 9), st.integers(0, 11))


def bring_to(walk, stage):
    """The right steps, in order, until the project is there."""
    by_name = {name: (act, role) for name, act, role in acts(walk)}
    for _ in range(30):
        if walk.state is stage:
            return
        for name in NEXT[walk.state]:
            act, role = by_name[name]
            try_act(act, walk.cast[role or Role.DEPARTMENT_OFFICER], 0)
            if walk.state is stage:
                return
    raise AssertionError(f"never came to {stage}, but to {walk.state}")


def try_act(act, by, bad):
    """Whether it was done; a refusal must leave nothing behind."""
    try:
        with transaction.atomic():
            act(by, bad)
    except Refused:
        return False
    return True


def footprint(project):
    row = Project.objects.values("status", "version", "returned_from", "name").get(pk=project.pk)
    sums = FundingLine.objects.filter(project=project).aggregate(Sum("requested_vnd"), Sum("approved_vnd"))
    counts = [getattr(project, name).count() for name in ("steps", "ledger", "contracts", "demands", "amendments")]
    return row, sums, counts


def check_state(walk):
    """What the state requires, asked of the tables and of nothing else."""
    project = Project.objects.get(pk=walk.project.pk)
    state, steps = project.state, list(project.steps.order_by("pk"))
    previous = Status.DRAFT.value
    for step in steps:
        assert step.from_status == previous, "the chain of steps is broken"
        previous = step.to_status
    assert previous == project.status
    check_papers(project, state, steps)
    check_money(walk, project, state)


def check_papers(project, state, steps):
    done = {step.action: step for step in steps}
    needs = []
    if state in APPROVED_ON:
        needs += [Action.SUBMIT, Action.CONFIRM, Action.APPRAISE, Action.APPROVE]
        if project.track_kind is Track.NATIONAL:
            needs.append(Action.SEND_TO_MINISTRY)
            newest = project.ministry_entries.order_by("-pk").first()
            assert newest.result == MinistryResult.AGREED
    if state in CONTRACTED_ON:
        needs.append(Action.SIGN_CONTRACT)
        assert project.contracts.exists()
        assert project.participants.exists()
    if state in STARTED_ON:
        assert project.progress.exists()
    if state in ACCEPTED_ON:
        needs.append(Action.ACCEPT)
        assert project.accepted_date
        assert project.accepted_costs.exists()
    needs += [Action.LIQUIDATE] if state in {Status.LIQUIDATED, Status.SETTLED} else []
    needs += [Action.SETTLE] if state is Status.SETTLED else []
    needs += {Status.STOPPED: [Action.STOP], Status.REFUSED: [Action.REFUSE]}.get(state, [])
    for action in needs:
        step = done[action.value]
        assert action is Action.SUBMIT or (step.document_number and step.document_date), action
    if state in {Status.STOPPED, Status.REFUSED, Status.WITHDRAWN, Status.RETURNED}:
        assert steps[-1].reason
    if state is Status.RETURNED:
        assert project.supplement_points.filter(step=steps[-1]).exists()


def replay(project):
    """What is out, entry by entry as they were recorded: never below nothing, and what the portal says it is."""
    out = Counter()
    for entry in LedgerEntry.objects.filter(project=project).order_by("pk").select_related("reverses"):
        gives = (entry.kind == LedgerKind.RECOVERY) == (entry.reverses is not None)
        key = (entry.participant_id, entry.source_id)
        out[key] += entry.amount_vnd if gives else -entry.amount_vnd
        assert out[key] >= 0
    assert out == Counter(ledger_state(project.pk).out)
    return out.total()


def check_money(walk, project, state):
    line = FundingLine.objects.get(project=project, source=walk.source)
    out, approved = replay(project), line.approved_vnd or 0
    assert 0 <= out <= approved
    assert bool(approved) is (state in APPROVED_ON) is Approval.objects.filter(project=project).exists()
    assert sum(contract.support_vnd for contract in project.contracts.all()) <= approved
    if out:
        assert project.contracts.exists()
    if state is Status.SETTLED:
        paid = LedgerEntry.objects.filter(project=project).exclude(kind=LedgerKind.RECOVERY).with_effect()
        assert sum(entry.effect_vnd for entry in paid) > 0
        (settled,) = project.settlement_lines.all()
        assert settled.advanced_vnd + settled.paid_vnd - settled.recovered_vnd <= settled.due_vnd <= approved
        assert (
            settled.unpaid_reason or settled.advanced_vnd + settled.paid_vnd - settled.recovered_vnd == settled.due_vnd
        )
    if state is Status.STOPPED and out:
        demand = RecoveryDemand.objects.get(project=project)
        assert demand.kept_vnd <= out <= demand.out_vnd
    budget = Budget.objects.get(source=walk.source, year=project.year)
    planned = BudgetEntry.objects.filter(budget=budget).aggregate(vnd=Sum("amount_vnd"))["vnd"]
    committed = out if state is Status.STOPPED else approved
    assert committed <= planned


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("track", list(Track))
def test_no_walk_reaches_a_state_without_what_it_requires(cast, track, stage):
    give_budget(cast[Role.LEADER], PLAN, BUDGET_CODE[track], timezone.localdate().year)
    people = list(cast.values())

    @settings(max_examples=WALKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CHOICE, min_size=4, max_size=14))
    def walk_about(choices):
        savepoint = transaction.savepoint()
        try:
            walk = Walk(cast, track)
            bring_to(walk, stage)
            check_state(walk)
            everything = acts(walk)
            by_name = {name: (name, act, role) for name, act, role in everything}
            for choice, person, bad in choices:
                forward = NEXT.get(walk.state, [])
                known = forward and choice % 2
                name, act, role = (
                    by_name[forward[choice % len(forward)]] if known else everything[choice % len(everything)]
                )
                by = people[choice % len(people)] if person == 0 else cast[role or Role.DEPARTMENT_OFFICER]
                before = footprint(walk.project)
                if not try_act(act, by, bad if bad < 6 else 0):
                    assert footprint(walk.project) == before, f"{name} was refused and left something behind"
                check_state(walk)
        finally:
            transaction.savepoint_rollback(savepoint)

    walk_about()
