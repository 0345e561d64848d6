"""Model fields for Vietnamese text: stored in one Unicode form, with columns for search and for sorting beside it."""

from typing import Any

from django.db import models

from khuyencong.vietnamese.text import fold, nfc, nfc_multiline, sort_key


class NFCCharField(models.CharField):
    """One line of text, stored as NFC with single spaces, however it was typed or imported."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return nfc(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return nfc(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = nfc(value)
            setattr(model_instance, self.attname, value)
        return value


class NFCTextField(models.TextField):
    """Several lines of text, stored as NFC."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return nfc_multiline(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return nfc_multiline(value) if isinstance(value, str) else value


class DerivedField(models.CharField):
    """A column computed from others at every save and bulk_create; never edited."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("max_length", 1000)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def derive(self, text: str) -> str:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        parts = [str(getattr(model_instance, source) or "") for source in self.sources]
        value = self.derive(" ".join(part for part in parts if part))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class FoldedField(DerivedField):
    """Text for search: no tone marks, đ as d, lower case."""

    def derive(self, text: str) -> str:
        return fold(text)


class SortKeyField(DerivedField):
    """Digits that sort as Vietnamese does, under any collation."""

    def derive(self, text: str) -> str:
        return sort_key(text)
