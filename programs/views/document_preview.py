"""Looking at a document without taking it away: a page around it, and the bytes for that page alone.

What people upload is not ours. Only pictures of safe kinds and PDF are shown; everything else is a download. The bytes
come with a policy of their own that lets nothing run, also where a browser takes them for something else.
"""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed
from programs.actions.document_opening import note_opening
from programs.models import Document, Project
from programs.policies import check_can_view
from programs.rules.attachments import CONTENT_TYPES, INLINE_TYPES
from programs.views.project_page import acting_user, load_project, project_page_context

# No script, no form, no plug-in, no address but that of the picture itself; the portal's own page may frame it.
# A browser's PDF viewer draws itself with inline styles.
FILE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@requires(Permission.PROJECT_VIEW)
@require_safe
def document_preview(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """The page with the picture or the PDF, and what is known of it."""
    project, document = open_to(request, pk, document_pk)
    context = project_page_context(request, project, "documents") | {"document": document}
    return render(request, "programs/document_preview.html", context)


@requires(Permission.PROJECT_VIEW)
@require_safe
def document_view(request: HttpRequest, pk: int, document_pk: int) -> FileResponse:
    """The bytes for the page above and for the small pictures; what must not be shown comes as a download."""
    _, document = open_to(request, pk, document_pk)
    inline = document.content_type in INLINE_TYPES
    note_opening(document=document, by=acting_user(request), taken=not inline)
    return file_response(document, inline=inline)


def open_to(request: HttpRequest, pk: int, document_pk: int) -> tuple[Project, Document]:
    """The project and its document. Errors: Http404 outside the person's area or under another project."""
    project = load_project(request, pk)
    try:
        check_can_view(acting_user(request), project)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    documents = project.documents.select_related("uploaded_by", "participant__beneficiary")
    return project, get_object_or_404(documents, pk=document_pk)


def file_response(document: Document, *, inline: bool) -> FileResponse:
    """The file as it was checked when it came in; never kept by a browser or on the way."""
    known = document.content_type in CONTENT_TYPES
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=not inline,
        filename=document.original_name,
        content_type=document.content_type if known else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    patch_cache_control(response, private=True, no_store=True)
    return response
