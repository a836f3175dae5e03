"""A test case that drives the back office in a browser; needs the package ``selenium`` and Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest import SkipTest

from nuages.conf.names import public
from nuages.contrib.staticfiles.testing import StaticLiveServerTestCase
from nuages.test import modify_settings
from nuages.urls import reverse

_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@modify_settings(MIDDLEWARE={"append": "nuages.middleware.csp.ContentSecurityPolicyMiddleware"})
class AdminSeleniumTestCase(StaticLiveServerTestCase):
    """Starts a live server with all applications, and a browser: ``self.selenium``. Skipped without ``selenium``."""

    available_apps = [
        public(f"nuages.contrib.{name}") for name in ("admin", "auth", "contenttypes", "sessions", "sites")
    ]
    selenium: Any
    timeout = 10
    """Seconds to wait for a page or an element."""

    @classmethod
    def setUpClass(cls) -> None:
        """Start the browser."""
        try:
            webdriver = import_module("selenium.webdriver")
        except ImportError as error:
            raise SkipTest("The package selenium is not installed.") from error
        options = webdriver.ChromeOptions()
        for argument in _ARGUMENTS:
            options.add_argument(argument)
        cls.selenium = webdriver.Chrome(options=options)
        cls.addClassCleanup(cls.selenium.quit)
        super().setUpClass()

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
