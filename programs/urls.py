"""Projects (đề án), and the registers beside them."""

from django.urls import path

from programs.urls_council import urlpatterns as council_appraisal_urls
from programs.urls_registers import urlpatterns as register_urls
from programs.views import (
    appraiser,
    deadline,
    deadline_calendar,
    document,
    document_preview,
    duplicate,
    employment,
    equipment,
    evaluation,
    field_check,
    history,
    indicator,
    ministry,
    ministry_result,
    participant,
    progress,
    project,
    project_bulk,
    project_copy,
    project_list,
    project_move,
    project_return,
    registration_round,
    supplement,
    word_document,
    word_template,
)

app_name = "programs"

project_urls = [
    path("de-an/", project_list.project_list, name="project-list"),
    path("de-an/xuat-excel/", project_list.project_export, name="project-export"),
    path("de-an/hang-loat/", project_bulk.project_bulk, name="project-bulk"),
    path("de-an/giao-tham-dinh/", appraiser.project_assign_bulk, name="project-assign-bulk"),
    path("de-an/moi/", project.project_create, name="project-create"),
    path("de-an/<int:pk>/", project.project_detail, name="project-detail"),
    path("de-an/<int:pk>/sua/", project.project_edit, name="project-edit"),
    path("de-an/<int:pk>/chep/", project_copy.project_copy, name="project-copy"),
    path("de-an/<int:pk>/buoc/<slug:action>/", project_move.project_move, name="project-move"),
    path("de-an/<int:pk>/tra-lai/", project_return.project_return, name="project-return"),
    path("de-an/<int:pk>/giai-trinh/", supplement.supplement_answer, name="supplement-answer"),
    path("de-an/<int:pk>/nguoi-tham-dinh/", appraiser.project_assign, name="project-assign"),
    path("de-an/<int:pk>/lich-su/", history.project_history, name="project-history"),
    path("de-an/<int:pk>/lich-su/xuat-excel/", history.project_history_export, name="project-history-export"),
]
participant_urls = [
    path("de-an/<int:pk>/co-so/", participant.project_beneficiaries, name="project-beneficiaries"),
    path("de-an/<int:pk>/co-so/them/", participant.project_beneficiary_add, name="project-beneficiary-add"),
    path(
        "de-an/<int:pk>/co-so/<int:participant_pk>/bo/",
        participant.project_beneficiary_remove,
        name="project-beneficiary-remove",
    ),
    path("de-an/<int:pk>/thiet-bi/them/", equipment.equipment_add, name="equipment-add"),
    path("de-an/<int:pk>/thiet-bi/<int:equipment_pk>/sua/", equipment.equipment_edit, name="equipment-edit"),
    path("de-an/<int:pk>/thiet-bi/<int:equipment_pk>/bo/", equipment.equipment_remove, name="equipment-remove"),
    path("de-an/<int:pk>/trung-lap/", duplicate.project_duplicates, name="project-duplicates"),
]
result_urls = [
    path("de-an/<int:pk>/chi-tieu/", indicator.project_indicators, name="project-indicators"),
    path("de-an/<int:pk>/tien-do/", progress.project_progress, name="project-progress"),
    path("de-an/<int:pk>/tien-do/bao-cao/", progress.project_report_progress, name="project-report-progress"),
    path("de-an/<int:pk>/tien-do/kiem-tra/", field_check.field_check_add, name="field-check-add"),
    path("de-an/<int:pk>/viec-lam/them/", employment.employment_add, name="employment-add"),
    path("de-an/<int:pk>/sau-ho-tro/", evaluation.project_evaluations, name="project-evaluations"),
    path("de-an/<int:pk>/sau-ho-tro/<int:participant_pk>/them/", evaluation.evaluation_add, name="evaluation-add"),
    path("de-an/<int:pk>/sau-ho-tro/<int:evaluation_pk>/sua/", evaluation.evaluation_edit, name="evaluation-edit"),
]
document_urls = [
    path("de-an/<int:pk>/tai-lieu/", document.project_documents, name="project-documents"),
    path("de-an/<int:pk>/tai-lieu/them/", document.document_add, name="document-add"),
    path("de-an/<int:pk>/tai-lieu/<int:document_pk>/", document.document_download, name="document-download"),
    path("de-an/<int:pk>/tai-lieu/<int:document_pk>/xem/", document_preview.document_preview, name="document-preview"),
    path("de-an/<int:pk>/tai-lieu/<int:document_pk>/noi-dung/", document_preview.document_view, name="document-view"),
]
ministry_urls = [
    path("de-an/<int:pk>/gui-bo/", ministry.project_ministry, name="project-ministry"),
    path("dot-gui-bo/", ministry.ministry_batch_list, name="ministry-batch-list"),
    path("dot-gui-bo/moi/", ministry.ministry_batch_create, name="ministry-batch-create"),
    path("dot-gui-bo/<int:pk>/", ministry_result.ministry_batch_detail, name="ministry-batch-detail"),
    path("dot-gui-bo/<int:pk>/xuat-excel/", ministry.ministry_batch_export, name="ministry-batch-export"),
    path("dot-gui-bo/<int:pk>/ket-qua/", ministry_result.ministry_result, name="ministry-result"),
    path(
        "dot-gui-bo/<int:pk>/ket-qua/<int:project_pk>/sua/",
        ministry_result.ministry_result_correct,
        name="ministry-result-correct",
    ),
]
deadline_urls = [
    path("thoi-han/", deadline.deadline_list, name="deadline-list"),
    path("thoi-han/lich/", deadline_calendar.deadline_calendar, name="deadline-calendar"),
    path("thoi-han/lich/tep-ics/", deadline_calendar.deadline_calendar_file, name="deadline-calendar-file"),
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

urlpatterns = (
    ministry_urls
    + project_urls
    + participant_urls
    + result_urls
    + document_urls
    + word_urls
    + deadline_urls
    + register_urls
)
urlpatterns += council_appraisal_urls
