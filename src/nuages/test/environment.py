"""What is the same for a whole test run: hosts, mail, template signals; and the test databases."""

from collections.abc import Iterable
from typing import Any

from nuages.apps import apps
from nuages.conf import names, settings
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.exceptions import ImproperlyConfigured
from nuages import mail
from nuages.template.template import Template
from nuages.test.capturing import NullTimeKeeper
from nuages.test.signals import template_rendered
from nuages.i18n.translation import deactivate
from nuages.template.partials import PartialTemplate

LOCMEM = "nuages.mail.backends.locmem.EmailBackend"


class _TestState:
    """Holds what :func:`setup_test_environment` changed, while it is in force."""

    saved_data: Any


def instrumented_test_render(self: Any, context: Any) -> Any:
    """Render a template and send ``template_rendered`` before."""
    template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)
