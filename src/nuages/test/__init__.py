"""Testing a project: clients, test cases with assertions, overriding settings. See "Testing"."""

from nuages.test.client import AsyncClient, AsyncRequestFactory, Client, RequestFactory
from nuages.test.conditions import skipIfDBFeature, skipUnlessAnyDBFeature, skipUnlessDBFeature
from nuages.test.live import LiveServerTestCase
from nuages.test.overriding import ignore_warnings, modify_settings, override_settings, override_system_checks, tag
from nuages.test.simple import SimpleTestCase
from nuages.test.transactional import TestCase, TransactionTestCase

__all__ = [
    "AsyncClient", "AsyncRequestFactory", "Client", "LiveServerTestCase", "RequestFactory", "SimpleTestCase",
    "TestCase", "TransactionTestCase", "ignore_warnings", "modify_settings", "override_settings",
    "override_system_checks", "skipIfDBFeature", "skipUnlessAnyDBFeature", "skipUnlessDBFeature", "tag",
]
