"""Cart, checkout and accounts."""

from decimal import Decimal

from catalog.models import Product
from nuages import mail
from nuages.contrib.auth.models import User
from nuages.test import Client, TestCase
from orders.models import Order
from tests.making import make_product

ADDRESS = {
    "name": "Ann",
    "email": "ann@example.com",
    "street": "1 rue du Ciel",
    "postcode": "75001",
    "city": "Paris",
    "country": "FR",
    "terms": "on",
}


class CartTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.product = make_product("Umbrella", stock=3)

    def put(self, quantity, **more):
        return self.client.post(f"/cart/{self.product.pk}/", {"quantity": quantity, **more}, follow=True)

    def test_adding_changing_and_removing(self):
        self.assertContains(self.put(2, add="1"), "€25.00")
        self.assertContains(self.put(1), "€12.50")
        self.assertContains(self.put(0), "Your cart is empty.")

    def test_wrong_quantities(self):
        self.assertContains(self.put("many"), "The quantity must be a number from 0 to 99.")

    def test_forms_need_their_token(self):
        visitor = Client(enforce_csrf_checks=True)
        self.assertEqual(visitor.post(f"/cart/{self.product.pk}/", {"quantity": 1}).status_code, 403)

    def test_redirects_stay_in_the_shop(self):
        response = self.client.post(f"/cart/{self.product.pk}/", {"quantity": 1, "next": "https://example.org/"})
        self.assertRedirects(response, "/cart/")


class CheckoutTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.product = make_product("Umbrella", stock=3)
        cls.lamp = make_product("Lamp", stock=1)

    def fill(self, product, quantity):
        self.client.post(f"/cart/{product.pk}/", {"quantity": quantity, "add": "1"})

    def test_an_order_is_placed(self):
        self.fill(self.product, 2)
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post("/checkout/", ADDRESS, follow=True)
        order = Order.objects.with_total().get()
        self.assertContains(response, order.number)
        self.assertEqual((order.total, order.articles), (Decimal("25.00"), 2))
        self.product.refresh_from_db()
        self.assertEqual(self.product.stock, 1)
        self.assertEqual(mail.outbox[0].to, ["ann@example.com"])
        self.assertIn("2 × Umbrella: €25.00", mail.outbox[0].body)
        self.assertContains(self.client.get("/cart/"), "Your cart is empty.")

    def test_all_or_nothing(self):
        self.fill(self.product, 1)
        self.fill(self.lamp, 1)
        Product.objects.filter(pk=self.lamp.pk).update(stock=0)
        response = self.client.post("/checkout/", ADDRESS, follow=True)
        self.assertContains(response, "There is not enough left of Lamp.")
        self.assertFalse(Order.objects.exists())
        self.product.refresh_from_db()
        self.assertEqual(self.product.stock, 3)

    def test_the_form_is_checked(self):
        self.fill(self.product, 1)
        response = self.client.post("/checkout/", {**ADDRESS, "postcode": "7500", "terms": ""})
        self.assertFormError(response.context["form"], "postcode", "This is not a postcode of that country.")
        self.assertFormError(response.context["form"], "terms", "Please tick this box to go on.")

    def test_an_empty_cart_has_no_checkout(self):
        self.assertRedirects(self.client.get("/checkout/"), "/cart/")


class AccountTests(TestCase):
    def test_signing_up_and_seeing_ones_orders(self):
        password = "cloudy-with-sun"
        form = {"username": "ann", "email": "ann@example.com", "password1": password, "password2": password}
        response = self.client.post("/account/sign-up/", form, follow=True)
        self.assertContains(response, "Welcome, ann!")
        Order.objects.create(customer=User.objects.get(), number="CLOUDS", **{k: ADDRESS[k] for k in ("name", "email")})
        Order.objects.create(number="OTHERS", name="Bob")
        response = self.client.get("/account/orders/")
        self.assertContains(response, "CLOUDS")
        self.assertNotContains(response, "OTHERS")

    def test_changing_the_password(self):
        self.client.force_login(User.objects.create_user("ann", password="old-cloud-1"))
        form = {"old_password": "old-cloud-1", "new_password1": "new-cloud-2", "new_password2": "new-cloud-2"}
        self.assertContains(self.client.post("/account/password/", form, follow=True), "Your password has changed.")
        self.assertTrue(Client().login(username="ann", password="new-cloud-2"))


class BackOfficeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.boss = User.objects.create_superuser("boss")
        cls.order = Order.objects.create(number="CLOUDS", name="Ann")
        cls.order.lines.create(product=make_product("Lamp", price=80), price=80, quantity=2)

    def setUp(self):
        self.client.force_login(self.boss)

    def test_lists(self):
        self.assertContains(self.client.get("/admin/orders/order/"), "€160.00")
        for model in ("catalog/product", "catalog/review", "catalog/category", "catalog/tag"):
            self.assertEqual(self.client.get(f"/admin/{model}/").status_code, 200)
        response = self.client.get("/admin/catalog/product/?stock=none")
        self.assertNotContains(response, "Lamp")

    def test_pages_of_objects(self):
        self.assertContains(self.client.get(f"/admin/orders/order/{self.order.pk}/change/"), "CLOUDS")
        self.assertContains(self.client.get(f"/admin/catalog/product/{Product.objects.get().pk}/change/"), "Lamp")

    def test_actions(self):
        data = {"action": "mark_paid", "_selected_action": [self.order.pk]}
        self.assertContains(self.client.post("/admin/orders/order/", data, follow=True), "1 order changed.")
        self.order.refresh_from_db()
        self.assertEqual(self.order.status, Order.Status.PAID)


class AccountPageTests(TestCase):
    def test_the_password_is_changed_in_the_shop(self):
        user = User.objects.create_user("ann", password="a long pass phrase")
        self.client.force_login(user)
        response = self.client.get("/account/password/")
        self.assertTemplateUsed(response, "accounts/password.html")
        self.assertContains(response, "shop/shop.css")
        self.assertNotContains(response, "admin/css")
