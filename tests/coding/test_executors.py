"""Many items, each done once: by this process, by others, by a cluster; a dead worker loses none of them."""

from __future__ import annotations

import builtins
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import works

from policybook.coding.executors import Failure, Workers, do_each
from policybook.errors import ClusterError

ALONE, TWO = Workers(), Workers(jobs=2)


def all_done(work: Callable[[Any], Any], items: list[Any], workers: Workers) -> list[Any]:
    """Return what came of the items, in their order: each came once."""
    done = list(do_each(work, items, workers))
    assert sorted(number for number, _ in done) == list(range(len(items)))
    return [came for _, came in sorted(done, key=lambda one: one[0])]


@pytest.mark.parametrize("workers", [ALONE, TWO], ids=["alone", "two"])
def test_each_item_is_done_once_and_failures_do_not_stop_the_others(workers: Workers) -> None:
    failed = Failure("3 is no good"), Failure("8 is no good")
    expected = [0, 2, 4, failed[0], 8, 10, 12, 14, failed[1], 18]
    assert all_done(works.double_or_fail, list(range(10)), workers) == expected


def test_nothing_to_do_starts_nothing() -> None:
    assert all_done(works.double, [], Workers(scheduler="tcp://127.0.0.1:1")) == []


def test_what_a_work_raises_ends_everything() -> None:
    for workers in (ALONE, TWO):
        with pytest.raises(ValueError, match="seven"):
            all_done(works.raise_at_seven, list(range(50)), workers)


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    items = [(number, str(tmp_path)) for number in range(20)]
    assert all_done(works.die_once, items, TWO) == list(range(20))
    assert (tmp_path / "died").exists()


def test_an_item_that_kills_its_workers_fails_by_itself() -> None:
    came = all_done(works.die_always, list(range(12)), TWO)
    assert isinstance(came[5], Failure) and "ended, 3 times" in came[5].reason
    assert [one for one in came if one is not came[5]] == [number for number in range(12) if number != 5]


def test_who_stops_leaves_no_worker(tmp_path: Path) -> None:
    """Whatever they are at, they end within seconds."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        real = works.sleep_long
        patch.setattr("policybook.coding.executors.wait", lambda *_, **__: wait_for_marks(tmp_path) or stop())
        list(do_each(real, [str(tmp_path)] * 4, TWO))
    assert time.monotonic() - began < 40
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert pids and not [pid for pid in pids if alive(pid)]


def wait_for_marks(folder: Path) -> None:
    until = time.monotonic() + 30
    while not list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_who_wants_no_more_leaves_no_worker() -> None:
    with closing(do_each(works.double, list(range(1000)), TWO)) as done:
        next(done)


def test_without_the_extra_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ClusterError, match=r"pip install 'policybook\[cluster\]'"):
        all_done(works.double, [1], Workers(scheduler="tcp://127.0.0.1:8786"))


@pytest.mark.filterwarnings("default")
def test_a_cluster_does_what_processes_do_also_when_a_worker_is_killed(tmp_path: Path) -> None:
    """Where the extra is installed."""
    distributed = pytest.importorskip("distributed")
    local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with local as cluster:
        workers = Workers(scheduler=cluster.scheduler_address)
        failed = Failure("3 is no good")
        assert all_done(works.double_or_fail, list(range(6)), workers) == [0, 2, 4, failed, 8, 10]
        items = [(number, str(tmp_path)) for number in range(12)]
        assert all_done(works.die_once, items, workers) == list(range(12))


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("policybook.coding.executors._Cluster._ANSWER", 1)
    with pytest.raises(ClusterError, match="no scheduler can be reached there"):
        all_done(works.double, [1], Workers(scheduler="tcp://127.0.0.1:9"))
