"""The beneficiaries of a project."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from khuyencong.formfields import add_refusal
from khuyencong.ui.listpage import ListPage
from programs.actions.participant import add_participants, remove_participant
from programs.equipment_policies import check_can_edit_equipment, check_can_list_equipment
from programs.forms.participant import ParticipantAddForm
from programs.models import Beneficiary, Equipment, Project
from programs.policies import allowed, check_can_change_participants
from programs.views.duplicate import duplicates_context
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_beneficiaries(request: HttpRequest, pk: int) -> HttpResponse:
    user, project = acting_user(request), load_project(request, pk)
    context = project_page_context(request, project, "beneficiaries") | duplicates_context(request, project)
    context["participants"] = project.participants.select_related("beneficiary__place", "beneficiary__sector")
    context["can_change"] = allowed(check_can_change_participants, user, project)
    context["equipment"] = Equipment.objects.filter(participant__project=project).select_related(
        "participant__beneficiary"
    )
    context["can_list_equipment"] = allowed(check_can_list_equipment, user, project)
    context["can_edit_equipment"] = allowed(check_can_edit_equipment, user, project)
    return render(request, "programs/project_beneficiaries.html", context)


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_beneficiary_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    form = ParticipantAddForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen, content = list(form.cleaned_data["beneficiaries"]), form.cleaned_data["content"]
            ids = [beneficiary.pk for beneficiary in chosen]
            try:
                count = add_participants(project_id=pk, beneficiary_ids=ids, content=content, by=user)
            except Refused as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, f"Đã thêm {count} cơ sở vào đề án {project.code}.")
                _tell_doubts(request, chosen)
                return redirect("programs:project-beneficiaries", pk=pk)
    closed = reason_against(check_can_change_participants, user, project)
    context = project_page_context(request, project, "beneficiaries") | {"form": form, "closed": closed}
    context |= {"listing": _candidates(request, project), "create_url": _create_url(request, pk)}
    status = page_status(status, closed)
    return render(request, "programs/project_beneficiary_add.html", context, status=status)


def _tell_doubts(request: HttpRequest, chosen: list[Beneficiary]) -> None:
    """Tax codes that look wrong: the establishments are in the project, and somebody should look at the codes."""
    for beneficiary in chosen:
        if beneficiary.tax_doubt:
            messages.warning(request, f"{beneficiary.name}: {beneficiary.tax_doubt} Hãy mở trang cơ sở để sửa.")


def _candidates(request: HttpRequest, project: Project) -> ListPage:
    """Establishments that the person may see and that are not in the project; the newest first until they search."""
    known = Beneficiary.objects.visible_to(request.user).exclude(participations__project=project)
    rows = known.select_related("place", "sector")
    sorts = {"moi": ("-pk",), "ten": ("sort_key",)}
    label = "Tìm theo tên, mã số thuế, người đại diện"
    return ListPage(
        request,
        rows,
        ranked_fields=("name",),
        sorts=sorts,
        default_sort="moi",
        page_size=15,
        target="",
        noun="cơ sở",
        search_label=label,
    )


def _create_url(request: HttpRequest, pk: int) -> str:
    """Where a new establishment is entered, and the way back; "" for those who may not."""
    if not acting_user(request).has_permission(Permission.BENEFICIARY_EDIT):
        return ""
    back = reverse("programs:project-beneficiary-add", args=[pk])
    return f"{reverse('programs:beneficiary-create')}?{urlencode({'next': back})}"


@requires(Permission.PROJECT_REGISTER)
@require_POST
def project_beneficiary_remove(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    project = load_project(request, pk)
    try:
        name = remove_participant(project_id=pk, participant_id=participant_pk, by=acting_user(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã bỏ {name} khỏi đề án {project.code}.")
    return redirect("programs:project-beneficiaries", pk=pk)
