"""Run as a process of its own by test_crash: checks and writes a long file and is killed half way, like a pulled plug.

python -m tests.importing.crash seed N | check KILL_AFTER | apply KILL_AFTER | count
"""

import io
import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khuyencong.settings")
PORTION = 10  # rows


def seed(count: int) -> None:
    """An officer who has sent in and mapped a file of `count` craft villages with figures of a year."""
    import openpyxl
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from khuyencong.accounts.permissions import Role
    from khuyencong.importing.actions.mapping import settle_columns
    from khuyencong.importing.actions.upload import upload_batch
    from khuyencong.importing.kinds import find_kind
    from khuyencong.importing.settled import mapping_of
    from tests.factories import make_organisation, make_user, unit

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=sys.stderr)
    officer = make_user(Role.DEPARTMENT_OFFICER, make_organisation(unit("96")), username="officer")
    book = openpyxl.Workbook()
    book.active.append(["STT", "Tên làng nghề", "Nghề", "Xã, phường", "Năm", "Tổng số hộ", "Hộ làm nghề", "Lao động"])
    for number in range(1, count + 1):
        book.active.append([number, f"Làng nghề {number}", "Đan lát", "Xã Hồng Dân", 2020, 50, 20, 40])
    stream = io.BytesIO()
    book.save(stream)
    kind = find_kind("lang-nghe")
    assert kind is not None
    batch = upload_batch(kind=kind, upload=SimpleUploadedFile("a.xlsx", stream.getvalue()), by=officer)
    settle_columns(
        batch_id=batch.pk,
        kind=kind,
        columns=mapping_of(batch.columns),
        chosen={"unit": "", "day": "", "default_place": None, "default_year": None},
        version=batch.version,
        by=officer,
    )


def _in_small_portions() -> None:
    """As a long file is done: many portions, none of them alone in its transaction with the end."""
    from khuyencong.importing import checking
    from khuyencong.importing.actions import check as check_module

    check_module.DIRECT_ROWS = PORTION  # type: ignore[attr-defined]
    checking.PORTION = PORTION
    checking.portions.__defaults__ = (PORTION,)  # type: ignore[attr-defined]


def _dying(kill_after: int) -> object:
    def tell(done: int) -> None:
        if kill_after and done >= kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    return tell


def check(kill_after: int) -> None:
    from khuyencong.accounts.models import User
    from khuyencong.importing.actions.check import check_batch
    from khuyencong.importing.models import ImportBatch

    _in_small_portions()
    tell = _dying(kill_after)
    check_batch(batch_id=ImportBatch.objects.get().pk, by=User.objects.get(), tell=tell)  # type: ignore[arg-type]


def apply(kill_after: int) -> None:
    from khuyencong.accounts.models import User
    from khuyencong.importing.actions.apply import apply_batch
    from khuyencong.importing.models import ImportBatch

    _in_small_portions()
    batch, tell = ImportBatch.objects.get(), _dying(kill_after)
    apply_batch(
        batch_id=batch.pk,
        only_good=False,
        version=batch.version,
        by=User.objects.get(),
        tell=tell,  # type: ignore[arg-type]
    )


def count() -> None:
    """The state, rows, objects of the batch, villages, figures, events of villages, broken links of the trail."""
    from khuyencong.audit.models import AuditEvent
    from khuyencong.audit.record import broken_links
    from khuyencong.importing.models import ImportBatch
    from programs.models import CraftVillage, CraftVillageYear

    batch = ImportBatch.objects.get()
    print(
        batch.state,
        batch.rows.count(),
        batch.objects_written.count(),
        CraftVillage.objects.count(),
        CraftVillageYear.objects.count(),
        AuditEvent.objects.filter(action__startswith="craft_village").count(),
        len(list(broken_links(AuditEvent.objects.order_by("pk")))),
    )


if __name__ == "__main__":
    django.setup()
    task = {"seed": seed, "check": check, "apply": apply, "count": count}[sys.argv[1]]
    task(*map(int, sys.argv[2:]))  # type: ignore[operator]
