"""A work done on many documents, in one way: by processes here, or by the workers of a Dask cluster."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from policybook.errors import ClusterError, PolicybookError, shown

Todo = TypeVar("Todo")
Result = TypeVar("Result")

#: An item whose worker died so often runs with nothing beside it, so that it is known which one it was; dying again
#: it has failed.
_TOGETHER = 2
#: So many items a worker are under way: one it works on, and one that it need not wait for.
_AHEAD = 2


@dataclass(frozen=True)
class Workers:
    """Who works: `jobs` processes here, or the workers of the Dask cluster at the address `scheduler`.

    Without either it is the process that asks, one item after the other.
    """

    jobs: int = 0
    scheduler: str | None = None


#: Fewer items are worked on by the process that asks, unless it is said who is to: processes take seconds to begin.
_FEW = 20


def usual_workers(items: int) -> Workers:
    """Return who works on so many items where nobody says it: of many as many processes as there are cores."""
    return Workers(jobs=(os.cpu_count() or 1) if items > _FEW else 0)


@dataclass(frozen=True)
class Failure:
    """What came of an item with which nothing could be done: a sentence that says why."""

    reason: str


def do_each(work: Callable[[Todo], Result], items: Sequence[Todo],
            workers: Workers) -> Generator[tuple[int, Result | Failure], None, None]:  # fmt: skip
    """Do a work on every item, and yield its number and what came of it as soon as it is there, in any order.

    Few items are under way at a time, whatever their number. An item whose worker dies is done again by another; one
    that kills them again and again is a Failure. What `work` raises ends everything, as Ctrl-C does: no worker is left.
    """
    if items:
        with _open(workers, len(items)) as crew:
            yield from _Round(work, items, crew).run()


class _Crew(Protocol):
    """An executor of the shape of concurrent.futures, which can be made again."""

    #: What a future raises whose worker died.
    deaths: tuple[type[BaseException], ...]

    def __enter__(self) -> _Crew: ...

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> bool | None: ...

    def submit(self, work: Callable[[Todo], Result], item: Todo, /) -> Future[Result]: ...

    def renew(self) -> None: ...

    @property
    def room(self) -> int: ...


def _open(workers: Workers, most: int) -> _Crew:
    if workers.scheduler is not None:
        return _Cluster(workers.scheduler)
    return _Processes(min(workers.jobs, most)) if workers.jobs else _Alone()


class _Round(Generic[Todo, Result]):
    """The items of one call of do_each: which wait, which are under way, and how often the worker of each died."""

    def __init__(self, work: Callable[[Todo], Result], items: Sequence[Todo], crew: _Crew) -> None:
        self._work, self._items, self._crew = work, items, crew
        self._waiting = deque(range(len(items)))
        self._suspects: deque[int] = deque()
        self._running: dict[Future[Result], int] = {}
        self._deaths: Counter[int] = Counter()

    def run(self) -> Iterator[tuple[int, Result | Failure]]:
        while self._waiting or self._suspects or self._running:
            self._submit()
            died: list[int] = []
            for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                number = self._running.pop(future)
                try:
                    done = future.result()
                except self._crew.deaths:
                    died.append(number)
                else:
                    yield number, done
            if died or not self._running:
                yield from self._mourn(died)

    def _submit(self) -> None:
        """Put under way what there is room for: suspects first, each with nothing beside it."""
        if self._suspects:
            if self._running:
                return
            queue, room = self._suspects, 1
        else:
            queue, room = self._waiting, self._crew.room
        while queue and len(self._running) < room:
            try:
                future = self._crew.submit(self._work, self._items[queue[0]])
            except BrokenExecutor:  # a worker died since, and whatever is under way is about to say so
                if not self._running:
                    self._crew.renew()
                    continue
                return
            self._running[future] = queue.popleft()

    def _mourn(self, died: Sequence[int]) -> Iterator[tuple[int, Failure]]:
        """Let the items of workers that died be done again."""
        for number in sorted(died, reverse=True):
            self._deaths[number] += 1
            if self._deaths[number] > _TOGETHER:
                yield number, Failure(f"whatever worked on it was ended, {self._deaths[number]} times. Look whether it "
                                      "takes too much memory, and leave it out or split it.")  # fmt: skip
            else:
                (self._suspects if self._deaths[number] == _TOGETHER else self._waiting).appendleft(number)
        if died and not self._running:
            self._crew.renew()


class _Alone(Executor):
    """Does at once what it is given, in the process that asks."""

    deaths: tuple[type[BaseException], ...] = ()
    room = 1

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*arguments, **named))
        return future

    def renew(self) -> None:
        return


class _Processes:
    """Processes that begin empty, leave Ctrl-C to the one that began them, and end with it or when it says so."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, jobs: int) -> None:
        self._jobs, self.room = jobs, jobs * _AHEAD

    def __enter__(self) -> _Processes:
        context = get_context("spawn")
        self._hears, self._line = context.Pipe(duplex=False)  # closed, it tells all of them to end
        self._pool = ProcessPoolExecutor(self._jobs, context, _begin_process, (self._hears,))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._line.close()
        self._pool.shutdown(cancel_futures=True)
        self._line.close()
        self._hears.close()

    def submit(self, work: Callable[[Todo], Result], item: Todo) -> Future[Result]:
        return self._pool.submit(work, item)

    def renew(self) -> None:
        self.__exit__(BrokenExecutor)
        self.__enter__()


