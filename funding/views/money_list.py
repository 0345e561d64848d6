"""A list page that is narrowed by a form beside its drop-downs."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from khuyencong.ui.listpage import ListPage


class FormListPage(ListPage):
    """Its links and its export carry what the form holds; the rows come narrowed by it already."""

    def __init__(self, request: HttpRequest, rows: QuerySet[Any], form: forms.Form, **options: Any) -> None:
        self.form = form
        super().__init__(request, rows, **options)

    @property
    def is_filtered(self) -> bool:
        return super().is_filtered or any(self.params.get(name) for name in self.form.fields)

    def _params(self) -> QueryDict:
        params = super()._params()
        for name in self.form.fields:
            if self.params.get(name):
                params[name] = self.params.get(name, "")
        return params
