"""Walks a form as a reader would: every figure of its page, each link of a figure, every page of the rows behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from khuyencong.excel.columns import Column, Kind
from khuyencong.excel.html import page_table
from khuyencong.excel.table import Row
from reports.definitions import DEFINITIONS
from reports.parameters import Parameters

NUMBERS = frozenset({Kind.INTEGER, Kind.MONEY_MILLION, Kind.MONEY_VND, Kind.PERCENT})


@dataclass(frozen=True)
class Figure:
    """A cell that holds a number; `link` is "" where it does not open."""

    row: Row
    column: Column
    value: Any
    link: str

    def __str__(self) -> str:
        return f"{self.row.cells.get('name') or self.row.cells.get('year')}, {self.column.full_label}: {self.value}"


def ask_page(client: Client, slug: str, asked: dict[str, str]) -> Any:
    """The page of the form; the question must have been understood."""
    response = client.get(reverse("reports:form-page", args=[slug]), asked)
    assert response.status_code == 200
    assert not response.context["form"].errors, response.context["form"].errors
    return response


def figures_of(slug: str, parameters: Parameters) -> Iterator[Figure]:
    """The numbers of the form that are not zero; a percentage or a blank that says why is a text."""
    for table in DEFINITIONS[slug].build(parameters):
        for place, row in enumerate(table.rows):
            for column in table.columns:
                value = table.value(place, column.key)
                if column.kind in NUMBERS and value and not isinstance(value, str):
                    yield Figure(row, column, value, row.links.get(column.key, ""))


def links_on_page(response: Any) -> list[str]:
    """The links of all cells, as the page draws them."""
    return [cell.link for table in response.context["tables"] for row in table.rows for cell in row.cells if cell.link]


def links_in_tables(slug: str, parameters: Parameters) -> list[str]:
    tables = [page_table(table) for table in DEFINITIONS[slug].build(parameters)]
    return [cell.link for table in tables for row in table.rows for cell in row.cells if cell.link]


@dataclass(frozen=True)
class Followed:
    amounts: list[int]
    pages: int
    title: str


def follow(client: Client, link: str) -> Followed:
    """All rows behind a figure, page after page, each asked for by the address that the page before it gives."""
    first = client.get(link)
    assert first.status_code == 200, link
    breakdown, listing = first.context["breakdown"], first.context["listing"]
    amounts = [line.amount for line in first.context["lines"]]
    pages = listing.page_obj.paginator.num_pages
    for number in range(2, pages + 1):
        further = client.get(listing.page_url(number))
        assert further.context["breakdown"].title == breakdown.title
        assert further.context["breakdown"].total == breakdown.total
        amounts += [line.amount for line in further.context["lines"]]
    assert sum(amounts) == breakdown.total, link
    return Followed(amounts, pages, breakdown.title)
