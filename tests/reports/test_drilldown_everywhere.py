"""Every figure of every form opens, by its own link on the page, into rows whose sum over all pages it is."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from funding.models import Approval, FundingLine, LedgerEntry
from programs.models import CraftVillage, CraftVillageEvent, CraftVillageYear
from programs.workflow import Status
from reports.definitions import DEFINITIONS
from reports.forms import KnownOnForm
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.reports.asking import ASKED
from tests.reports.following import ask_page, figures_of, follow, links_in_tables, links_on_page
from tests.reports.known_world import HANOI, make_histories
from tests.reports.more_world import add_more
from tests.reports.world import area_unit, make_world, source_of

pytestmark = pytest.mark.django_db
D = datetime.date
TODAY = D(2026, 12, 20)
KNOWN_ON = "01/07/2026"
MANY = 61  # more than one page of rows
# Other ways of asking for a form than its defaults.
ASKED_TOO: list[tuple[str, dict[str, str]]] = [
    ("kinh-phi", {"basis": "approved"}),
    ("so-sanh", {"basis": "approved"}),
    ("so-sanh", {"budget": "central", "part": "quy-1", "start": "", "end": ""}),
    ("dia-ban", {"grouping": "district"}),
    ("lang-nghe", {"grouping": "district"}),
    ("binh-chon", {"start": "01/01/2025"}),
]
ONE_LINE = [*((slug, {}) for slug in DEFINITIONS), *ASKED_TOO]
MONEY = [(slug, more) for slug, more in ONE_LINE if issubclass(DEFINITIONS[slug].form_class, KnownOnForm)]
# A form that lists its rows instead of opening them; each row still leads to what it tells of.
LISTS = {"du-an"}


@pytest.fixture(autouse=True)
def after_the_year(monkeypatch):
    """The day on which reports of 2026 are asked for: a day that is known may not lie after it."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def world(department_officer):
    world = make_world(5, department_officer, projects=14, products=12)
    add_more(world, 5, department_officer)
    make_busy_project(department_officer)
    make_village()
    return world


def make_busy_project(by):
    """In an old commune of the area, with more vouchers and establishments than a page holds."""
    now, old = timezone.now(), unit("31852", old=True)
    project = make_project(created_by=by, place=old, status=Status.SETTLED.value)
    values = {"decision_number": "1/QĐ", "decision_date": D(2026, 2, 2), "approved_by": by, "approved_at": now}
    Approval.objects.create(project=project, **values)
    for number in range(MANY):
        part = add_participant(project, make_beneficiary(place=old))
        line = {"participant": part, "source": source_of("central"), "approved_vnd": 1_000_000 + number}
        FundingLine.objects.create(project=project, **line)
        LedgerEntry.objects.create(
            kind="payment",
            project=project,
            participant=part,
            source=source_of("central"),
            amount_vnd=900_000 + number,
            year=2026,
            voucher_number=f"UNC-{number}",
            voucher_date=D(2026, 1, 10),
            recorded_by=by,
            recorded_at=now,
        )
    return project


def make_village():
    """In the same old commune, recognised and with figures of the year."""
    village = CraftVillage.objects.create(name="Nghề rèn", craft="Rèn", place=unit("31852", old=True))
    event = {"kind": "recognised", "recognition": "craft_village", "decision_number": "5/QĐ"}
    CraftVillageEvent.objects.create(village=village, event_date=D(2020, 5, 1), **event)
    figures = {"households": 9, "craft_households": 4, "workers": 7, "income_per_head_vnd": 40_000_000}
    CraftVillageYear.objects.create(village=village, year=2026, reported_date=D(2026, 12, 1), source="Xã", **figures)


