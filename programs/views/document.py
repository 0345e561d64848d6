"""Documents of a project. Files are private: each is sent only after the project's own policy has been asked."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs.actions.document import attach_document
from programs.actions.document_opening import note_opening
from programs.forms.document import DocumentForm
from programs.models import Project
from programs.policies import allowed, check_can_attach
from programs.queries.documents import by_step
from programs.queries.dossier import project_dossier
from programs.views.document_preview import file_response, open_to
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against
from programs.views.word_document import word_panel


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_documents(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    can_attach = allowed(check_can_attach, acting_user(request), project)
    return _page(request, project, {"form": DocumentForm(project=project)} if can_attach else {}, status=200)


@requires(Permission.DOCUMENT_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DocumentForm(*sent, project=project, asked=request.GET.dict())
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            upload = values.pop("file")
            try:
                document = attach_document(project_id=pk, upload=upload, values=values, by=user)
            except Refused as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, f"Đã đính kèm “{document.original_name}”.")
                return redirect("programs:project-documents", pk=pk)
    closed = reason_against(check_can_attach, user, project)
    context = {"closed": closed} if closed else {"form": form}
    return _page(request, project, context, status=page_status(status, closed))


def _page(request: HttpRequest, project: Project, context: dict[str, Any], *, status: int) -> HttpResponse:
    documents = project.documents.select_related("uploaded_by", "participant__beneficiary")
    context = project_page_context(request, project, "documents") | {"groups": by_step(documents)} | context
    context["dossier"] = project_dossier(project)
    context |= word_panel(acting_user(request), project)
    return render(request, "programs/project_documents.html", context, status=status)


@requires(Permission.PROJECT_VIEW)
@require_safe
def document_download(request: HttpRequest, pk: int, document_pk: int) -> FileResponse:
    """Always a download, never a page of this site: the file's content is not ours."""
    _, document = open_to(request, pk, document_pk)
    note_opening(document=document, by=acting_user(request), taken=True)
    return file_response(document, inline=False)
