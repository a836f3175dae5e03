import asyncio
import contextvars
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nuages import bridge
from nuages.bridge.workers import idle_count
from nuages.exceptions import SynchronousOnlyOperation

variable = contextvars.ContextVar("variable", default="unset")


async def give(value):
    await asyncio.sleep(0)
    return value


async def fail(error):
    await asyncio.sleep(0)
    raise error


def test_wait_returns_results_and_run_returns_the_value():
    def code(a, *, b):
        return bridge.wait(give(a)) + bridge.wait(give(b))

    assert asyncio.run(bridge.run(code, 1, b=2)) == 3


def test_exceptions_cross_both_ways():
    def code():
        with pytest.raises(KeyError):
            bridge.wait(fail(KeyError("inner")))
        raise ValueError("outer")

    async def main():
        with pytest.raises(ValueError, match="outer"):
            await bridge.run(code)
        assert await bridge.run(lambda: bridge.wait(give("the worker lives"))) == "the worker lives"

    asyncio.run(main())


def test_stop_iteration_and_base_exceptions_cross():
    class Stop(BaseException):
        pass

    def code():
        raise Stop

    async def main():
        with pytest.raises(Stop):
            await bridge.run(code)

    asyncio.run(main())


def test_cancellation_reaches_the_wait_and_clean_up_may_wait():
    log = []

    def code():
        try:
            bridge.wait(asyncio.sleep(60))
        finally:
            log.append(bridge.wait(give("cleaned")))

    async def main():
        task = asyncio.create_task(bridge.run(code))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert log == ["cleaned"]


def test_a_closed_coroutine_ends_its_job():
    log = []

    def code():
        try:
            bridge.wait(asyncio.sleep(60))
        except GeneratorExit:
            log.append("closed")
            raise

    async def main():
        coroutine = bridge.run(code)
        coroutine.send(None)
        coroutine.close()

    asyncio.run(main())
    assert log == ["closed"]


def test_context_is_shared_with_the_task_both_ways():
    def code():
        assert variable.get() == "of the task"
        variable.set("of the code")
        bridge.wait(give(None))
        return variable.get()

    async def main():
        variable.set("of the task")
        assert await bridge.run(code) == "of the code"
        assert variable.get() == "of the code"

    asyncio.run(main())


def test_tasks_do_not_mix_their_contexts():
    def code(name):
        variable.set(name)
        for _ in range(10):
            bridge.wait(asyncio.sleep(0))
            assert variable.get() == name
        return name

    async def main():
        return await asyncio.gather(*(asyncio.create_task(bridge.run(code, str(i))) for i in range(50)))

    assert asyncio.run(main()) == [str(i) for i in range(50)]


def test_waits_run_in_parallel():
    async def main():
        begin = asyncio.get_running_loop().time()
        await asyncio.gather(*(bridge.run(bridge.sleep, 0.1) for _ in range(200)))
        return asyncio.get_running_loop().time() - begin

    before = threading.active_count()
    assert asyncio.run(main()) < 200 * 0.1 / 4
    assert threading.active_count() == before


def test_nesting():
    def inner(n):
        return bridge.wait(give(n)) if n == 0 else bridge.wait(bridge.run(inner, n - 1)) + 1

    assert asyncio.run(bridge.run(inner, 20)) == 20


def test_iterate_over_a_generator_that_waits():
    def numbers():
        for i in range(5):
            yield bridge.wait(give(i))

    async def main():
        return [i async for i in bridge.iterate(numbers())]

    assert asyncio.run(main()) == list(range(5))


def test_wait_outside_run_names_the_cure():
    with pytest.raises(RuntimeError, match=r"bridge\.block"):
        bridge.wait(give(1))

    async def main():
        with pytest.raises(RuntimeError, match="twin"):
            bridge.wait(give(1))

    asyncio.run(main())


def test_check_blocking():
    bridge.check_blocking("A query")

    async def main():
        with pytest.raises(SynchronousOnlyOperation, match="A query"):
            bridge.check_blocking("A query")
        await bridge.run(bridge.check_blocking, "A query")

    asyncio.run(main())


