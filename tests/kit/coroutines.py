"""Runs coroutine tests: each on a fresh loop in debug mode, 120 s at most, and nothing may still run when it ends.

A test with the fixture `app` or the mark `qt` runs on the workbench's own Qt loop, any other on asyncio's. Under
Hypothesis each example gets a loop of its own.
"""

import asyncio
import functools
import gc
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

LIMIT_S = 120.0
"""Long for anything on a busy machine, and short enough that a stalled test is seen before the suite's own 240 s."""

SLOW_CALLBACK_S = LIMIT_S
"""Debug mode warns of callbacks above 0.1 s, which a busy machine alone can cause; heartbeat tests watch for those."""

Test = Callable[[], Coroutine[Any, Any, None]]
MakeLoop = Callable[[], asyncio.AbstractEventLoop]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark `qt` asks for the fixture `app`."""
    for item in items:
        if item.get_closest_marker("qt") and "app" not in (names := getattr(item, "fixturenames", [])):
            names.insert(0, "app")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine function; leave every other test to pytest."""
    on_qt = "app" in pyfuncitem.fixturenames
    make_loop = functools.partial(_qt_loop, pyfuncitem) if on_qt else asyncio.new_event_loop
    given = getattr(pyfuncitem.obj, "hypothesis", None)
    if given is not None:
        if inspect.iscoroutinefunction(given.inner_test):
            given.inner_test = _on_a_loop_of_its_own(given.inner_test, make_loop)
        return None
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    values = {name: value for name, value in pyfuncitem.funcargs.items() if name in wanted}
    run_test(functools.partial(pyfuncitem.obj, **values), make_loop)
    return True


def run_test(test: Test, make_loop: MakeLoop = asyncio.new_event_loop, limit_s: float = LIMIT_S) -> None:
    """Run one coroutine to its end on a loop made for it, and close the loop.

    Raises:
        pytest.fail.Exception: it took longer than `limit_s`, or left tasks behind.
    """
    loop = make_loop()
    try:
        loop.set_debug(True)
        loop.slow_callback_duration = SLOW_CALLBACK_S
        try:
            loop.run_until_complete(_within(test, limit_s))
        except BaseException as error:
            left = _clear(loop)
            if left:
                error.add_note("and tasks still ran:\n" + "\n".join(left))
            raise
        if left := _clear(loop):
            pytest.fail("tasks left running:\n" + "\n".join(left), pytrace=False)
    finally:
        loop.close()


async def _within(test: Test, limit_s: float) -> None:
    scope = asyncio.timeout(limit_s)
    try:
        async with scope:
            await test()
    except TimeoutError:
        if scope.expired():
            pytest.fail(f"the coroutine had not ended after {limit_s:g} s")
        raise


def _clear(loop: asyncio.AbstractEventLoop) -> list[str]:
    """End what the test left on the loop; return a line for each task that should have ended."""
    # Transports close their sockets one turn after close() was called, and cancelled tasks end in the next one.
    for _ in range(3):
        loop.run_until_complete(asyncio.sleep(0))
    left = [task for task in asyncio.all_tasks(loop) if not task.done()]
    lines = [_where(task) for task in left]
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=1.0))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    # A failed task that nobody awaited complains when it is freed; the young generations are cheap to look through.
    del left
    gc.collect(1)
    return lines


def _where(task: asyncio.Task[Any]) -> str:
    stack = task.get_stack(limit=1)
    place = f"{stack[-1].f_code.co_filename}:{stack[-1].f_lineno}" if stack else "no frame"
    return f"  {task.get_name()}: {getattr(task.get_coro(), '__qualname__', task.get_coro())} at {place}"


def _on_a_loop_of_its_own(example: Callable[..., Coroutine[Any, Any, None]], make_loop: MakeLoop) -> Any:
    @functools.wraps(example)
    def one_example(*args: Any, **kwargs: Any) -> None:
        run_test(functools.partial(example, *args, **kwargs), make_loop)

    # Hypothesis looks at the function itself to see whether it is a coroutine function.
    del one_example.__wrapped__
    return one_example


def _qt_loop(item: pytest.Function) -> asyncio.AbstractEventLoop:
    from workbench.bridge.loop import WorkbenchLoop

    app: Any = item.funcargs["app"]
    return WorkbenchLoop(app)
