"""Whole files of vouchers: brought in, exported and brought in again, taken back by reversals; sums hold."""

import io
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.year import close_year
from funding.models import AdvanceCheck, LedgerEntry, LedgerKind
from funding.queries.ledger import ledger_state, running_ledger
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.importing import checking
from khuyencong.importing.actions.apply import apply_batch
from khuyencong.importing.models import BatchState
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.workbooks.template import write_template
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, unit
from tests.funding.limits import make_contract
from tests.funding.makers import MILLION, PAID, YEAR, add_entry, add_line, approved_project, source
from tests.funding.vouchers import KIND, bring, file_of, standing, take_back, voucher, written_line
from tests.importing.room import checked, url
from tests.programs.importing import taken_back, understood, written
from tests.reports.asking import build, form_parameters

pytestmark = pytest.mark.django_db
M = MILLION


@pytest.fixture
def running(centre_officer):
    """In progress, 100 triệu approved for the whole project."""
    return approved_project(centre_officer, 100 * M, status=Status.IN_PROGRESS.value)


def verdicts(batch):
    return {row.number: (row.verdict, row.problems) for row in batch.rows.all()}


def exported(user):
    stream = io.BytesIO()
    places = PlaceFinder.for_area(user.area_id)
    write_template(KIND, KIND.fields(user), stream, places=places, rows=KIND.rows(user))
    return stream.getvalue()


def out(project):
    return ledger_state(project.pk).total_out_vnd


def three(project):
    return file_of(
        written_line(project, "UNC 1", 60 * M, "Tạm ứng"),
        written_line(project, "UNC 2", 40 * M, "TT"),
        written_line(project, "GNT 3", "10.000.000", "Nộp lại"),
    )


def test_a_list_as_offices_write_it_goes_in_and_comes_back(running, accountant):
    batch = bring(three(running), accountant)
    assert batch.counts == {"new": 3}, verdicts(batch)
    assert out(running) == 90 * M
    assert standing() == [
        ("advance", "UNC 1", 60 * M),
        ("payment", "UNC 2", 40 * M),
        ("recovery", "GNT 3", 10 * M),
    ]
    assert AdvanceCheck.objects.get().advanced_vnd == 60 * M
    assert checked(KIND, three(running), accountant).counts == {"equal": 3}
    undone = take_back(batch, accountant)
    assert (undone.state, out(running), standing()) == (BatchState.UNDONE, 0, [])
    assert [row.balance_vnd for row in running_ledger(running)][-1] == 0
    reversals = LedgerEntry.objects.filter(reverses__isnull=False).order_by("pk")
    assert [one.reverses.voucher_number for one in reversals] == ["GNT 3", "UNC 2", "UNC 1"]
    assert {one.note for one in reversals} == {f"Lấy lại lần nhập số {batch.pk}"}
    assert {one.voucher_date for one in reversals} == {PAID}
    events = list(AuditEvent.objects.order_by("pk"))
    assert [one.action for one in events[-4:]] == ["reverse_entry"] * 3 + ["import_undo"]
    assert events[-2].changes["Đã chi cho đề án"] == ["60.000.000 đồng", "0 đồng"]
    assert list(broken_links(events)) == []


def test_after_it_was_taken_back_the_same_file_may_be_written_again(running, accountant):
    take_back(bring(three(running), accountant), accountant)
    again = bring(three(running), accountant)
    assert again.counts == {"new": 3}, verdicts(again)
    assert out(running) == 90 * M
    take_back(again, accountant)
    assert (out(running), standing()) == (0, [])


def test_refused_rows_are_left_out_of_the_sums(running, accountant):
    lines = [written_line(running, f"UNC {number}", vnd * M) for number, vnd in enumerate((60, 50, 40))]
    batch = bring(file_of(*lines), accountant, only_good=True)
    assert batch.counts == {"new": 2, "refused": 1}
    assert out(running) == 100 * M


