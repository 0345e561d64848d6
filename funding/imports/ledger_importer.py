"""Vouchers of a file: what would become of each row, judged as the forms judge it, and the writing of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from funding.actions.open_year import check_open, hold_year
from funding.actions.voucher import Judged, entry_event, judge_voucher, posting_of
from funding.actions.wording import dong
from funding.imports.ledger_match import (
    KnownProject,
    ProjectFinder,
    ask_which,
    contract_choices,
    contract_named,
    name_doubt,
    payee_doubt,
    payees_meant,
)
from funding.imports.ledger_said import Said, cell_problems, known_verdict, refusal_of, rows_text
from funding.models import AdvanceCheck, BudgetYear, LedgerEntry, LedgerKind, Source
from funding.queries.project_ledger import ProjectLedger, load_ledgers
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import Entry, record_many
from khuyencong.errors import Refused
from khuyencong.formfields import MAX_FIELD_VND
from khuyencong.importing.fields import ImportField, Problem, Understood
from khuyencong.importing.kinds import Importer, Verdict, Written
from khuyencong.importing.models import RowVerdict
from programs import policies
from programs.imports.columns import as_json
from programs.imports.one_at_a_time import wait_for_turn
from programs.imports.writing import value_problems
from programs.models import Project

TURN = "so-tien"


@dataclass(frozen=True)
class Plan:
    """What a row comes to; with a voucher: its project's ledger, and what was out of the project before it."""

    verdict: Verdict
    judged: Judged | None = None
    ledger: ProjectLedger | None = None
    out_before_vnd: int = 0


class LedgerImporter(Importer):
    """Rows are judged in the file's order, each with the ones before it counted in its project's ledger.

    Ledgers are read once for a run: a portion costs a fixed number of queries. While it writes, the projects and their
    budget years are locked before they are read (projects by number, then years), and stay so until the end.
    """

    def __init__(self, user: User, fields: Sequence[ImportField]) -> None:
        self.user = user
        self.fields = fields
        self.finder = ProjectFinder(user)
        self._ledgers: dict[int, ProjectLedger] = {}
        self._brought: dict[int, int] = {}  # entry → row
        self._locked: set[int] = set()
        self._held: set[tuple[int, int]] = set()
        self._plans: dict[int, Plan] = {}  # by row, of projects that are locked

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        return {one.code: one for one in Source.objects.all()}

    @cached_property
    def closed(self) -> Mapping[tuple[int, int], BudgetYear]:
        """(province, year) that was closed when the run began."""
        return {(row.province_id, row.year): row for row in BudgetYear.objects.filter(is_closed=True)}

    def check(self, rows: Sequence[Understood]) -> list[Verdict]:
        policies.check_permission(self.user, Permission.LEDGER_RECORD)
        if self.is_writing:
            wait_for_turn(TURN)
        return [plan.verdict for plan in self._judge(rows, lock=self.is_writing)]

    def write(self, rows: Sequence[Understood]) -> list[Written]:
        """Takes the rows that were found NEW; one that is EQUAL by now is passed over."""
        policies.check_permission(self.user, Permission.LEDGER_RECORD)
        wait_for_turn(TURN)
        judged = [plan for row in rows if (plan := self._plans.pop(row.number, None))]
        plans = judged if len(judged) == len(rows) else self._judge(rows, lock=True)
        _check_writable(plans)
        kept = [plan for plan in plans if plan.judged]
        _store(kept)
        record_many(_events(kept), by=self.user)
        self._brought |= {plan.judged.entry.pk: plan.verdict.number for plan in kept if plan.judged}
        return [_written(plan) for plan in kept]

    def _judge(self, rows: Sequence[Understood], *, lock: bool) -> list[Plan]:
        problems = {row.number: list(row.problems) or self._problems(row) for row in rows}
        sound = [row for row in rows if not problems[row.number]]
        self.finder.load(sound)
        found = {row.number: self.finder.find(row) for row in sound}
        self._load({one.pk for one in found.values() if isinstance(one, KnownProject)}, lock=lock)
        plans = [
            _refused(row, problems[row.number]) if problems[row.number] else self._plan(row, found[row.number])
            for row in rows
        ]
        if lock:
            self._plans |= {plan.verdict.number: plan for plan in plans}
        return plans

    def _problems(self, row: Understood) -> list[Problem]:
        problems = cell_problems(row, self.fields, timezone.localdate()) + value_problems(row.values, self.fields)
        amount = row.values.get("amount_vnd")
        if isinstance(amount, int) and amount > MAX_FIELD_VND:
            problems.append(Problem("amount_vnd", "Số tiền quá lớn. Hãy kiểm tra lại đơn vị tính."))
        return problems

    def _load(self, pks: set[int], *, lock: bool) -> None:
        """Ledgers that the run has not read; while it writes those of locked projects, in the order of their keys."""
        wanted = pks - self._locked if lock else pks - self._ledgers.keys()
        if not wanted:
            return
        projects = Project.objects.visible_to(self.user).filter(pk__in=wanted).order_by("pk")
        if lock:
            projects = projects.select_for_update(of=("self",))
            self._locked |= wanted
        self._ledgers |= load_ledgers(projects, rows=self._brought)

    def _plan(self, row: Understood, project: KnownProject | Problem) -> Plan:
        if isinstance(project, Problem):
            return _refused(row, [project])
        ledger = self._ledgers.get(project.pk)
        source = self.sources.get(str(row.values["source"]))
        if ledger is None or source is None:
            return _refused(row, [Problem("project_code", "Đề án này vừa được chuyển đi. Hãy kiểm tra lại tệp.")])
        payees = payees_meant(ledger, str(row.values.get("payee") or ""), source)
        if isinstance(payees, Problem):
            return _refused(row, [payees])
        said = Said(row, ledger, source, payees)
        if known := known_verdict(said):
            return Plan(known)
        return self._new(said, project)

    def _new(self, said: Said, project: KnownProject) -> Plan:
        """A voucher that nobody has recorded: the form's own rules, and what it changes."""
        ledger, payees = said.ledger, said.payees
        if len(payees.ids) > 1:
            return _refused(said.row, [ask_which(ledger, payees, said.source)])
        contract = contract_named(ledger, said.text("contract")) if said.text("contract") else None
        if isinstance(contract, Problem):
            return _refused(said.row, [contract])
        voucher = said.voucher(payees.ids[0], contract.pk if contract else None)
        try:
            judged = judge_voucher(ledger, voucher, by=self.user, open_year=self._open_year)
        except Refused as refusal:
            return _refused(said.row, [_with_choices(refusal_of(said, refusal.message, refusal.field), voucher, said)])
        before = ledger.state.total_out_vnd
        changes = _changes(said, judged.entry, before)
        ledger.post(posting_of(judged.entry, row=said.row.number))
        doubts = (name_doubt(said.row, project), payee_doubt(ledger, payees))
        told = tuple(doubt for doubt in doubts if doubt)
        verdict = Verdict(said.row.number, RowVerdict.NEW, None, changes, told)
        return Plan(verdict, judged, ledger, before)

    def _open_year(self, ledger: ProjectLedger, year: int) -> None:
        """Errors: Refused when the year is closed. While the run writes, the year is held open."""
        if ledger.province is None:
            return
        key = (ledger.province.pk, year)
        if key in self.closed:
            check_open(self.closed[key], ledger.province)
        if ledger.project.pk in self._locked and key not in self._held:
            hold_year(ledger.province, year)
            self._held.add(key)


