"""What other systems of this kind were seen to get wrong, each as a test of its own."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.models import Approval, CarryOver, FundingLine, LedgerEntry, Source
from khuyencong.accounts.models import Organisation
from khuyencong.audit.record import record
from programs.models import (
    Beneficiary,
    CraftVillage,
    IndicatorValue,
    Product,
    ProductAwardEvent,
    Programme,
    ProgrammeTarget,
    Project,
    ResultIndicator,
    SupportEvaluation,
    SupportItem,
    WordKind,
)
from programs.word.context import Subject, document_context
from programs.word.documents import DOCUMENTS
from programs.workflow import Status, Track
from reports.definitions import DEFINITIONS
from tests.factories import add_participant, make_beneficiary, make_project, send_to_ministry, unit
from tests.funding.treasury_files import statement
from tests.reports.asking import ASKED, build, figures, form_parameters
from tests.reports.exports import addresses, cells_of
from tests.reports.locking import lock
from tests.reports.rounds import make_round
from tests.reports.world import area_unit, source_of
from tests.responses import content_of

pytestmark = pytest.mark.django_db
D = datetime.date
MILLION = 1_000_000
DECIDED, PAID = D(2026, 3, 1), D(2026, 5, 5)
APPROVED = Status.APPROVED.value


def approve(project, by, **amounts):
    decision = {"decision_number": "1/QĐ", "decision_date": DECIDED, "approved_by": by, "approved_at": timezone.now()}
    Approval.objects.create(project=project, **decision)
    for kind, vnd in amounts.items():
        FundingLine.objects.create(project=project, source=source_of(kind), approved_vnd=vnd)
    return project


def pay(project, by, vnd):
    told = {"recorded_by": by, "recorded_at": timezone.now(), "voucher_number": f"CT-{vnd}", "voucher_date": PAID}
    return LedgerEntry.objects.create(
        kind="payment", project=project, source=source_of("provincial"), amount_vnd=vnd, year=2026, **told
    )


def tables_of(slug, user, **asked):
    return build(slug, form_parameters(slug, user, area_unit("province"), **asked))


class TestStartDateInPlaceOfEndDate:
    def test_the_years_of_a_project_run_to_its_end(self, department_officer):
        days = {"start_date": D(2025, 11, 1), "end_date": D(2027, 2, 1)}
        approve(
            make_project(created_by=department_officer, name="Máy sấy", status=APPROVED, **days), department_officer
        )
        _, local, _ = tables_of("du-an", department_officer)
        assert figures(local, "name", "years")["Máy sấy"] == ("2025–2027",)

    @pytest.mark.parametrize("kind", [WordKind.APPRAISAL, WordKind.CONTRACT, WordKind.ACCEPTANCE, WordKind.LIQUIDATION])
    def test_word_documents_print_each_day_in_its_own_place(self, kind, department_officer):
        days = {"start_date": D(2026, 2, 5), "end_date": D(2026, 11, 30)}
        project = make_project(created_by=department_officer, **days)
        printed = document_context(Subject(project, DOCUMENTS[kind], department_officer))
        assert (str(printed["ngay_bat_dau"]), str(printed["ngay_ket_thuc"])) == ("05/02/2026", "30/11/2026")

    def test_results_and_money_keep_to_days_of_their_own(self, department_officer):
        """Neither end of the project decides in which period its results and vouchers count."""
        days = {"start_date": D(2025, 1, 5), "end_date": D(2027, 11, 30), "status": Status.SETTLED.value}
        project = make_project(created_by=department_officer, **days)
        value = {"year": 2026, "budget": "provincial", "achieved_value": 7, "achieved_date": D(2026, 6, 1)}
        IndicatorValue.objects.create(project=project, indicator=ResultIndicator.objects.get(code="1"), **value)
        pay(project, department_officer, 9 * MILLION)
        for year, achieved, paid in ((2025, 0, 0), (2026, 7, 9 * MILLION), (2027, 0, 0)):
            asked = {"year": str(year), "start": f"15/12/{year - 1}", "end": f"14/12/{year}"}
            [results] = tables_of("ket-qua", department_officer, **asked)
            [money] = tables_of("kinh-phi", department_officer, **asked)
            assert figures(results, "number", "provincial")["1"] == (achieved,)
            assert figures(money, "name", "provincial")["Tổng cộng"] == (paid,)


class TestRegisteredInPlaceOfCertified:
    def test_each_heading_counts_its_own_products(self, department_officer):
        maker = make_beneficiary()
        for number, kinds in enumerate([("registered",), ("registered",), ("registered", "certified"), ("certified",)]):
            product = Product.objects.create(beneficiary=maker, name=f"Khô cá {number}", group="food")
            for kind in kinds:
                day = {"event_date": D(2026, 6, 1), "decision_number": "12/QĐ"}
                ProductAwardEvent.objects.create(product=product, level="province", kind=kind, **day)
        [table] = tables_of("binh-chon", department_officer)
        found = figures(table, "number", "province")
        assert (found["1"], found["1.2"]) == ((3,), (3,))
        assert (found["2"], found["2.2"]) == ((2,), (2,))

    def test_a_registration_alone_certifies_nothing(self, department_officer):
        product = Product.objects.create(beneficiary=make_beneficiary(), name="Khô cá", group="food")
        ProductAwardEvent.objects.create(
            product=product, level="province", kind="registered", event_date=D(2026, 6, 1), decision_number=""
        )
        [table] = tables_of("binh-chon", department_officer)
        assert figures(table, "number", "province")["2"] == (0,)


class TestRowsMatchedBySubstring:
    def test_an_item_whose_name_lies_inside_another(self, department_officer):
        """ "Tư vấn" is a part of "Tư vấn lập dự án" and both are rows; so are 1, 10 and 1.1 parts of each other."""
        names = {1: "Tư vấn", 10: "Hỗ trợ thuê Tư vấn lập dự án", 17: "tư vấn"}
        for row, name in names.items():
            SupportItem.objects.filter(row=row).update(name=name)
            item = SupportItem.objects.get(row=row)
            project = make_project(created_by=department_officer, support_item=item, status=Status.IN_PROGRESS.value)
            pay(approve(project, department_officer, provincial=row * 3 * MILLION), department_officer, row * MILLION)
        [paid] = tables_of("kinh-phi", department_officer)
        [approved] = tables_of("kinh-phi", department_officer, basis="approved")
        compared = tables_of("so-sanh", department_officer)[0]
        for table, key, worth in ((paid, "provincial", 1), (approved, "provincial", 3), (compared, "now", 1)):
            found = {number: row[0] for number, row in figures(table, "number", key).items() if row[0]}
            total = found.pop("None")
            assert found == {str(row): row * worth * MILLION for row in names}
            assert total == sum(found.values())

    def test_indicators_are_told_apart_by_their_whole_number(self, department_officer):
        project = make_project(created_by=department_officer, status=Status.ACCEPTED.value)
        for code, value in (("1", 5), ("1.1", 7), ("10", 11), ("13.1", 13)):
            known = {"year": 2026, "budget": "central", "achieved_value": value, "achieved_date": D(2026, 6, 1)}
            IndicatorValue.objects.create(project=project, indicator=ResultIndicator.objects.get(code=code), **known)
        [table] = tables_of("ket-qua", department_officer)
        found = {number: row[0] for number, row in figures(table, "number", "central").items() if row[0]}
        assert found == {"1": 5, "1.1": 7, "10": 11, "13.1": 13}


class TestBeneficiariesOfTheSecondSheet:
    @pytest.fixture
    def decided(self, department_officer):
        """One project of each track, and one of the national track that both budgets pay; each with establishments."""
        by, made = department_officer, {}
        for name, track, amounts in (
            ("Chỉ TW", Track.NATIONAL, {"central": 100 * MILLION}),
            ("Cả hai", Track.NATIONAL, {"central": 200 * MILLION, "provincial": 50 * MILLION}),
            ("Chỉ ĐP", Track.LOCAL, {"provincial": 30 * MILLION}),
        ):
            made[name] = approve(
                make_project(created_by=by, name=name, track=track.value, status=APPROVED), by, **amounts
            )
            for number in (1, 2):
                add_participant(made[name], make_beneficiary(name=f"{name} {number}"))
        return made

    def test_the_establishments_of_both_sheets_are_listed(self, decided, department_officer):
        *_, listed = tables_of("du-an", department_officer)
        names = [row.cells["beneficiary"] for row in listed.rows if "beneficiary" in row.cells]
        assert sorted(names) == sorted(f"{name} {number}" for name in decided for number in (1, 2))

    def test_a_project_of_both_budgets_keeps_both_and_is_there_once(self, decided, department_officer):
        national, local, _ = tables_of("du-an", department_officer)
        found = figures(national, "name", "central", "provincial", "support")
        assert found["Cả hai"] == (200 * MILLION, 50 * MILLION, 250 * MILLION)
        assert set(figures(local, "name", "support")) == {"Chỉ ĐP", "Tổng cộng"}

    def test_both_sheets_together_are_what_the_funding_form_says(self, decided, department_officer):
        sheets = tables_of("du-an", department_officer)[:2]
        totals = [figures(sheet, "name", "central", "provincial")["Tổng cộng"] for sheet in sheets]
        [funding] = tables_of("kinh-phi", department_officer, basis="approved")
        together = tuple(map(sum, zip(*totals, strict=True)))
        assert together == figures(funding, "name", "central", "provincial")["Tổng cộng"]
        assert together == (300 * MILLION, 80 * MILLION)


class TestUndatedAndRefusedProjects:
    def test_a_refused_project_counts_nowhere_but_among_the_refused(self, department_officer):
        project = make_project(created_by=department_officer, status=Status.REFUSED.value)
        line = {"requested_vnd": 99 * MILLION, "approved_vnd": None}
        FundingLine.objects.create(project=project, source=source_of("provincial"), **line)
        value = {"year": 2026, "budget": "provincial", "achieved_value": 7, "achieved_date": D(2026, 6, 1)}
        IndicatorValue.objects.create(project=project, indicator=ResultIndicator.objects.get(code="1"), **value)
        add_participant(project)
        opened = {slug for slug in DEFINITIONS for table in tables_of(slug, department_officer) if links_of(table)}
        assert opened == {"tong-hop-de-an"}
        [standing] = tables_of("tong-hop-de-an", department_officer)
        assert figures(standing, "name", "refused.so", "refused.tien", "every")["Tổng cộng"] == (1, 99 * MILLION, 1)

    def test_an_undated_project_counts_by_its_plan_year_and_in_no_period_of_decisions(self, department_officer):
        by = department_officer
        project = make_project(created_by=by, status=Status.IN_PROGRESS.value, approved_date=None)
        FundingLine.objects.create(project=project, source=source_of("provincial"), approved_vnd=50 * MILLION)
        pay(project, by, 15 * MILLION)
        [approved] = tables_of("kinh-phi", by, basis="approved")
        [paid] = tables_of("kinh-phi", by)
        [years] = tables_of("nhieu-nam", by)
        [disbursement] = tables_of("giai-ngan", by)
        assert figures(approved, "name", "provincial")["Tổng cộng"] == (0,)
        assert figures(paid, "name", "provincial")["Tổng cộng"] == (15 * MILLION,)
        assert figures(years, "year", "provincial", "projects")["2026"] == (50 * MILLION, 1)
        assert figures(disbursement, "name", "approved", "net")["Tổng cộng"] == (50 * MILLION, 15 * MILLION)
        earlier = {"year": "2025", "start": "15/12/2024", "end": "14/12/2025"}
        assert figures(tables_of("giai-ngan", by, **earlier)[0], "name", "approved")["Tổng cộng"] == (0,)


def links_of(table):
    return [link for row in table.rows for key, link in row.links.items() if key != "name"]


class TestAnEmptySource:
    @pytest.mark.parametrize("slug", list(DEFINITIONS))
    def test_a_region_without_central_money_has_zeros_and_a_workbook(self, slug, client, department_officer):
        project = make_project(created_by=department_officer, status=Status.SETTLED.value)
        pay(approve(project, department_officer, provincial=20 * MILLION), department_officer, 15 * MILLION)
        for table in tables_of(slug, department_officer):
            for place, column in [(place, one) for place in range(len(table.rows)) for one in table.columns]:
                if column.key in ("central", "approved_central", "disbursed_central"):
                    assert table.value(place, column.key) == 0, (slug, column.key)
        client.force_login(department_officer)
        response = client.get(reverse("reports:form-export", args=[slug]), ASKED)
        texts = [str(cell.value) for cell in cells_of(response)]
        assert not [text for text in texts if text.startswith("#") or "None" in text or "nan" in text.split()]


EVIL = '=HYPERLINK("http://a.vn","NGUY")'
BEGINNINGS = ["=1+1 NGUY", "+84 NGUY", "-5 NGUY", "@SUM(A1) NGUY", EVIL]


class TestTextThatLooksLikeAFormula:
    @pytest.fixture
    def keys(self, department_officer, leader, accountant, local_officer):
        """Something of every kind under such a name; name of an address → the object it is about."""
        told = {"recorded_by": leader, "recorded_at": timezone.now()}
        Organisation.objects.filter(pk=department_officer.organisation_id).update(name=EVIL)
        Organisation.objects.filter(pk=local_officer.organisation_id).update(name="+84 NGUY")
        programme = Programme.objects.create(
            code="NGUY", name="+84 NGUY", track=Track.LOCAL.value, start_year=2026, end_year=2030
        )
        ProgrammeTarget.objects.create(programme=programme, name="-5 NGUY", unit="@SUM(A1) NGUY", value=5)
        SupportItem.objects.filter(row=10).update(name="=1+1 NGUY")
        Source.objects.filter(kind="provincial").update(name="@SUM(A1) NGUY")
        for name in BEGINNINGS:
            project = self.make_project(name, programme, leader)
        CraftVillage.objects.create(name="=1+1 NGUY", craft="+84 NGUY", place=unit("31843"))
        amount = {"from_year": 2025, "to_year": 2026, "amount_vnd": MILLION, "decision_number": "@SUM(A1) NGUY"}
        CarryOver.objects.create(
            project=project, source=source_of("provincial"), decision_date=D(2026, 1, 5), **amount, **told
        )
        statement(accountant, ("=1+1 NGUY", "+84 NGUY", 10 * MILLION))
        add_participant(project, make_beneficiary(name="=1+1 NGUY"))  # that nobody has evaluated
        Project.objects.filter(pk=project.pk).update(accepted_date=D(2020, 1, 5))
        record(by=leader, action="x", action_label="Sửa", obj=project, reason="=1+1 NGUY", document_number="+84 NGUY")
        batch = send_to_ministry(project, leader).batch
        return {
            "programs:ministry-batch-export": batch.pk,
            "programs:project-history-export": project.pk,
            "reports:locked-report-export": lock(department_officer, "giai-ngan").pk,
            "reports:round-export": make_round(department_officer, title="=1+1 NGUY").pk,
        }

    def make_project(self, name, programme, by):
        values = {"programme": programme, "status": Status.SETTLED.value, "track": Track.NATIONAL.value}
        project = make_project(created_by=by, name=name, **values)
        pay(approve(project, by, provincial=20 * MILLION), by, 15 * MILLION)
        part = add_participant(project, make_beneficiary(name=name, address=name, note=name))
        look = {"evaluated_on": D(2026, 5, 5), "source_note": "x", "capacity_unit": "=1+1 NGUY", "workers_before": 1}
        SupportEvaluation.objects.create(participant=part, recorded_by=by, recorded_at=timezone.now(), **look)
        Product.objects.create(beneficiary=part.beneficiary, name=name, group="food")
        return project

    def test_it_stays_text_in_every_workbook(self, client, keys, department_officer):
        client.force_login(department_officer)
        shown, silent = 0, []
        for address in addresses(department_officer, keys):
            found = []
            for cell in cells_of(client.get(address, {**ASKED, "tu": "01/01/2025", "den": "31/12/2026"})):
                assert cell.hyperlink is None, (address, cell.coordinate)
                if "NGUY" in str(cell.value):
                    assert cell.data_type == "s", (address, cell.coordinate, cell.value)
                    found.append(str(cell.value)[:1])
            shown += any(one in "=+-@" for one in found)
            silent += [address] * (not found)
        assert shown > 20
        assert silent == [], "no such text came to these: they prove nothing"

    def test_the_covering_letter_holds_it_as_words(self, client, keys, department_officer):
        client.force_login(department_officer)
        response = client.get(reverse("reports:covering-export"), {"year": "2026"})
        assert content_of(response).startswith(b"PK")
        assert Project.objects.filter(name=EVIL).exists()
        assert Beneficiary.objects.filter(name=EVIL).exists()
