"""Two people at the same moment, on two real connections: for tests on PostgreSQL."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from khuyencong.errors import Refused


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each act, run on a connection of its own: "done" or the message of the refusal."""
    barrier, results = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            act()
            results[place] = "done"
        except Refused as refusal:
            results[place] = refusal.message
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads), "a deadlock"
    return results


def won_and_refused(results: list[str]) -> str:
    """The refusal, after seeing that exactly one act was done."""
    assert results.count("done") == 1, results
    return next(result for result in results if result != "done")
