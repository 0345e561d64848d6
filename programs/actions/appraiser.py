"""Naming who appraises a project. It binds nobody: another officer with the right may still appraise."""

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import Project


@transaction.atomic
def assign_appraiser(*, project_id: int, appraiser: User, by: User, version: int) -> Project:
    """Errors: NotAllowed; Overtaken; Refused for the state, for one who may not appraise there, or for no change."""
    project = lock_project(project_id, version)
    policies.check_can_assign_appraiser(by, project)
    policies.check_may_be_appraiser(appraiser, project)
    before = project.appraiser
    if before == appraiser:
        raise Refused(f"Đề án đã giao cho {appraiser}.", field="appraiser")
    project.appraiser = appraiser
    project.version += 1
    project.save(update_fields=["appraiser", "version"])
    changes = {"Người thẩm định": (str(before) if before else None, str(appraiser))}
    audit(project, by=by, action="assign_appraiser", label="Giao người thẩm định", changes=changes)
    return project
