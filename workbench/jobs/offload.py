"""Calls that would block the loop: in a thread where the call waits, in a spawned process where it computes.

A thread is no help for pure Python that computes: it holds the interpreter's lock and still opens gaps of 50 ms in the
window. A process is spawned, never forked: the window's process holds threads and Qt's connection to the screen.
"""

import asyncio
import functools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from workbench.errors import LocalFault

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")

MAX_THREADS = 64
"""A name server that never answers holds one thread per look-up for half a minute; past this something is wrong."""

_running: set[threading.Thread] = set()
_processes: "ProcessPoolExecutor | None" = None


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a call that waits (getaddrinfo, keyring) in a thread of its own and return its result.

    Cancelling stops the waiting, not the call: it ends by itself and its result is dropped. The threads are daemons
    and in no executor, because an executor is joined at exit: one stuck look-up would hold the whole program.

    Raises: LocalFault when MAX_THREADS calls are stuck already; else whatever the call raises.
    """
    if len(_running) >= MAX_THREADS:
        raise LocalFault(
            f"{MAX_THREADS} blocking calls are still waiting for this machine's system; nothing more is started",
            stage="offload",
            advice="wait for them to end, or restart the workbench",
        )
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # None only where T is None or an error is set

    def work() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = call(*args, **kwargs)
        except BaseException as caught:  # noqa: BLE001 - whatever it is, the waiting coroutine must hear of it
            error = caught
        finally:
            _running.discard(threading.current_thread())
        try:
            loop.call_soon_threadsafe(settle, result, error)
        except RuntimeError:
            # The loop has closed meanwhile: nobody waits for this answer any more.
            return

    thread = threading.Thread(target=work, name=f"offload-{getattr(call, '__name__', 'call')}", daemon=True)
    _running.add(thread)
    thread.start()
    return await answer


async def in_process(call: Callable[..., T], *args: object) -> T:
    """Run a call that computes in a spawned process; the call and its arguments must be picklable."""
    global _processes
    if _processes is None:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        _processes = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    return await asyncio.get_running_loop().run_in_executor(_processes, functools.partial(call, *args))


def shutdown() -> None:
    """End the worker process. Threads are not waited for: they can't delay the end of the program."""
    global _processes
    processes, _processes = _processes, None
    if processes is not None:
        for worker in list((processes._processes or {}).values()):
            worker.terminate()
        processes.shutdown(wait=True, cancel_futures=True)
        from multiprocessing import resource_tracker

        # Python starts this helper beside the first worker and keeps it to the end of the program.
        stop = getattr(resource_tracker._resource_tracker, "_stop", None)
        if stop is not None:
            stop()
