"""Addresses of appraisal by a council."""

from django.urls import path

from programs.views import council, council_project, council_session

council_urls = [
    path("hoi-dong/", council.council_list, name="council-list"),
    path("hoi-dong/moi/", council.council_create, name="council-create"),
    path("hoi-dong/<int:pk>/", council.council_detail, name="council-detail"),
    path("hoi-dong/<int:pk>/sua/", council.council_edit, name="council-edit"),
    path("hoi-dong/<int:pk>/thanh-vien/", council.council_member_add, name="council-member-add"),
    path("hoi-dong/<int:pk>/thanh-vien/<int:member_pk>/sua/", council.council_member_edit, name="council-member-edit"),
    path(
        "hoi-dong/<int:pk>/thanh-vien/<int:member_pk>/bo/", council.council_member_remove, name="council-member-remove"
    ),
    path("hoi-dong/<int:pk>/phien-hop/", council_session.council_session_create, name="council-session-create"),
]
SESSION = "hoi-dong/phien-hop/<int:pk>/"
session_urls = [
    path(SESSION, council_session.council_session_detail, name="council-session-detail"),
    path(f"{SESSION}sua/", council_session.council_session_edit, name="council-session-edit"),
    path(f"{SESSION}co-mat/", council_session.council_session_attendance, name="council-session-attendance"),
    path(f"{SESSION}ket-thuc/", council_session.council_session_close, name="council-session-close"),
    path(f"{SESSION}de-an/", council_session.council_session_agenda, name="council-session-agenda"),
]
ITEM = f"{SESSION}de-an/<int:item_pk>/"
item_urls = [
    path(ITEM, council_project.council_project, name="council-project"),
    path(f"{ITEM}bo/", council_session.council_session_agenda_remove, name="council-session-agenda-remove"),
    path(f"{ITEM}phieu/<int:member_pk>/", council_project.council_sheet, name="council-sheet"),
    path(f"{ITEM}phieu/<int:member_pk>/bo/", council_project.council_sheet_remove, name="council-sheet-remove"),
    path(f"{ITEM}xung-dot/", council_project.council_conflict_add, name="council-conflict-add"),
    path(
        f"{ITEM}xung-dot/<int:conflict_pk>/bo/", council_project.council_conflict_remove, name="council-conflict-remove"
    ),
    path(f"{ITEM}ket-luan/", council_project.council_conclusion, name="council-conclusion"),
    path(f"{ITEM}bien-ban/", council_project.council_minutes, name="council-minutes"),
]

urlpatterns = council_urls + session_urls + item_urls