def _begin_process(line: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    ends = [line, parent.sentinel] if parent is not None else [line]
    Thread(target=_end_with, args=(ends,), daemon=True).start()


def _end_with(ends: Sequence[Any]) -> None:
    wait_for(ends)
    os._exit(1)


class _Cluster:
    """The workers of a Dask cluster, as they come and go. Dask itself gives to another what a lost one had."""

    #: Seconds for a scheduler to answer, for a first worker, and until it is asked again how many there are.
    _ANSWER, _FIRST, _FRESH = 10, 30, 5

    def __init__(self, address: str) -> None:
        self._address = shown(address)
        try:
            import distributed
        except ImportError:
            fix = "Install it with: pip install 'policybook[cluster]'."
            raise ClusterError(f"--scheduler {self._address}: that needs the package distributed. {fix}") from None
        self.deaths: tuple[type[BaseException], ...] = (distributed.KilledWorker,)
        self._asked, self._room = float("-inf"), 1
        try:
            self._client = distributed.Client(address, timeout=self._ANSWER, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise self._unreachable(error) from None
        try:
            self._client.wait_for_workers(1, timeout=self._FIRST)
        except (OSError, ValueError) as error:
            self._client.close()
            if not isinstance(error, TimeoutError):
                raise self._unreachable(error) from None
            fix = f"Start some with: dask worker {self._address} --nthreads 1."
            raise ClusterError(f"--scheduler {self._address}: it has no worker. {fix}") from None

    def _unreachable(self, error: Exception) -> ClusterError:
        why = shown(" ".join(str(error).split()) or type(error).__name__)
        fix = "Start one with: dask scheduler, and give the address that it prints, such as tcp://HOST:8786."
        return ClusterError(f"--scheduler {self._address}: no scheduler can be reached there ({why}). {fix}")

    def __enter__(self) -> _Cluster:
        self._executor = self._client.get_executor(pure=False)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # whatever has become of the scheduler, nothing more is asked of it
            self._executor.shutdown(wait=False)
        with suppress(Exception):
            self._client.close()

    @property
    def room(self) -> int:
        if time.monotonic() - self._asked > self._FRESH:
            self._asked = time.monotonic()
            with suppress(OSError, TimeoutError):
                self._room = max(1, sum(self._client.nthreads().values())) * _AHEAD
        return self._room

    def submit(self, work: Callable[[Todo], Result], item: Todo) -> Future[Result]:
        future: Future[Result] = Future()
        told = self._executor.submit(work, item)
        told.add_done_callback(lambda done: self._pass_on(done, future))
        return future

    def _pass_on(self, done: Future[Result], future: Future[Result]) -> None:
        """Say in a sentence what is no fault of a document."""
        try:
            future.set_result(done.result())
        except PolicybookError as error:
            future.set_exception(error)
        except self.deaths as error:
            future.set_exception(error)
        except CancelledError:
            fix = "Run the same command again: it goes on where this one stopped."
            future.set_exception(ClusterError(f"the scheduler {self._address} was lost. {fix}"))
        except Exception as error:
            why = shown(f"{type(error).__name__}: {error}")
            fix = "Let policybook be the same version, with the same libraries, on every worker."
            future.set_exception(ClusterError(f"a worker of {self._address} cannot do the work ({why}). {fix}"))

    def renew(self) -> None:
        return
