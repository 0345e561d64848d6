"""Filling a template, and judging one that was uploaded. Templates run in a sandbox: they see text, nothing else."""

import difflib
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Undefined, meta
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from khuyencong.vietnamese.text import nfc
from programs.models import WordKind
from programs.word import council_context, project_context  # noqa: F401  (they register their fields)
from programs.word.context import BLANK, known_fields, sample_context

MAX_TEMPLATE_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 20 * 1024 * 1024


class TemplateRefused(ValueError):
    """A template that cannot be used; the message (Vietnamese) says why."""


class Dots(Undefined):
    """A name without a value prints as a dotted line to fill in by hand."""

    def __str__(self) -> str:
        return BLANK


class Sandbox(ImmutableSandboxedEnvironment):
    """No arithmetic that makes much out of little: a template of one line could otherwise fill the memory."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"phép tính “{operator}” không được dùng trong mẫu")


def fill(template: bytes, context: Mapping[str, Any]) -> bytes:
    """The document. Errors: TemplateError and whatever python-docx raises on a file that is not a template."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(context), Sandbox(undefined=Dots, autoescape=True), autoescape=True)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def check_template(content: bytes, kind: WordKind) -> None:
    """Errors: TemplateRefused when the file is too large, names unknown fields, or does not render with sample data."""
    _check_unpacked_size(content)
    missing: list[str] = []
    try:
        _render_sample(content, kind, missing)
    except TemplateError as error:
        raise TemplateRefused(f"Mẫu có chỗ viết sai cú pháp: {nfc(str(error.message or error))[:200]}.") from error
    except (LxmlError, KeyError, ValueError, AttributeError, TypeError, OverflowError) as error:
        raise TemplateRefused("Không dùng được mẫu này: Word không đọc được sau khi điền dữ liệu mẫu.") from error
    if missing:
        raise TemplateRefused(f"Mẫu có tên ô không biết: {', '.join(_suggested(name, kind) for name in missing)}.")


def _check_unpacked_size(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise TemplateRefused("Tệp khi mở ra quá lớn, không nhận.")


def _render_sample(content: bytes, kind: WordKind, missing: list[str]) -> None:
    class Noted(Undefined):
        """Remembers the name that was asked for."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if self._undefined_name and self._undefined_name not in missing:
                missing.append(str(self._undefined_name))

    environment = Sandbox(undefined=Noted, autoescape=True)
    document = DocxTemplate(BytesIO(content))
    document.render_init()
    source = document.patch_xml(document.get_xml())
    known = {one.name for one in known_fields(kind)}
    # Names in branches that the sample does not take are found here, names of columns while it is filled.
    missing += sorted(meta.find_undeclared_variables(environment.parse(source)) - known)
    document.render(sample_context(kind), environment, autoescape=True)
    document.save(BytesIO())


def _suggested(name: str, kind: WordKind) -> str:
    fields = known_fields(kind)
    names = {one.name for one in fields} | {part.name for one in fields for part in one.columns}
    near = difflib.get_close_matches(name, sorted(names), n=1)
    return f"“{name}” (có phải “{near[0]}”?)" if near else f"“{name}”"
