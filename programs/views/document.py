"""Documents of a project. Files are private: each is sent only after the project's own policy has been asked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from khuyencong.formfields import add_refusal
from programs.actions.document import attach_document
from programs.forms.document import DocumentForm
from programs.models import Project
from programs.policies import allowed, check_can_attach, check_can_view
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against
from programs.views.word_document import word_panel


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_documents(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    can_attach = allowed(check_can_attach, acting_user(request), project)
    return _page(request, project, {"form": DocumentForm()} if can_attach else {}, status=200)


@requires(Permission.DOCUMENT_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    posted = request.method == "POST"
    form = DocumentForm(request.POST, request.FILES) if posted else DocumentForm()
    if posted:
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
    documents = project.documents.select_related("uploaded_by")
    context = project_page_context(request, project, "documents") | {"documents": documents} | context
    context |= word_panel(acting_user(request), project)
    return render(request, "programs/project_documents.html", context, status=status)


@requires(Permission.PROJECT_VIEW)
@require_safe
def document_download(request: HttpRequest, pk: int, document_pk: int) -> FileResponse:
    """Always a download, never a page of this site: the file's content is not ours."""
    project = load_project(request, pk)
    try:
        check_can_view(acting_user(request), project)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    document = get_object_or_404(project.documents, pk=document_pk)
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.original_name,
        content_type=document.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=0)
    return response