def test_portions_count_what_earlier_portions_wrote(running, accountant, monkeypatch):
    lines = [written_line(running, f"UNC {number}", vnd * M) for number, vnd in enumerate((30, 30, 50, 40, 1))]
    batch = checked(KIND, file_of(*lines, lines[0], lines[3]), accountant)
    assert [verdict for verdict, _ in verdicts(batch).values()] == [
        "new",
        "new",
        "refused",
        "new",
        "refused",
        "duplicate",
        "duplicate",
    ]
    monkeypatch.setattr(checking, "PORTION", 2)
    batch = apply_batch(batch_id=batch.pk, only_good=True, version=batch.version, by=accountant)
    assert [vnd // M for _, _, vnd in standing()] == [30, 30, 40]
    take_back(batch, accountant)
    assert out(running) == 0


def test_a_voucher_recorded_meanwhile_is_seen_before_anything_is_written(running, accountant):
    batch = checked(KIND, three(running), accountant)
    add_entry(running, accountant, 5 * M)
    with pytest.raises(Overtaken, match="Dòng khác đi: 4, 5, 6"):
        apply_batch(batch_id=batch.pk, only_good=False, version=batch.version, by=accountant)
    assert out(running) == 5 * M


def test_what_is_exported_comes_back_equal(running, accountant, centre_officer):
    project = approved_project(centre_officer, 10 * M, status=Status.IN_PROGRESS.value)
    namesakes = [add_participant(project, make_beneficiary(name="Trùng tên")) for _ in range(2)]
    for payee in namesakes:
        add_line(project, "KCQG", 50 * M, 50 * M, payee)
        make_contract(project, centre_officer, 40 * M, payee, number=f"{payee.pk}/HĐ")
        for kind, vnd in (("advance", 20 * M + 1), ("payment", 7), ("recovery", 3)):
            record_entry(
                project_id=project.pk,
                kind=LedgerKind(kind),
                source_id=source("KCQG").pk,
                participant_id=payee.pk,
                amount_vnd=vnd,
                voucher_number=f"0{payee.pk}{vnd}",
                voucher_date=PAID,
                by=accountant,
                treasury_reference="0012345",
                note="Đợt 1; theo biên bản",
            )
    add_entry(running, accountant, 10 * M)
    wrong = add_entry(running, accountant, M, voucher_number="SAI")
    reverse_entry(entry_id=wrong.pk, reason="Sai", by=accountant, voucher_number="H-1", voucher_date=PAID)
    batch = checked(KIND, exported(accountant), accountant)
    assert batch.counts == {"equal": 7}, verdicts(batch)
    with pytest.raises(Refused, match="không có gì để ghi"):
        apply_batch(batch_id=batch.pk, only_good=False, version=batch.version, by=accountant)


def test_the_number_of_queries_of_an_export_does_not_grow(centre_officer, accountant, django_assert_num_queries):
    for number in (2, 20):
        for _ in range(number):
            add_entry(approved_project(centre_officer, M), accountant, M)
        with django_assert_num_queries(1):
            found = list(KIND.rows(accountant))
        assert len(found) == LedgerEntry.objects.count()


def test_another_area_is_not_exported(running, accountant, stranger):
    add_entry(running, accountant, M)
    assert list(KIND.rows(stranger)) == []
    assert len(list(KIND.rows(accountant))) == 1


def test_a_payee_is_chosen_on_the_page_of_the_row(running, accountant, client):
    payee = running.participants.get()
    add_line(running, "KCDP", 50 * M, 50 * M, payee)
    batch = checked(
        KIND, file_of(written_line(running, "UNC 1", 10 * M), written_line(running, "UNC 2", 45 * M)), accountant
    )
    assert batch.counts == {"refused": 2}
    client.force_login(accountant)
    for number in (4, 5):
        address = url("row-edit", batch.pk, number)
        form = client.get(address).context["form"]
        batch.refresh_from_db()
        values = {name: form[name].initial or "" for name in form.fields}
        client.post(address, {**values, "version": batch.version, "p_payee": str(payee)})
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "refused": 1}
    assert "Đã tính dòng 4 của tệp." in str(batch.rows.get(number=5).problems)


class TestTakingBack:
    def test_a_closed_year_names_every_voucher(self, running, accountant):
        batch = bring(three(running), accountant)
        close_year(province_id=unit("96").pk, year=YEAR, by=accountant, version=0)
        with pytest.raises(Refused) as refusal:
            take_back(batch, accountant)
        lines = refusal.value.message.splitlines()
        assert len(lines) == 4
        assert f"Dòng 4, chứng từ UNC 1 của đề án {running.code}: Sổ năm {YEAR}" in lines[1]
        assert out(running) == 90 * M

    def test_a_settled_project(self, running, accountant):
        batch = bring(three(running), accountant)
        running.status = Status.SETTLED.value
        running.save()
        with pytest.raises(Refused, match=r"UNC 2 .*đã quyết toán"):
            take_back(batch, accountant)

    def test_a_voucher_that_somebody_reversed(self, running, accountant):
        batch = bring(three(running), accountant)
        entry = LedgerEntry.objects.get(voucher_number="UNC 2")
        reverse_entry(entry_id=entry.pk, reason="Sai", by=accountant, voucher_number="H-1", voucher_date=PAID)
        with pytest.raises(Refused, match=r"UNC 2 .*đã bị hủy trước đó") as refusal:
            take_back(batch, accountant)
        assert "UNC 1" not in refusal.value.message
        assert out(running) == 50 * M

    def test_money_that_came_back_since(self, running, accountant):
        batch = bring(three(running), accountant)
        add_entry(running, accountant, 50 * M, LedgerKind.RECOVERY)
        with pytest.raises(Refused, match="thu về nhiều hơn số đang chi"):
            take_back(batch, accountant)
        assert out(running) == 40 * M

    def test_the_kind_asks_for_right_and_area(self, running, accountant, leader, stranger):
        batch = bring(three(running), accountant)
        objects = list(batch.objects_written.order_by("pk"))
        stranger.role = accountant.role
        for user in (leader, stranger):
            with pytest.raises(NotAllowed):
                KIND.take_back(objects, batch=batch, by=user)
        assert out(running) == 90 * M

    def test_the_number_of_queries_does_not_grow(self, centre_officer, accountant, django_assert_max_num_queries):
        def batch_of(number):
            projects = [approved_project(centre_officer, 9 * M, status=Status.IN_PROGRESS.value) for _ in range(number)]
            return bring(file_of(*(written_line(one, "UNC", M) for one in projects)), accountant)

        for batch in (batch_of(2), batch_of(25)):
            objects = list(batch.objects_written.order_by("pk"))
            with django_assert_max_num_queries(12):
                assert KIND.dependants(objects) == []
            with django_assert_max_num_queries(30):
                KIND.take_back(objects, batch=batch, by=accountant)


