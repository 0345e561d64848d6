"""Money: a project's, a year's, and the list of vouchers."""

from django.urls import path

from funding.views import (
    acceptance,
    amendment,
    approval,
    approval_list,
    budget,
    carry_over,
    contract,
    disbursement,
    ledger,
    money,
    request,
    settlement,
    stop,
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
    path("phe-duyet-danh-sach/", approval_list.approval_list, name="approval-list"),
    path("du-toan/moi/", budget.budget_entry_add, name="budget-entry-add"),
]
carry_over_urls = [
    path("chuyen-nguon/", carry_over.carry_over_list_page, name="carry-over-list"),
    path("chuyen-nguon/excel/", carry_over.carry_over_export, name="carry-over-export"),
]
disbursement_urls = [
    path("giai-ngan/", disbursement.disbursement_list, name="disbursement-list"),
    path("giai-ngan/excel/", disbursement.disbursement_export, name="disbursement-export"),
]

urlpatterns = [*budget_urls, *project_urls, *disbursement_urls, *carry_over_urls]
