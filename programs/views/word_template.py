"""The Word templates: which is in use for each document, another one in its place, and back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.word_document import read_template
from programs.actions.word_template import replace_template, reset_template
from programs.forms.word_template import WordTemplateForm
from programs.models import WordKind, WordTemplate
from programs.views.project_page import acting_user
from programs.views.registers import submit
from programs.views.word_document import kind_or_404, word_response
from programs.word.context import known_fields


@requires(Permission.REFERENCE_EDIT)
@require_safe
def word_template_list(request: HttpRequest) -> HttpResponse:
    """Every kind of document: six rows, no paging."""
    replaced = {template.kind: template for template in WordTemplate.objects.select_related("uploaded_by")}
    rows = [{"kind": kind, "template": replaced.get(kind.value)} for kind in WordKind]
    return render(request, "programs/word_template_list.html", {"rows": rows})


@requires(Permission.REFERENCE_EDIT)
@require_safe
def word_template_download(request: HttpRequest, document: str) -> FileResponse:
    """The template in use, to be changed in Word and uploaded again."""
    kind = kind_or_404(document)
    template = WordTemplate.objects.filter(kind=kind).first()
    content = read_template(kind, template)
    return word_response(content, template.original_name if template else f"Mau {kind.label}.docx")


@requires(Permission.REFERENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def word_template_replace(request: HttpRequest, document: str) -> HttpResponse:
    kind, user, status = kind_or_404(document), acting_user(request), 200
    form = WordTemplateForm(request.POST, request.FILES) if request.method == "POST" else WordTemplateForm()
    if request.method == "POST":
        saved, status = submit(form, lambda: replace_template(kind=kind, upload=form.cleaned_data["file"], by=user))
        if saved is not None:
            messages.success(request, f"Từ nay “{kind.label}” dùng mẫu “{saved.original_name}”.")
            return redirect("programs:word-template-list")
    context: dict[str, Any] = {"form": form, "kind": kind, "known_fields": known_fields(kind)}
    return render(request, "programs/word_template_replace.html", context, status=status)


@requires(Permission.REFERENCE_EDIT)
@require_POST
def word_template_reset(request: HttpRequest, document: str) -> HttpResponse:
    kind = kind_or_404(document)
    try:
        reset_template(kind=kind, by=acting_user(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"“{kind.label}” dùng lại mẫu của hệ thống.")
    return redirect("programs:word-template-list")
