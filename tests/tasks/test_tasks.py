import pickle

import pytest

from nuages.tasks import TaskResultStatus, task, task_backends
from nuages.tasks.exceptions import InvalidTask, TaskResultDoesNotExist

DUMMY = {"default": {"BACKEND": "nuages.tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "slow"]}}


@task
def add(a, b):
    return a + b


@task
async def multiply(a, b):
    return a * b


@task(takes_context=True)
def attempts(context):
    return context.attempt


@task
def fail():
    raise LookupError("lost")


def test_immediate():
    result = add.enqueue(1, b=2)
    assert (result.status, result.return_value, result.args, result.kwargs) == (
        TaskResultStatus.SUCCESSFUL,
        3,
        [1],
        {"b": 2},
    )
    assert multiply.enqueue(3, 4).return_value == 12
    assert attempts.enqueue().return_value == 1


def test_failure_is_recorded_and_logged(caplog):
    result = fail.enqueue()
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class is LookupError
    assert "lost" in result.errors[0].traceback
    assert "lost" in caplog.text
    with pytest.raises(ValueError, match="failed"):
        result.return_value


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="Unsupported type"):
        add.enqueue(object(), 1)


def test_dummy(override):
    override(TASKS=DUMMY)
    result = add.using(priority=5, queue_name="slow").enqueue(1, 2)
    assert result.status == TaskResultStatus.READY
    assert task_backends["default"].results == [result]
    assert add.get_result(result.id) == result
    with pytest.raises(TaskResultDoesNotExist):
        add.get_result("none")
    with pytest.raises(InvalidTask, match="other"):
        add.using(queue_name="other")


def test_only_functions_of_a_module():
    with pytest.raises(InvalidTask, match="module level"):
        task(lambda: None)


def test_pickle():
    assert pickle.loads(pickle.dumps(add)) == add
