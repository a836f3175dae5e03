"""A test case that drives the back office in a browser; needs the package ``selenium``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from nuages.conf.names import public
from nuages.contrib.staticfiles.testing import StaticLiveServerTestCase
from nuages.test import modify_settings
from nuages.test.selenium import SeleniumTestCase
from nuages.urls import reverse


@modify_settings(MIDDLEWARE={"append": "nuages.middleware.csp.ContentSecurityPolicyMiddleware"})
class AdminSeleniumTestCase(SeleniumTestCase, StaticLiveServerTestCase):
    """A live server with the applications of the back office, and a browser, which the environment names."""

    available_apps = [
        public(f"nuages.contrib.{name}") for name in ("admin", "auth", "contenttypes", "sessions", "sites")
    ]
    timeout = 10
    """Seconds to wait for a page or an element."""

    def wait_until(self, callback: Any, timeout: int | None = None) -> Any:
        """Wait until ``callback(driver)`` is true, and return what it gives."""
        support = import_module("selenium.webdriver.support.wait")
        return support.WebDriverWait(self.selenium, timeout or self.timeout).until(callback)

    def wait_for(self, css_selector: str, timeout: int | None = None) -> Any:
        """Wait for an element."""
        return self.wait_until(lambda driver: driver.find_element("css selector", css_selector), timeout)

    def wait_page_ready(self, timeout: int | None = None) -> None:
        """Wait until the page is loaded."""
        self.wait_until(lambda driver: driver.execute_script("return document.readyState") == "complete", timeout)

    @contextmanager
    def wait_page_loaded(self, timeout: int | None = None) -> Iterator[None]:
        """Do something that leads to another page, and wait for that."""
        before = self.selenium.find_element("tag name", "html")
        yield
        self.wait_until(lambda driver: driver.find_element("tag name", "html") != before, timeout)
        self.wait_page_ready(timeout)

    def admin_login(self, username: str, password: str, login_url: str | None = None) -> None:
        """Log in through the login page."""
        self.selenium.get(f"{self.live_server_url}{login_url or reverse('admin:index')}")
        self.selenium.find_element("name", "username").send_keys(username)
        self.selenium.find_element("name", "password").send_keys(password)
        with self.wait_page_loaded():
            self.selenium.find_element("css selector", "#login-form [type=submit]").click()
