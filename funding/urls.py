"""Money: a project's, a year's, and the list of vouchers."""

from django.urls import path

from funding.views import (
    acceptance,
    amendment,
    approval,
    approval_list,
    budget,
    budget_items,
    carry_over,
    contract,
    disbursement,
    ledger,
    money,
    norm,
    reconciliation,
    request,
    settlement,
    settlement_list,
    stop,
    treasury,
    year,
)

app_name = "funding"

project_urls = [
    path("de-an/<int:pk>/", money.project_money_page, name="project-money"),
    path("de-an/<int:pk>/de-nghi/", request.project_request, name="project-request"),
    path("de-an/<int:pk>/phe-duyet/", approval.project_approve, name="project-approve"),
    path("de-an/<int:pk>/hop-dong/", contract.project_sign, name="project-sign"),
    path("de-an/<int:pk>/nghiem-thu/", acceptance.project_accept, name="project-accept"),
    path("de-an/<int:pk>/ngung/", stop.project_stop, name="project-stop"),
    path("de-an/<int:pk>/chuyen-nguon/", carry_over.project_carry_over, name="project-carry-over"),
    path("de-an/<int:pk>/dieu-chinh/", amendment.project_amendments, name="project-amendments"),
    path("de-an/<int:pk>/dieu-chinh/moi/", amendment.project_amend, name="project-amend"),
    path("de-an/<int:pk>/quyet-toan/", settlement.project_settle, name="project-settle"),
    path("de-an/<int:pk>/chung-tu/<str:kind>/", ledger.ledger_add, name="ledger-add"),
    path("de-an/<int:pk>/chung-tu/<int:entry_pk>/huy/", ledger.ledger_reverse, name="ledger-reverse"),
]
budget_urls = [
    path("", budget.budget_board_page, name="budget-board"),
    path("theo-noi-dung/", budget_items.budget_items_page, name="budget-items"),
    path("theo-noi-dung/de-an/", budget_items.budget_item_projects, name="budget-item-projects"),
    path("theo-noi-dung/excel/", budget_items.budget_items_export, name="budget-items-export"),
    path("phe-duyet-danh-sach/", approval_list.approval_list, name="approval-list"),
    path("dinh-muc/", norm.norm_lookup, name="norm-lookup"),
    path("du-toan/moi/", budget.budget_entry_add, name="budget-entry-add"),
]
carry_over_urls = [
    path("chuyen-nguon/", carry_over.carry_over_list_page, name="carry-over-list"),
    path("chuyen-nguon/excel/", carry_over.carry_over_export, name="carry-over-export"),
]
settlement_urls = [
    path("quyet-toan/", settlement_list.settlement_list_page, name="settlement-list"),
    path("quyet-toan/excel/", settlement_list.settlement_export, name="settlement-export"),
]
year_urls = [
    path("khoa-so/", year.budget_year_page, name="budget-year"),
    path("khoa-so/<int:pk>/<int:year>/khoa/", year.budget_year_close, name="budget-year-close"),
    path("khoa-so/<int:pk>/<int:year>/mo-lai/", year.budget_year_reopen, name="budget-year-reopen"),
]
disbursement_urls = [
    path("giai-ngan/", disbursement.disbursement_list, name="disbursement-list"),
    path("giai-ngan/excel/", disbursement.disbursement_export, name="disbursement-export"),
]
treasury_urls = [
    path("kho-bac/", treasury.treasury_statement_list, name="treasury-statement-list"),
    path("kho-bac/tai-len/", treasury.treasury_upload, name="treasury-upload"),
    path("kho-bac/<int:pk>/bo/", treasury.treasury_remove, name="treasury-remove"),
    path("kho-bac/doi-chieu/", reconciliation.treasury_reconciliation, name="treasury-reconciliation"),
    path(
        "kho-bac/doi-chieu/excel/",
        reconciliation.treasury_reconciliation_export,
        name="treasury-reconciliation-export",
    ),
]

urlpatterns = [
    *budget_urls,
    *project_urls,
    *disbursement_urls,
    *carry_over_urls,
    *settlement_urls,
    *year_urls,
    *treasury_urls,
]