def _refused(row: Understood, problems: Iterable[Problem]) -> Plan:
    return Plan(Verdict(row.number, RowVerdict.REFUSED, problems=tuple(problems)))


def _with_choices(problem: Problem, voucher: object, said: Said) -> Problem:
    """A contract that has to be chosen is offered."""
    if problem.field != "contract":
        return problem
    offered = said.ledger.contracts_for(said.payees.ids[0])
    return Problem(problem.field, problem.message, contract_choices(offered))


def _changes(said: Said, entry: LedgerEntry, before_vnd: int) -> dict[str, tuple[str, str]]:
    after = before_vnd + posting_of(entry).effect_vnd
    told = {
        "Đề án": str(said.ledger.project),
        "Loại": LedgerKind(entry.kind).label,
        "Bên nhận": said.ledger.payee_name(entry.participant_id),
        "Nguồn vốn": said.source.name,
        "Hợp đồng": entry.contract.number if entry.contract else "",
        "Năm ngân sách": str(entry.year),
        "Số tiền": dong(entry.amount_vnd),
        "Đã tính các dòng trước": rows_text(said.ledger.rows) if said.ledger.rows else "",
    }
    changes = {label: ("", text) for label, text in told.items() if text}
    return changes | {"Đã chi cho đề án": (dong(before_vnd), dong(after))}


def _check_writable(plans: Iterable[Plan]) -> None:
    """Errors: Refused, naming the row, when a row can no longer be written."""
    for plan in plans:
        if plan.verdict.verdict in (RowVerdict.REFUSED, RowVerdict.DUPLICATE):
            told = " ".join(problem.message for problem in plan.verdict.problems)
            raise Refused(f"Dòng {plan.verdict.number}: {told}")


def _store(plans: Sequence[Plan]) -> None:
    judged = [plan.judged for plan in plans if plan.judged]
    LedgerEntry.objects.bulk_create([one.entry for one in judged])
    checks = []
    for one in judged:
        if one.advance is not None:
            one.advance.entry = one.entry
            checks.append(one.advance)
    AdvanceCheck.objects.bulk_create(checks)


def _events(plans: Iterable[Plan]) -> Iterator[Entry]:
    for plan in plans:
        assert plan.judged is not None
        assert plan.ledger is not None
        entry = plan.judged.entry
        yield entry_event(
            plan.ledger,
            entry,
            out_before_vnd=plan.out_before_vnd,
            action=f"record_{entry.kind}",
            label=f"Ghi {LedgerKind(entry.kind).label.lower()} (nhập từ Excel)",
            note=entry.note,
        )


def _written(plan: Plan) -> Written:
    assert plan.judged is not None
    entry = plan.judged.entry
    return Written(plan.verdict.number, entry._meta.label_lower, entry.pk, {}, as_json(entry))
