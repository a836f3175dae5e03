"""A walk through the demonstration shop, served as ``make demo`` serves it: by mouse, by keyboard, on a phone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (pip install selenium)")

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

SHOP = Path(__file__).parents[2] / "examples" / "shop"
PAGES = ("/", "/products/", "/category/lamps/", "/products/mug-cirrus/", "/cart/", "/account/log-in/", "/account/sign-up/")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[str]:
    """The address of a freshly filled shop; Ctrl-C must end it cleanly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if key != "NUAGES_SETTINGS_MODULE"}
    database = tmp_path_factory.mktemp("shop") / "shop.sqlite3"
    server = subprocess.Popen(
        [sys.executable, str(SHOP / "demo.py"), "--port", str(port)],
        env={**kept, "SHOP_DATABASE": str(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    wait_for(address, server)
    yield address
    server.send_signal(signal.SIGINT)
    output, _ = server.communicate(timeout=20)
    assert server.returncode == 0, output
    assert "Traceback" not in output


def wait_for(address: str, server: Any) -> None:
    for _ in range(300):
        assert server.poll() is None, server.stdout.read()
        try:
            urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the shop did not start within 30 seconds")


def find(browser: Any, selector: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, selector)


def text(browser: Any) -> str:
    return find(browser, "body").text


def follow(browser: Any, element: Any) -> None:
    """Click, and wait for the next page."""
    page = find(browser, "html")
    element.click()
    WebDriverWait(browser, 10).until(staleness_of(page))


def press(browser: Any, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def resize(browser: Any, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def test_a_customer_buys(browser: Any, shop: str) -> None:
    resize(browser, 1280, 900)
    browser.get(f"{shop}/account/sign-up/")
    fields = {"username": "nora", "email": "nora@example.com", "password1": "grey-cloud-7", "password2": "grey-cloud-7"}
    for name, value in fields.items():
        browser.find_element(By.NAME, name).send_keys(value)
    follow(browser, find(browser, "main button"))
    assert "Welcome, nora!" in text(browser)

    browser.get(f"{shop}/products/?available=on&order=-price")
    follow(browser, find(browser, ".card a"))
    follow(browser, find(browser, ".buy button"))
    assert "is in your cart" in text(browser)
    follow(browser, find(browser, ".checkout .button"))
    assert browser.find_element(By.NAME, "email").get_attribute("value") == "nora@example.com"
    address = {"name": "Nora", "street": "1 rue du Ciel", "postcode": "7500", "city": "Paris"}
    for name, value in address.items():
        browser.find_element(By.NAME, name).send_keys(value)
    browser.find_element(By.NAME, "terms").click()
    follow(browser, find(browser, "main form button"))
    assert "not a postcode" in text(browser)
    browser.find_element(By.NAME, "postcode").send_keys("1")
    assert browser.find_element(By.NAME, "terms").is_selected()
    follow(browser, find(browser, "main form button"))
    assert "Thank you!" in text(browser)
    number = browser.current_url.rstrip("/").rpartition("/")[2]
    browser.get(f"{shop}/account/orders/")
    assert number in text(browser)


def test_a_customer_reviews(browser: Any, shop: str) -> None:
    browser.get(f"{shop}/products/mug-cirrus/")
    browser.find_element(By.NAME, "title").send_keys("Holds tea")
    browser.find_element(By.NAME, "text").send_keys("And coffee too.")
    follow(browser, find(browser, ".reviews form button"))
    assert "Thank you for your review." in text(browser)
    assert "And coffee too." in text(browser)


def test_the_search_suggests(browser: Any, shop: str) -> None:
    browser.get(shop)
    find(browser, "#search").send_keys("barom")
    options = browser.find_elements(By.CSS_SELECTOR, "#found option")
    assert options and all("Barometer" in option.get_attribute("value") for option in options)
    page = find(browser, "html")
    press(browser, Keys.ENTER)
    WebDriverWait(browser, 10).until(staleness_of(page))
    assert "Results for “barom”" in text(browser)


def test_by_keyboard_alone(browser: Any, shop: str) -> None:
    browser.get(f"{shop}/products/raincoat-brume/")
    press(browser, Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"
    press(browser, Keys.ENTER)
    for _ in range(20):
        press(browser, Keys.TAB)
        focused = browser.switch_to.active_element
        assert focused.value_of_css_property("outline-style") != "none", focused.get_attribute("outerHTML")
        if focused.get_attribute("name") == "quantity":
            break
    page = find(browser, "html")
    press(browser, Keys.TAB, Keys.ENTER)
    WebDriverWait(browser, 10).until(staleness_of(page))
    assert "is in your cart" in text(browser)


def test_in_french(browser: Any, shop: str) -> None:
    browser.get(f"{shop}/products/raincoat-brume/")
    follow(browser, find(browser, "button[value=fr]"))
    assert find(browser, "html").get_attribute("lang") == "fr"
    assert "Imperméable Brume" in text(browser)
    assert "Ajouter au panier" in text(browser)
    follow(browser, find(browser, "button[value=en]"))
    assert "Add to cart" in text(browser)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_pages_fit_and_are_labelled(browser: Any, shop: str, page: str, width: int) -> None:
    resize(browser, width, 740)
    browser.get(shop + page)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    unlabelled = browser.execute_script(
        "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(field => !field.labels.length && !field.ariaLabel).map(field => field.outerHTML)"
    )
    assert unlabelled == []
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    assert browser.execute_script("return [...document.images].every(image => image.hasAttribute('alt'))")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_the_back_office(browser: Any, shop: str) -> None:
    resize(browser, 1280, 900)
    browser.delete_all_cookies()
    browser.get(f"{shop}/admin/")
    browser.find_element(By.NAME, "username").send_keys("admin")
    browser.find_element(By.NAME, "password").send_keys("admin")
    follow(browser, find(browser, "[type=submit]"))
    assert "Éclaircie" in text(browser)
    browser.get(f"{shop}/admin/catalog/product/?q=barometer")
    assert "13" in find(browser, "main").text
    browser.get(f"{shop}/admin/orders/order/?status__exact=new")
    assert "Nora" in text(browser)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "page", ["", "catalog/product/", "catalog/product/1/change/", "orders/order/", "orders/order/1/change/", "auth/user/add/", "catalog/review/"]
)
def test_the_back_office_fits_and_obeys_the_policy(browser: Any, shop: str, page: str, width: int) -> None:
    resize(browser, width, 740)
    browser.get(f"{shop}/admin/login/")
    if names := browser.find_elements(By.NAME, "username"):
        names[0].send_keys("admin")
        browser.find_element(By.NAME, "password").send_keys("admin")
        follow(browser, find(browser, "[type=submit]"))
    browser.get_log("browser")
    browser.get(f"{shop}/admin/{page}")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    small = browser.execute_script(
        "return [...document.querySelectorAll('.breadcrumbs a, #result_list a, input[type=checkbox], input[type=radio]')]"
        ".map(e => e.getBoundingClientRect()).filter(box => box.width && (box.height < 20 || box.width < 20)).length"
    )
    assert width > 640 or small == 0
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
