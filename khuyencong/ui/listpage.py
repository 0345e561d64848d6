"""One way to search, filter, sort and page a list; the whole state of the list is in its address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from khuyencong.vietnamese.money import format_vnd
from khuyencong.vietnamese.text import fold, nfc

Choices = Sequence[tuple[Any, str]]
Lookup = str | Callable[[QuerySet[Any], str], QuerySet[Any]]

COUNT_LIMIT = 10_000
QUERY_LENGTH_LIMIT = 200
WORD_LIMIT = 10


@dataclass(frozen=True)
class Filter:
    """A drop-down above a list: `lookup` is a field path, or a function of the queryset and the chosen value."""

    name: str
    label: str
    choices: Choices | Callable[[], Iterable[tuple[Any, str]]]
    lookup: Lookup
    empty_label: str = "Tất cả"

    def load_choices(self) -> list[tuple[str, str]]:
        pairs = self.choices() if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in pairs if str(value) != ""]

    def apply(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if callable(self.lookup):
            return self.lookup(queryset, value)
        return queryset.filter(**{self.lookup: value})


@dataclass(frozen=True)
class BoundFilter:
    """A filter with its choices loaded and the value of this request; an unknown value counts as none."""

    filter: Filter
    choices: list[tuple[str, str]]
    value: str

    @property
    def name(self) -> str:
        return self.filter.name

    @property
    def label(self) -> str:
        return self.filter.label

    @property
    def empty_label(self) -> str:
        return self.filter.empty_label

    @property
    def value_label(self) -> str:
        return dict(self.choices).get(self.value, "")


@dataclass(frozen=True)
class SortHeader:
    """How a column heading stands: where pressing it leads, and its value for aria-sort ("" when not sorted)."""

    key: str
    url: str
    aria_sort: str


class CappedPaginator(Paginator):
    """Counts no further than COUNT_LIMIT rows, so that a long list opens as fast as a short one."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: COUNT_LIMIT + 1].count()

    @property
    def is_capped(self) -> bool:
        return self._counted > COUNT_LIMIT

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNT_LIMIT)


