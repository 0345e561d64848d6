"""Projects (đề án), and the registers beside them."""

from django.urls import path

from programs.urls_registers import urlpatterns as register_urls
from programs.views import (
    acceptance,
    deadline,
    document,
    history,
    indicator,
    participant,
    progress,
    project,
    project_bulk,
    project_list,
    project_move,
    registration_round,
    word_document,
    word_template,
)

app_name = "programs"

project_urls = [
    path("de-an/", project_list.project_list, name="project-list"),
    path("de-an/xuat-excel/", project_list.project_export, name="project-export"),
    path("de-an/hang-loat/", project_bulk.project_bulk, name="project-bulk"),
    path("de-an/moi/", project.project_create, name="project-create"),
    path("de-an/<int:pk>/", project.project_detail, name="project-detail"),
    path("de-an/<int:pk>/sua/", project.project_edit, name="project-edit"),
    path("de-an/<int:pk>/buoc/<slug:action>/", project_move.project_move, name="project-move"),
    path("de-an/<int:pk>/lich-su/", history.project_history, name="project-history"),
]
participant_urls = [
    path("de-an/<int:pk>/co-so/", participant.project_beneficiaries, name="project-beneficiaries"),
    path("de-an/<int:pk>/co-so/them/", participant.project_beneficiary_add, name="project-beneficiary-add"),
    path(
        "de-an/<int:pk>/co-so/<int:participant_pk>/bo/",
        participant.project_beneficiary_remove,
        name="project-beneficiary-remove",
    ),
]
result_urls = [
    path("de-an/<int:pk>/chi-tieu/", indicator.project_indicators, name="project-indicators"),
    path("de-an/<int:pk>/tien-do/", progress.project_progress, name="project-progress"),
    path("de-an/<int:pk>/tien-do/bao-cao/", progress.project_report_progress, name="project-report-progress"),
    path("de-an/<int:pk>/nghiem-thu/", acceptance.project_accept, name="project-accept"),
]
document_urls = [
    path("de-an/<int:pk>/tai-lieu/", document.project_documents, name="project-documents"),
    path("de-an/<int:pk>/tai-lieu/them/", document.document_add, name="document-add"),
    path("de-an/<int:pk>/tai-lieu/<int:document_pk>/", document.document_download, name="document-download"),
]
deadline_urls = [
    path("thoi-han/", deadline.deadline_list, name="deadline-list"),
    path("dot-dang-ky/", registration_round.registration_round_list, name="registration-round-list"),
    path("dot-dang-ky/moi/", registration_round.registration_round_create, name="registration-round-create"),
    path("dot-dang-ky/<int:pk>/sua/", registration_round.registration_round_edit, name="registration-round-edit"),
]
word_urls = [
    path("de-an/<int:pk>/van-ban/<slug:kind>/", word_document.word_document, name="word-document"),
    path("mau-van-ban/", word_template.word_template_list, name="word-template-list"),
    path("mau-van-ban/<slug:document>/", word_template.word_template_download, name="word-template-download"),
    path("mau-van-ban/<slug:document>/thay/", word_template.word_template_replace, name="word-template-replace"),
    path("mau-van-ban/<slug:document>/mac-dinh/", word_template.word_template_reset, name="word-template-reset"),
]

urlpatterns = project_urls + participant_urls + result_urls + document_urls + word_urls + deadline_urls + register_urls
