"""What norms are reckoned from, stated with the request."""

import pytest

from funding.actions.request import set_requested
from funding.models import CostBasis
from funding.queries.norm_series import GivenBasis
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.models import ProjectBeneficiary
from programs.workflow import Track
from tests.factories import add_participant, make_project, make_province
from tests.funding.makers import MILLION, source
from tests.funding.norms import make_norm

pytestmark = pytest.mark.django_db


class TestBasis:
    @pytest.fixture
    def draft(self, local_officer):
        made = make_project(created_by=local_officer)
        add_participant(made)
        return made

    def ask(self, project, by, bases, vnd=5 * MILLION):
        project.refresh_from_db()
        payee = project.participants.get().pk
        return set_requested(
            project_id=project.pk,
            amounts={(payee, source().pk): vnd},
            by=by,
            version=project.version,
            bases={payee: bases, None: GivenBasis()} if bases else None,
        )

    def test_it_is_saved_with_the_amounts_in_one_event(self, draft, local_officer):
        norm = make_norm(multiplier="1.5")
        self.ask(draft, local_officer, GivenBasis(norm.pk, 9 * MILLION, 2, True))
        basis = CostBasis.objects.get()
        assert (basis.participant, basis.norm, basis.eligible_vnd) == (draft.participants.get(), norm, 9 * MILLION)
        assert (basis.unit_count, basis.has_multiplier) == (2, True)
        event = AuditEvent.objects.get()
        before, after = event.changes[f"Căn cứ tính định mức, {draft.participants.get()}"]
        assert before is None
        assert after == "Định mức: Máy thử; chi phí hợp lệ 9.000.000 đồng; số lượng 2; được áp dụng hệ số"

    def test_it_stays_while_the_amounts_are_kept_and_goes_with_them(self, draft, local_officer):
        self.ask(draft, local_officer, GivenBasis(make_norm().pk))
        self.ask(draft, local_officer, None, 6 * MILLION)
        assert CostBasis.objects.count() == 1
        self.ask(draft, local_officer, None, 0)
        assert not CostBasis.objects.exists()
        ProjectBeneficiary.objects.filter(project=draft).delete()

    @pytest.mark.parametrize(
        ("basis", "field"),
        [
            (GivenBasis(eligible_vnd=-1), "eligible"),
            (GivenBasis(unit_count=0), "units"),
            (GivenBasis(unit_count=10_001), "units"),
            (GivenBasis(has_multiplier=True), "multiplier"),
            (GivenBasis(norm_id=987_654), "norm"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, draft, local_officer, basis, field):
        make_norm()
        with pytest.raises(Refused) as refusal:
            self.ask(draft, local_officer, basis)
        assert refusal.value.field == f"{field}_{draft.participants.get().pk}"
        assert not CostBasis.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_norms_of_other_provinces_and_tracks_cannot_be_chosen(self, draft, local_officer):
        for norm in (make_norm(province=make_province("92")), make_norm(track=Track.NATIONAL.value)):
            with pytest.raises(Refused, match="không dùng cho"):
                self.ask(draft, local_officer, GivenBasis(norm.pk))
