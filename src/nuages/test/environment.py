"""What holds for a whole test run: hosts, mail, the signal of rendered templates."""

import warnings
from importlib import import_module
from typing import Any

from nuages import mail
from nuages.conf import names, settings
from nuages.i18n.translation import deactivate
from nuages.template.template import PartialTemplate, Template
from nuages.test.signals import template_rendered
from nuages.text.deprecation import RemovedInNextVersionWarning

LOCMEM = "nuages.mail.backends.locmem.EmailBackend"


class _TestState:
    """Holds what :func:`setup_test_environment` changed, while it is in force."""

    saved_data: Any


class _Saved:
    """The values to be restored."""

    debug: Any
    allowed_hosts: Any
    email_backend: Any
    mailers: Any
    template_render: Any
    partial_template_render: Any


def instrumented_test_render(self: Any, context: Any) -> Any:
    """Render a template, after sending ``template_rendered``."""
    template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)


def setup_test_environment(debug: bool | None = None) -> None:
    """Prepare the process for tests: DEBUG off (or as *debug* says), the test host allowed, mail kept in memory.

    Raises RuntimeError when that is done already.
    """
    if hasattr(_TestState, "saved_data"):
        raise RuntimeError(
            "setup_test_environment() was already called and can't be called again without first calling "
            "teardown_test_environment()."
        )
    if debug is None:
        debug = settings.DEBUG
    saved = _Saved()
    _TestState.saved_data = saved
    saved.allowed_hosts = settings.ALLOWED_HOSTS
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    saved.debug = settings.DEBUG
    settings.DEBUG = debug
    _keep_mail(saved)
    saved.template_render = Template._render
    Template._render = instrumented_test_render  # type: ignore[method-assign]
    saved.partial_template_render = PartialTemplate._render
    PartialTemplate._render = instrumented_test_render  # type: ignore[method-assign]
    mail.outbox = []  # type: ignore[attr-defined]
    deactivate()


def _keep_mail(saved: _Saved) -> None:
    backend = names.public(LOCMEM)
    if settings.is_overridden("MAILERS"):
        saved.mailers = settings.MAILERS
        settings.MAILERS = {alias: {"BACKEND": backend} for alias in settings.MAILERS}
    else:
        saved.email_backend = settings.EMAIL_BACKEND
        _set_email_backend(backend)


def _set_email_backend(backend: Any) -> None:
    with warnings.catch_warnings():
        # The project set it, or nobody; the warning is for whoever does.
        warnings.simplefilter("ignore", RemovedInNextVersionWarning)
        settings.EMAIL_BACKEND = backend


def teardown_test_environment() -> None:
    """Undo :func:`setup_test_environment`."""
    saved = _TestState.saved_data
    settings.ALLOWED_HOSTS = saved.allowed_hosts
    settings.DEBUG = saved.debug
    if hasattr(saved, "mailers"):
        settings.MAILERS = saved.mailers
    if hasattr(saved, "email_backend"):
        _set_email_backend(saved.email_backend)
    Template._render = saved.template_render  # type: ignore[method-assign]
    PartialTemplate._render = saved.partial_template_render  # type: ignore[method-assign]
    del _TestState.saved_data
    del mail.outbox  # type: ignore[attr-defined]


def get_runner(settings: Any, test_runner_class: str | None = None) -> Any:
    """The test runner class that *test_runner_class* or TEST_RUNNER names."""
    path = test_runner_class or settings.TEST_RUNNER
    module, _, name = path.rpartition(".")
    return getattr(import_module(module or "."), name)
