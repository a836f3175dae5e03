"""The data of the demonstration."""

from catalog import loading
from catalog.models import Product, Review
from catalog.pictures import draw
from nuages.test import SimpleTestCase, TestCase
from orders.models import Order


class LoadingTests(TestCase):
    def test_the_shop_is_filled(self):
        steps = []
        loading.load(steps.append)
        self.assertEqual(sum(steps), loading.COUNT)
        self.assertEqual(Product.objects.count(), loading.COUNT)
        self.assertEqual(Order.objects.count(), loading.ORDERS)
        self.assertGreater(Review.objects.count(), 500)
        self.assertContains(self.client.get("/"), "Our favourites")


class PictureTests(SimpleTestCase):
    def test_the_same_product_looks_the_same(self):
        self.assertEqual(draw("lamps", "LA-101"), draw("lamps", "LA-101"))
        self.assertNotEqual(draw("lamps", "LA-101"), draw("lamps", "LA-102"))
