"""Long work on projects; the kinds that khuyencong.jobs finds here."""

from tempfile import TemporaryFile

from khuyencong.accounts.permissions import Permission
from khuyencong.jobs.exports import request_of
from khuyencong.jobs.progress import Progress
from khuyencong.jobs.registry import FileResult, job
from programs.exports import write_projects
from programs.views.project_list import EXPORT_KIND, export_filename, project_listing


@job(EXPORT_KIND, Permission.REPORT_EXPORT)
def export_projects(progress: Progress, *, query: str) -> FileResult:
    """The filtered list that `query` names, as its person sees it now."""
    projects = project_listing(request_of(progress.user, query)).object_list
    progress.tell(total=projects.order_by().count(), message="Đang viết danh sách đề án")
    stream = TemporaryFile()  # noqa: SIM115 - whoever keeps the result closes it
    write_projects(projects, stream, counted=progress.counted)
    return FileResult(stream, export_filename())