def check_form(client, slug, asked):
    """Opens every figure; returns how many opened, and the most pages that one of them had."""
    definition, page = DEFINITIONS[slug], ask_page(client, slug, asked)
    parameters = page.context["parameters"]
    assert links_on_page(page) == links_in_tables(slug, parameters)
    opened, pages, followed = 0, 0, {}
    for figure in figures_of(slug, parameters):
        key = figure.column.key
        if not figure.link:
            assert key in definition.not_opened, f"{figure} neither opens nor says why not"
            continue
        assert key not in definition.not_opened, f"{figure} opens and says why it does not"
        query = parse_qs(urlsplit(figure.link).query)
        assert query.get("known_on", [""]) == [asked.get("known_on", "")]
        found = followed.setdefault(figure.link, None) or follow(client, figure.link)
        followed[figure.link] = found
        assert sum(found.amounts) == figure.value, str(figure)
        assert found.title
        opened, pages = opened + 1, max(pages, found.pages)
    return opened, pages


def points_of_view(department_officer, local_officer):
    """Who asks, and for which area: the whole province, an old district of it, a commune for itself."""
    yield department_officer, area_unit("province")
    yield department_officer, area_unit("old_district")
    yield local_officer, area_unit("commune")


@pytest.mark.parametrize(("slug", "more"), ONE_LINE)
def test_every_figure_opens_into_rows_that_add_up_to_it(slug, more, client, world, department_officer, local_officer):
    for user, area in points_of_view(department_officer, local_officer):
        client.force_login(user)
        opened, pages = check_form(client, slug, {**ASKED, **more, "area": str(area.pk)})
        assert (opened > 0) == (slug not in LISTS), f"{slug}: nothing to open for {area}"
        is_paged = slug in {"nhieu-nam", "giai-ngan", "dia-ban"}
        assert pages > 1 or not is_paged, f"{slug}: no figure of more than one page for {area}"


@pytest.mark.parametrize(("slug", "more"), MONEY)
def test_and_so_it_was_known_on_a_past_day(slug, more, client, department_officer, local_officer):
    make_histories(7, department_officer, 12)
    for user, area in points_of_view(department_officer, local_officer):
        client.force_login(user)
        asked = {**ASKED, **more, "area": str(area.pk), "known_on": KNOWN_ON}
        opened, _ = check_form(client, slug, asked)
        assert opened or slug in LISTS or area != area_unit("province")


def test_the_day_makes_a_difference(client, department_officer):
    """What opens is what was known then, and not what is known now."""
    make_histories(7, department_officer, 12)
    client.force_login(department_officer)
    asked = {**ASKED, "area": str(area_unit("province").pk)}
    now, then = (
        sorted(
            str(figure) for figure in figures_of("giai-ngan", ask_page(client, "giai-ngan", one).context["parameters"])
        )
        for one in (asked, {**asked, "known_on": KNOWN_ON})
    )
    assert then
    assert now != then


def test_a_list_leads_to_each_of_its_rows(client, world, department_officer):
    client.force_login(department_officer)
    page = ask_page(client, "du-an", {**ASKED, "area": str(area_unit("province").pk)})
    links = links_on_page(page)
    assert links
    for link in links:
        assert client.get(link).status_code == 200


def test_what_does_not_open_is_a_column_of_the_form_and_says_why(world, department_officer):
    for slug, definition in DEFINITIONS.items():
        form = definition.form_class({**ASKED, "area": str(area_unit("province").pk)}, user=department_officer)
        assert form.is_valid()
        keys = {column.key for table in definition.build(form.asked()) for column in table.columns}
        assert set(definition.not_opened) <= keys, slug
        assert all(why.endswith(".") and len(why) > 20 for why in definition.not_opened.values()), slug


def test_histories_were_recorded_on_both_sides_of_the_day(department_officer):
    make_histories(7, department_officer, 12)
    day = datetime.datetime(2026, 7, 2, tzinfo=HANOI)
    assert LedgerEntry.objects.filter(recorded_at__lt=day).exists()
    assert LedgerEntry.objects.filter(recorded_at__gte=day).exists()
