"""Documents for signature, written from the project's rows and sent as a download."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from programs.actions.word_document import draft_document
from programs.models import Project, WordKind
from programs.rules.attachments import DOCX
from programs.views.project_page import acting_user, load_project
from programs.word.documents import DOCUMENTS, DRAFTERS, WordDocument
from programs.word.policies import documents_open_to


@requires(*DRAFTERS)
@require_GET
def word_document(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """A refusal for the project's state is told on its documents tab."""
    document, project = _document_or_404(kind), load_project(request, pk)
    try:
        name, content = draft_document(
            project=project, document=document, participant_id=_chosen_party(request), by=acting_user(request)
        )
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("programs:project-documents", pk=pk)
    return word_response(content, name)


def _document_or_404(value: str) -> WordDocument:
    """Only documents about a project; others have addresses of their own."""
    document = DOCUMENTS.get(kind_or_404(value))
    if document is None:
        raise Http404
    return document


def kind_or_404(value: str) -> WordKind:
    try:
        return WordKind(value)
    except ValueError as error:
        raise Http404 from error


def word_response(content: bytes, name: str) -> FileResponse:
    response = FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=DOCX.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=0)
    return response


def _chosen_party(request: HttpRequest) -> int | None:
    """The beneficiary that the address names; -1, which no row has, for what is not a number."""
    chosen = request.GET.get("co_so", "")
    if not chosen:
        return None
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else -1


def word_panel(user: User, project: Project) -> dict[str, Any]:
    """What templates/programs/word_panel.html draws on the documents tab."""
    documents = documents_open_to(user, project)
    needs_party = any(document.names_party for document in documents)
    parties = list(project.participants.select_related("beneficiary")) if needs_party else []
    return {
        "word_documents": documents,
        "word_parties": parties if len(parties) > 1 else [],
        "can_keep_templates": user.has_permission(Permission.REFERENCE_EDIT),
    }