class ListPage:
    """A page of a queryset as the address asks for it.

    `sorts` maps a key of the address to the fields it sorts by; "-key" turns them all round. `search_fields` are folded
    columns; `ranked_fields` hold the same texts with their accents and put exact hits of an accented query first.
    `target` is the id of the element that htmx replaces; with "" the links load whole pages.
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        search_fields: Sequence[str] = ("folded",),
        ranked_fields: Sequence[str] = (),
        filters: Sequence[Filter] = (),
        sorts: Mapping[str, Sequence[str]] | None = None,
        default_sort: str = "",
        page_size: int = 25,
        target: str = "results",
        noun: str = "kết quả",
        search_label: str = "Tìm kiếm",
    ) -> None:
        self.params: QueryDict = request.GET
        self.path = request.path
        self.search_fields = search_fields
        self.ranked_fields = ranked_fields
        self.sorts = dict(sorts or {})
        self.default_sort = default_sort
        self.page_size = page_size
        self.target = target
        self.noun = noun
        self.search_label = search_label
        self.query = _clean(self.params.get("q", ""))
        self.sort = self._chosen_sort()
        self.filters = [self._bind(one) for one in filters]
        self._queryset = queryset

    @cached_property
    def object_list(self) -> QuerySet[Any]:
        """Every row that answers the search and the filters, in order: what an export takes."""
        rows = self._queryset
        for one in self.filters:
            if one.value:
                rows = one.filter.apply(rows, one.value)
        if self.search_fields:
            for word in fold(self.query).split()[:WORD_LIMIT]:
                rows = rows.filter(_contains(self.search_fields, word, "contains"))
        return self._ordered(rows)

    @cached_property
    def paginator(self) -> CappedPaginator:
        return CappedPaginator(self.object_list, self.page_size)

    @cached_property
    def page_obj(self) -> Page[Any]:
        """The page asked for; the last one when there are fewer, the first one when it is not a number."""
        return self.paginator.get_page(self.params.get("page"))

    @property
    def page_range(self) -> Iterable[int | str]:
        return self.paginator.get_elided_page_range(self.page_obj.number, on_each_side=2, on_ends=1)

    @property
    def is_filtered(self) -> bool:
        return bool(self.query) or any(one.value for one in self.filters)

    @property
    def total_label(self) -> str:
        count = self.paginator.count
        if count == 0:
            return f"Không có {self.noun}"
        more_than = "Hơn " if self.paginator.is_capped else ""
        return f"{more_than}{format_vnd(count)} {self.noun}"

    @property
    def sort_headers(self) -> dict[str, SortHeader]:
        return {key: self.sort_header(key) for key in self.sorts}

    def sort_header(self, key: str) -> SortHeader:
        """Pressing a heading sorts upwards, pressing it again downwards."""
        aria_sort = {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")
        return SortHeader(key, self.sort_url(key), aria_sort)

    def sort_url(self, key: str) -> str:
        return self._url(sort=f"-{key}" if self.sort == key else key)

    def page_url(self, number: int) -> str:
        return self._url(page=str(number))

    @property
    def clear_url(self) -> str:
        return self.path

    @property
    def querystring(self) -> str:
        """Search, filters and sort without the page: append to the address of an export."""
        return self._params().urlencode()

    def _params(self) -> QueryDict:
        params = QueryDict(mutable=True)
        if self.query:
            params["q"] = self.query
        for one in self.filters:
            if one.value:
                params[one.name] = one.value
        if self.sort != self.default_sort:
            params["sort"] = self.sort
        return params

    def _url(self, **changes: str) -> str:
        params = self._params()
        for name, value in changes.items():
            params[name] = value
        return f"{self.path}?{params.urlencode()}"

    def _bind(self, one: Filter) -> BoundFilter:
        choices = one.load_choices()
        value = self.params.get(one.name, "")
        return BoundFilter(one, choices, value if value in dict(choices) else "")

    def _chosen_sort(self) -> str:
        sort = self.params.get("sort", "")
        return sort if sort.removeprefix("-") in self.sorts else self.default_sort

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Always a total order: without it a row can show on two pages and another on none."""
        fields = [_turned(name, self.sort.startswith("-")) for name in self.sorts.get(self.sort.removeprefix("-"), ())]
        if not fields and not self.default_sort:
            fields = [name for name in rows.query.order_by or rows.model._meta.ordering if isinstance(name, str)]
        if self._ranks_by_accents():
            exact = _contains(self.ranked_fields, self.query, "icontains")
            rows = rows.annotate(
                exact_rank=Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
            )
            fields = ["exact_rank", *fields]
        if not {"pk", "-pk"} & set(fields):
            fields.append("pk")
        return rows.order_by(*fields)

    def _ranks_by_accents(self) -> bool:
        accented = bool(self.query) and fold(self.query) != self.query.lower()
        return accented and bool(self.ranked_fields) and "sort" not in self.params


def _clean(text: str) -> str:
    # `nfc` also drops NUL, which PostgreSQL refuses: no address may cause an error page.
    return nfc(text[:QUERY_LENGTH_LIMIT])


def _contains(fields: Sequence[str], text: str, lookup: str) -> Q:
    condition = Q()
    for name in fields:
        condition |= Q(**{f"{name}__{lookup}": text})
    return condition


def _turned(name: str, downwards: bool) -> str:
    if not downwards:
        return name
    return name[1:] if name.startswith("-") else f"-{name}"


def render_list(
    request: HttpRequest, page_template: str, fragment_template: str, context: dict[str, Any]
) -> HttpResponse:
    """The fragment for htmx, the whole page for everybody else; caches must not mix the two."""
    htmx: Any = getattr(request, "htmx", None)
    fragment_wanted = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment_template if fragment_wanted else page_template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response
