"""Walk a project through its life by the portal's own actions: demo data obeys every rule that real data does."""

import datetime
from collections.abc import Callable

from django.utils import timezone

from funding.actions.acceptance import accept
from funding.actions.approval import approve
from funding.actions.contract import NewContract, sign_contract
from funding.actions.ledger import record_entry
from funding.actions.request import set_requested
from funding.actions.settlement import settle_project
from funding.demo.after_approval import carry_over_rest, stop_with_debts
from funding.demo.field import check_field, survey
from funding.demo.frame import appraise, programme_of
from funding.demo.machines import list_machines, number_machines
from funding.demo.norms import PASSED, first_norm
from funding.demo.people import Cast
from funding.demo.story import LEAVES_AFTER, ROAD, Story
from funding.models import FundingLine, LedgerKind, Source
from funding.queries.acceptance import cost_table
from funding.rules.ceiling import Amounts
from khuyencong.accounts.models import Organisation, User
from programs.actions.beneficiary import add_beneficiary
from programs.actions.indicator import Figure, plan_indicators
from programs.actions.ministry import Answer, record_results, send_batch
from programs.actions.participant import add_participants
from programs.actions.progress import report_progress
from programs.actions.project import Paper, move, register_project
from programs.models import (
    ILLUSTRATION_NOTE,
    BudgetSide,
    MinistryResult,
    Project,
    ProjectKind,
    ResultIndicator,
    SupportItem,
)
from programs.workflow import Action, Status, Track

ADVANCE_PERCENT = 50
BACK_PERCENT = 20  # of an advance to a project that is stopped: what has been handed back already
SERIES = {LedgerKind.ADVANCE: "TU", LedgerKind.PAYMENT: "TT", LedgerKind.RECOVERY: "TH"}
# The indicator that counts the people trained, by support item.
TRAINED = {1: "1", 2: "2"}


