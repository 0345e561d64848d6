"""Order, places, dead processes; two who want one job."""

import datetime

import pytest
from django.utils import timezone

from khuyencong.errors import Refused
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.queue import HANDED_OUT, LOST, bury, claim, fail, hand_out, is_overdue
from khuyencong.jobs.runner import launch
from tests.at_once import at_once, won_and_refused
from tests.jobs.kinds import RAN
from tests.jobs.makers import make_job


@pytest.fixture
def three(accountant):
    start = timezone.now() - datetime.timedelta(minutes=1)
    return [make_job(accountant, created_at=start + datetime.timedelta(seconds=place)) for place in range(3)]


@pytest.mark.django_db
class TestOrder:
    def test_the_oldest_first_and_no_more_than_there_are_places(self, three, settings):
        settings.JOBS_AT_ONCE = 2
        first, second, third = three
        assert hand_out() == [first.pk, second.pk]
        assert hand_out() == []
        assert claim(first.pk) is not None
        assert claim(second.pk) is not None
        assert claim(third.pk) is None
        fail(first.pk, "Hỏng")
        assert hand_out() == [third.pk]

    def test_a_job_whose_process_never_came_is_handed_out_again(self, three, settings):
        settings.JOBS_AT_ONCE = 1
        assert hand_out() == [three[0].pk]
        long_ago = timezone.now() - HANDED_OUT - datetime.timedelta(seconds=1)
        Job.objects.filter(pk=three[0].pk).update(beat_at=long_ago)
        assert hand_out() == [three[0].pk]

    def test_who_finds_no_place_waits_for_the_next_one(self, three, settings):
        settings.JOBS_AT_ONCE = 1
        claim(three[0].pk)
        Job.objects.filter(pk=three[1].pk).update(beat_at=timezone.now())
        assert claim(three[1].pk) is None
        fail(three[0].pk, "Hỏng")
        assert hand_out() == [three[1].pk]

    def test_inline_all_of_them_are_done_in_order(self, three, settings):
        settings.JOBS_AT_ONCE = 1
        launch()
        assert [job.pk for job in three] == RAN
        assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


@pytest.mark.django_db
class TestDeath:
    def test_a_silent_process_has_failed_in_words_and_its_place_is_free(self, three, settings):
        settings.JOBS_AT_ONCE, settings.JOBS_SILENCE = 1, 60
        dead = claim(three[0].pk)
        assert not is_overdue(dead, timezone.now())
        Job.objects.filter(pk=dead.pk).update(beat_at=timezone.now() - datetime.timedelta(seconds=61))
        dead.refresh_from_db()
        assert is_overdue(dead, timezone.now())
        assert hand_out() == [three[1].pk]
        dead.refresh_from_db()
        assert (dead.state, dead.message) == (JobState.FAILED, LOST)

    def test_what_has_ended_is_neither_buried_nor_failed(self, accountant):
        done = make_job(accountant, state=JobState.DONE, beat_at=timezone.now() - datetime.timedelta(days=1))
        bury(timezone.now())
        fail(done.pk, "Hỏng")
        done.refresh_from_db()
        assert done.state == JobState.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_one_job_has_one_worker(self, accountant):
        job = make_job(accountant)

        def work():
            if claim(job.pk) is None:
                raise Refused("taken")

        assert won_and_refused(at_once(work, work, work)) == "taken"

    def test_places_are_not_given_twice(self, accountant, settings):
        settings.JOBS_AT_ONCE = 2
        for _ in range(5):
            make_job(accountant)
        given = []
        assert at_once(*[lambda: given.extend(hand_out())] * 3) == ["done"] * 3
        assert len(given) == len(set(given)) == 2