def test_block_off_and_on_the_loop():
    async def set_and_give():
        variable.set("set")
        return await give("given")

    blocking = bridge.block(set_and_give)
    assert contextvars.copy_context().run(lambda: (blocking(), variable.get())) == ("given", "set")
    assert asyncio.run(bridge.run(blocking)) == "given"

    async def main():
        with pytest.raises(SynchronousOnlyOperation):
            blocking()

    asyncio.run(main())


def test_shell_honours_overrides():
    class Base:
        def get(self, x):
            return bridge.wait(give(("base", x)))

        aget = bridge.shell(get)

        @classmethod
        def make(cls):
            return cls.__name__

        amake = bridge.shell(make)

    class Child(Base):
        def get(self, x):
            return "child", *super().get(x)

    assert asyncio.run(Base().aget(1)) == ("base", 1)
    assert asyncio.run(Child().aget(x=1)) == ("child", "base", 1)
    assert asyncio.run(Child.amake()) == "Child"
    assert Base.aget.__name__ == "aget"
    assert asyncio.iscoroutinefunction(Base.aget)


def test_workers_are_pooled():
    async def main():
        await bridge.run(len, "x")
        before = idle_count()
        for _ in range(10):
            await bridge.run(bridge.wait, give(1))
        assert idle_count() == before > 0

    asyncio.run(main())


def test_in_thread_leaves_the_loop():
    async def main():
        return await bridge.in_thread(lambda: (threading.get_ident(), bridge.on_loop()))

    ident, on_loop = asyncio.run(main())
    assert ident != threading.get_ident()
    assert not on_loop


@settings(max_examples=50, deadline=None)
@given(st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=4), max_leaves=20), st.integers(0, 5))
def test_any_tree_of_runs_and_waits_adds_up(tree, failing):
    def total(node):
        if isinstance(node, int):
            if node == failing:
                bridge.wait(fail(LookupError(node)))
            return bridge.wait(give(node))
        return sum(bridge.wait(bridge.run(total, child)) for child in node)

    def leaves(node):
        return [node] if isinstance(node, int) else [leaf for child in node for leaf in leaves(child)]

    if failing in leaves(tree):
        with pytest.raises(LookupError):
            asyncio.run(bridge.run(total, tree))
    else:
        assert asyncio.run(bridge.run(total, tree)) == sum(leaves(tree))


def test_stress_with_cancellations():
    def code(i):
        variable.set(str(i))
        for step in range(20):
            bridge.wait(asyncio.sleep(0.0001 * ((i * 7 + step) % 5)))
            if i % 11 == 3 and step == 10:
                raise ValueError(i)
        assert variable.get() == str(i)
        return i

    async def main():
        tasks = [asyncio.create_task(bridge.run(code, i)) for i in range(300)]
        await asyncio.sleep(0.005)
        for task in tasks[::13]:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(main())
    for i, result in enumerate(results):
        if i % 13 == 0:
            assert isinstance(result, asyncio.CancelledError)
        elif i % 11 == 3:
            assert isinstance(result, ValueError)
        else:
            assert result == i


def test_watchdog_names_what_blocks():
    reports = []

    def call(view):
        view()

    def slow_view():
        time.sleep(0.3)

    bridge.name_from(call, "view")

    async def main():
        dog = bridge.Watchdog(0.05, lambda *report: reports.append(report))
        dog.start()
        await asyncio.sleep(0.1)
        await bridge.run(call, slow_view)
        await asyncio.sleep(0.05)
        dog.stop()

    asyncio.run(main())
    assert len(reports) == 1
    name, seconds, stack = reports[0]
    assert name.endswith("slow_view")
    assert seconds > 0.05
    assert "time.sleep(0.3)" in stack


def test_a_process_that_used_threads_from_blocking_code_ends():
    code = (
        "import asyncio, time\nfrom nuages import bridge\n"
        "async def work(): return await bridge.in_thread(time.sleep, 0)\n"
        "bridge.block(work)()\nprint('done')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (ended.stdout.strip(), ended.returncode) == ("done", 0)