class Walk:
    """One project on its way, with dates that follow each other through its plan year."""

    def __init__(self, story: Story, cast: Cast) -> None:
        self.story, self.cast = story, cast
        self.project = self._register()
        self.number = self.project.code.rpartition("-")[2]

    def _register(self) -> Project:
        story, by = self.story, self.cast.department
        project = register_project(
            values={
                "year": story.year,
                "name": story.name,
                "track": story.track.value,
                "kind": ProjectKind.SPECIFIC,
                "programme": programme_of(story.track, story.year),
                "support_item": SupportItem.objects.get(row=story.item),
                "place": story.place,
                "implementer": Organisation.objects.get(code="TTKC"),
                "start_date": datetime.date(story.year, 2, 1),
                "end_date": datetime.date(story.year, 11, 30),
                "objective": "",
                "note": ILLUSTRATION_NOTE,
            },
            by=by,
        )
        self.project = project
        self._add_beneficiaries()
        self._request()
        self._plan()
        list_machines(self.project.pk, by=self.cast.department)
        return self.project

    def _add_beneficiaries(self) -> None:
        for name, kind in self.story.beneficiaries:
            values = {"name": name, "kind": kind, "place": self.story.place, "note": ILLUSTRATION_NOTE}
            made = add_beneficiary(values=values, by=self.cast.department, accept_similar=True)
            add_participants(project_id=self.project.pk, beneficiary_ids=[made.pk], content="", by=self.cast.department)

    def _request(self) -> None:
        sources = dict(Source.objects.values_list("code", "pk"))
        amounts: Amounts = {
            (participant.pk, sources[code]): vnd
            for participant, parts in zip(self.project.participants.order_by("pk"), self.story.amounts, strict=True)
            for code, vnd in parts.items()
        }
        set_requested(
            project_id=self.project.pk,
            amounts=amounts,
            by=self.cast.department,
            version=self._version(),
            bases=first_norm(self.project),
        )

    def _plan(self) -> None:
        side = BudgetSide.CENTRAL if self.story.track is Track.NATIONAL else BudgetSide.PROVINCIAL
        ids = dict(ResultIndicator.objects.values_list("code", "pk"))
        figures = [Figure(ids[code], side, self.story.year, value) for code, value in self.story.indicators.items()]
        plan_indicators(project_id=self.project.pk, figures=figures, by=self.cast.department, version=self._version())

    def go(self) -> Project:
        """Take every step up to the state the story ends in."""
        last = LEAVES_AFTER.get(self.story.until, self.story.until)
        for status in ROAD[1 : ROAD.index(last) + 1]:
            if status is Status.SENT_TO_MINISTRY and self.story.track is Track.LOCAL:
                continue
            self._steps()[status]()
        if self.story.until in LEAVES_AFTER:
            self._leave()
        if self.story.employed is not None:
            trained, on = self.story.indicators[TRAINED[self.story.item]], self._day(11, 15)
            survey(self.project.pk, on=on, trained=trained, employed=self.story.employed, by=self.cast.centre)
        return Project.objects.get(pk=self.project.pk)

    def _steps(self) -> dict[Status, Callable[[], object]]:
        return {
            Status.SUBMITTED: lambda: self._move(Action.SUBMIT, self.cast.department),
            Status.CONFIRMED: lambda: self._move(Action.CONFIRM, self.cast.department, self._paper("XN-UBND", 1, 6)),
            Status.APPRAISED: lambda: appraise(
                self.project.pk,
                paper=self._paper("BB-SCT", 1, 12),
                by=self.cast.department,
                in_session=self.story.until is Status.APPRAISED,
            ),
            Status.SENT_TO_MINISTRY: self._send_up,
            Status.APPROVED: self._approve,
            Status.CONTRACTED: self._sign,
            Status.IN_PROGRESS: self._begin,
            Status.ACCEPTED: self._accept,
            Status.LIQUIDATED: self._liquidate,
            Status.SETTLED: self._settle,
        }

    def _leave(self) -> None:
        ways = {
            Status.RETURNED: (
                Action.RETURN,
                self.cast.department,
                None,
                "Bổ sung báo giá máy và giấy chứng nhận đăng ký.",
            ),
            Status.REFUSED: (
                Action.REFUSE,
                self.cast.department,
                self._paper("CV-SCT", 1, 20),
                "Nội dung không thuộc danh mục hỗ trợ của chương trình khuyến công.",
            ),
            Status.WITHDRAWN: (Action.WITHDRAW, self.cast.department, None, "Cơ sở tự đầu tư, không cần hỗ trợ nữa."),
            Status.STOPPED: (
                Action.STOP,
                self.cast.leader,
                self._paper("QĐ-SCT", 9, 10),
                "Cơ sở chuyển địa điểm sản xuất ra ngoài tỉnh.",
            ),
        }
        action, by, paper, reason = ways[self.story.until]
        if action is Action.STOP:
            self._stop(paper, reason)
        else:
            self._move(action, by, paper, reason)

    def _stop(self, paper: Paper | None, reason: str) -> None:
        """A part of the work was accepted and stays paid; the rest of the advance is owed, and some has come back."""
        stop_with_debts(self.project, by=self.cast.leader, paper=paper or Paper(), reason=reason)
        for line in self._state_lines()[:1]:
            self._voucher(line, LedgerKind.RECOVERY, _advance(line) * BACK_PERCENT // 100, 9, 25)

    def carry_over(self) -> None:
        """What is not spent goes on into the next year."""
        carry_over_rest(self.project, by=self.cast.leader, paper=self._paper("QĐ-UBND", 12, 20))

    def _send_up(self) -> None:
        paper = self._paper("TTr-SCT", 1, 15)
        versions = {self.project.pk: self._version()}
        self.batch = send_batch(versions=versions, by=self.cast.department, paper=paper, note=ILLUSTRATION_NOTE)

    def _ministry_agrees(self) -> None:
        answer = Answer(MinistryResult.AGREED, self._paper("BCT-CTĐP", 1, 18))
        versions = {self.project.pk: self._version()}
        record_results(batch_id=self.batch.pk, versions=versions, answer=answer, by=self.cast.department)

    def _approve(self) -> None:
        if self.story.track is Track.NATIONAL:
            self._ministry_agrees()
        lines = FundingLine.objects.filter(project=self.project)
        approve(
            project_id=self.project.pk,
            amounts={(line.participant_id, line.source_id): line.requested_vnd for line in lines},
            by=self.cast.leader,
            version=self._version(),
            paper=self._paper("QĐ-UBND", 1, 20),
            norm_reason=PASSED,
        )

    def _sign(self) -> None:
        contracts = [
            NewContract(participant, f"{self.number}.{index}/HĐ-TTKC", self._day(2, 5), support)
            for index, (participant, support) in enumerate(self._support().items(), start=1)
        ]
        sign_contract(project_id=self.project.pk, contracts=contracts, by=self.cast.centre, version=self._version())

    def _begin(self) -> None:
        for line in self._state_lines():
            self._voucher(line, LedgerKind.ADVANCE, _advance(line), 2, 25)
        self._report(6, 15, 60, "Đã ký hợp đồng mua máy, đang lắp đặt.")
        number_machines(self.project.pk, on=self._day(6, 10), by=self.cast.centre)
        self._check("01", 6, 22, 50, "Máy đã về nơi sản xuất, chưa đấu điện xong.")

    def _accept(self) -> None:
        self._report(9, 30, 100, "Hoàn thành toàn bộ khối lượng.")
        self._check("02", 10, 5, 100, "Máy chạy đúng công suất, đủ hồ sơ.")
        planned = self.project.indicators.values_list("pk", "planned_value")
        accept(
            project_id=self.project.pk,
            achieved={pk: value or 0 for pk, value in planned},
            others=[],
            costs={line.participant_id: line.total_vnd for line in cost_table(self.project).lines},
            by=self.cast.centre,
            version=self._version(),
            paper=self._paper("BBNT-TTKC", 10, 8),
        )

    def _liquidate(self) -> None:
        for line in self._state_lines():
            self._voucher(line, LedgerKind.PAYMENT, (line.approved_vnd or 0) - _advance(line), 10, 20)
        self._move(Action.LIQUIDATE, self.cast.centre, self._paper("BBTL-TTKC", 10, 28))

    def _settle(self) -> None:
        settle_project(
            project_id=self.project.pk,
            by=self.cast.accountant,
            version=self._version(),
            paper=self._paper("QT-SCT", 11, 10),
        )

    def _report(self, month: int, day: int, percent: int, content: str) -> None:
        report_progress(
            project_id=self.project.pk,
            report_date=self._day(month, day),
            percent=percent,
            content=content,
            by=self.cast.centre,
            version=self._version(),
        )

    def _check(self, number: str, month: int, day: int, percent: int, findings: str) -> None:
        number, on = f"{self.number}.{number}", self._day(month, day)
        check_field(self.project.pk, number=number, on=on, percent=percent, findings=findings, by=self.cast.centre)

    def _voucher(self, line: FundingLine, kind: LedgerKind, vnd: int, month: int, day: int) -> None:
        record_entry(
            project_id=self.project.pk,
            kind=kind,
            source_id=line.source_id,
            participant_id=line.participant_id,
            amount_vnd=vnd,
            voucher_number=f"{SERIES[kind]}-{self.number}-{line.pk}",
            voucher_date=self._day(month, day),
            by=self.cast.accountant,
        )

    def _move(self, action: Action, by: User, paper: Paper | None = None, reason: str = "") -> None:
        move(project_id=self.project.pk, action=action, by=by, version=self._version(), paper=paper, reason=reason)

    def _state_lines(self) -> list[FundingLine]:
        lines = FundingLine.objects.filter(project=self.project, approved_vnd__gt=0).select_related("source")
        return [line for line in lines if line.source.is_state_money]

    def _support(self) -> dict[int | None, int]:
        support: dict[int | None, int] = {}
        for line in self._state_lines():
            support[line.participant_id] = support.get(line.participant_id, 0) + (line.approved_vnd or 0)
        return support

    def _version(self) -> int:
        return Project.objects.values_list("version", flat=True).get(pk=self.project.pk)

    def _day(self, month: int, day: int) -> datetime.date:
        """That day of the plan year; in the current year drawn together, in order, so that none lies ahead of today."""
        planned, today = datetime.date(self.story.year, month, day), timezone.localdate()
        if self.story.year < today.year:
            return planned
        first, last = datetime.date(self.story.year, 1, 1), datetime.date(self.story.year, 12, 31)
        return first + (planned - first) * (today - first).days // (last - first).days

    def _paper(self, series: str, month: int, day: int) -> Paper:
        return Paper(f"{self.number}/{series}", self._day(month, day))


def _advance(line: FundingLine) -> int:
    return (line.approved_vnd or 0) * ADVANCE_PERCENT // 100