AMOUNTS = st.lists(
    st.tuples(st.sampled_from(["advance", "payment", "recovery"]), st.integers(1, 120), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(AMOUNTS, AMOUNTS)
def test_after_every_row_and_every_reversal_the_sums_hold(centre_officer, accountant, first, second):
    """Nobody holds less than nothing, no line more than was approved; undone, all is as it was."""
    project = approved_project(centre_officer, 60, status=Status.IN_PROGRESS.value)
    payee = add_participant(project)
    add_line(project, "KCDP", 100, 100, payee)
    names = ("", "Chung cả đề án", str(payee))
    made, before = [], []
    for number, rows in enumerate((first, second)):
        before.append(figures(project))
        values = [
            voucher(project, f"{number}-{place}", vnd, kind, payee=names[who])
            for place, (kind, vnd, who) in enumerate(rows)
        ]
        made.append(written(KIND, accountant, understood(*values)))
        replay(project)
    for objects, earlier in zip(reversed(made), reversed(before), strict=True):
        assert taken_back(KIND, accountant, objects) == len(objects)
        replay(project)
        assert figures(project) == earlier


def figures(project):
    return {key: vnd for key, vnd in ledger_state(project.pk).out.items() if vnd}


def replay(project):
    """Entry by entry, as they were recorded."""
    sums = Counter()
    for entry in LedgerEntry.objects.filter(project=project).order_by("pk").select_related("reverses"):
        gives = (entry.kind == LedgerKind.RECOVERY) == (entry.reverses is not None)
        sums[entry.participant_id, entry.source_id] += entry.amount_vnd if gives else -entry.amount_vnd
        assert all(vnd >= 0 for vnd in sums.values())
    state = ledger_state(project.pk)
    assert sums == Counter(state.out)
    assert state.overspent_lines() == []
    assert state.over_recovered() == []


def form_figures(user):
    """(form, basis, row) → the row of the year's form."""
    period = {"year": str(YEAR), "start": f"01/01/{YEAR}", "end": f"31/12/{YEAR}"}
    found = {}
    for slug, basis in (("giai-ngan", ""), ("kinh-phi", "approved"), ("kinh-phi", "disbursed")):
        [table] = build(slug, form_parameters(slug, user, unit("96"), **period, **({"basis": basis} if basis else {})))
        for place in range(len(table.rows)):
            found[slug, basis, place] = {column.key: table.value(place, column.key) for column in table.columns}
    return found


def test_the_forms_move_by_the_sums_of_the_file_and_back(centre_officer, accountant, department_officer):
    project = approved_project(centre_officer, 200 * M, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 5 * M)
    before = form_figures(department_officer)
    batch = bring(three(project), accountant)
    after = form_figures(department_officer)
    moves = {
        (key[0], key[1], column): after[key][column] - old[column]
        for key, old in before.items()
        for column in old
        if isinstance(old[column], int) and after[key][column] != old[column]
    }
    assert moves.pop(("giai-ngan", "", "left")) == -90 * M
    assert {key[:2] for key in moves} == {("giai-ngan", ""), ("kinh-phi", "disbursed")}
    assert {vnd for key, vnd in moves.items() if key[0] == "kinh-phi"} == {90 * M}
    shown = {"advanced": 60, "paid": 40, "recovered": 10, "net": 90}
    wanted = {name: vnd * M for name, vnd in shown.items()} | {f"all_{name}": vnd * M for name, vnd in shown.items()}
    assert {key[2]: vnd for key, vnd in moves.items() if key[0] == "giai-ngan"} == wanted
    take_back(batch, accountant)
    assert form_figures(department_officer) == before
