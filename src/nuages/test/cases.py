"""All test cases, and what belongs to them."""

from nuages.cli.calling import call_command
from nuages.db import connections
from nuages.server.threaded import QuietWSGIRequestHandler, ThreadedWSGIServer
from nuages.test.assertions import to_list
from nuages.test.comparing import assert_and_parse_html
from nuages.test.conditions import (
    CheckCondition,
    SerializeMixin,
    skipIfDBFeature,
    skipUnlessAnyDBFeature,
    skipUnlessDBFeature,
)
from nuages.test.guards import DatabaseOperationForbidden
from nuages.test.live import (
    FilesHandler,
    LiveServerTestCase,
    LiveServerThread,
    _MediaFilesHandler,
    _StaticFilesHandler,
)
from nuages.test.overriding import modify_settings, override_settings
from nuages.test.simple import SimpleTestCase, is_pickable
from nuages.test.transactional import (
    TestCase,
    TestData,
    TransactionTestCase,
    connections_support_savepoints,
    connections_support_transactions,
)

__all__ = [
    "CheckCondition",
    "DatabaseOperationForbidden",
    "FilesHandler",
    "LiveServerTestCase",
    "LiveServerThread",
    "QuietWSGIRequestHandler",
    "SerializeMixin",
    "SimpleTestCase",
    "TestCase",
    "TestData",
    "ThreadedWSGIServer",
    "TransactionTestCase",
    "_MediaFilesHandler",
    "_StaticFilesHandler",
    "assert_and_parse_html",
    "call_command",
    "connections",
    "connections_support_savepoints",
    "connections_support_transactions",
    "is_pickable",
    "modify_settings",
    "override_settings",
    "skipIfDBFeature",
    "skipUnlessAnyDBFeature",
    "skipUnlessDBFeature",
    "to_list",
]
