"""The catalog: lists, filters, products, reviews, suggestions."""

from catalog.models import Product, Review, Tag
from nuages.contrib.auth.models import User
from nuages.db import IntegrityError, transaction
from nuages.test import RequestFactory, SimpleTestCase, TestCase
from nuages.views.defaults import server_error
from tests.making import make_product


class ListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.umbrella = make_product("Red umbrella", name_fr="Parapluie rouge", price=30, stock=0)
        cls.lamp = make_product("Lamp", price=80)
        cls.hidden = make_product("Secret lamp", active=False)
        cls.lamp.tags.add(Tag.objects.create(name="Gift", slug="gift"))

    def names(self, query=""):
        response = self.client.get(f"/products/{query}")
        self.assertEqual(response.status_code, 200)
        return [product.name for product in response.context["products"]]

    def test_only_visible_products_are_listed(self):
        self.assertEqual(self.names(), ["Lamp", "Red umbrella"])

    def test_search_looks_at_both_languages(self):
        self.assertEqual(self.names("?q=parapluie"), ["Red umbrella"])
        self.assertEqual(self.names("?q=umbrella+red"), ["Red umbrella"])

    def test_filters_and_order(self):
        self.assertEqual(self.names("?price_from=50"), ["Lamp"])
        self.assertEqual(self.names("?available=on"), ["Lamp"])
        self.assertEqual(self.names("?tag=gift"), ["Lamp"])
        self.assertEqual(self.names("?order=price"), ["Red umbrella", "Lamp"])

    def test_a_wrong_filter_says_so(self):
        response = self.client.get("/products/?price_from=50&price_to=20")
        self.assertContains(response, "The lower price is above the upper one.")

    def test_pages_keep_the_filters(self):
        for number in range(30):
            make_product(f"Mug {number}")
        response = self.client.get("/products/?q=mug&order=price")
        self.assertContains(response, "?q=mug&amp;order=price&amp;page=2")

    def test_queries_do_not_grow_with_the_products(self):
        with self.assertNumQueries(4):  # how many, this page, the tags, the navigation
            self.client.get("/products/")
        for number in range(10):
            make_product(f"Mug {number}")
        with self.assertNumQueries(4):
            self.client.get("/products/")

    async def test_suggestions(self):
        response = await self.async_client.get("/suggestions/?q=lam")
        self.assertEqual(response.json(), {"products": [{"name": "Lamp", "url": "/products/lamp/"}]})
        self.assertEqual((await self.async_client.get("/suggestions/?q=l")).json(), {"products": []})


class ProductTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.product = make_product("Umbrella", name_fr="Parapluie")
        cls.ann, cls.bob = User.objects.create_user("ann"), User.objects.create_user("bob")

    def test_the_page_speaks_the_visitors_language(self):
        self.assertContains(self.client.get("/products/umbrella/"), "<h1>Umbrella</h1>", html=True)
        response = self.client.get("/products/umbrella/", headers={"accept-language": "fr"})
        self.assertContains(response, "<h1>Parapluie</h1>", html=True)
        self.assertContains(response, "12,50\N{NO-BREAK SPACE}€")

    def test_the_language_switch(self):
        response = self.client.post("/language/setlang/", {"language": "fr", "next": "/cart/"}, follow=True)
        self.assertContains(response, "Votre panier est vide.")

    def test_pictures_are_drawn(self):
        response = self.client.get("/products/umbrella/picture.svg")
        self.assertEqual(response["Content-Type"], "image/svg+xml")
        self.assertContains(response, "<svg")

    def test_unknown_products_are_not_found(self):
        self.assertContains(self.client.get("/products/nothing/"), "Nothing but clouds here", status_code=404)

    def test_a_customer_reviews_once(self):
        review = {"rating": "4", "title": "Good", "text": "It holds."}
        self.assertRedirects(
            self.client.post("/products/umbrella/review/", review),
            "/account/log-in/?next=/products/umbrella/review/",
        )
        self.client.force_login(self.ann)
        response = self.client.post("/products/umbrella/review/", review, follow=True)
        self.assertContains(response, "Thank you for your review.")
        self.assertContains(response, "It holds.")
        response = self.client.post("/products/umbrella/review/", review)
        self.assertContains(response, "You have reviewed this product already.", status_code=422)

    def test_ratings_count_published_reviews_only(self):
        Review.objects.create(product=self.product, author=self.ann, rating=5, title="A", text="A")
        Review.objects.create(product=self.product, author=self.bob, rating=1, title="B", text="B", published=False)
        product = Product.objects.rated().get()
        self.assertEqual((product.rating, product.rating_count), (5.0, 1))
        self.assertNotContains(self.client.get("/products/umbrella/"), "by bob")

    def test_the_database_guards_ratings(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Review.objects.create(product=self.product, author=self.ann, rating=6, title="A", text="A")


class ErrorPageTests(SimpleTestCase):
    def test_the_page_for_faults_needs_nothing(self):
        response = server_error(RequestFactory().get("/"))
        self.assertContains(response, "A thunderstorm", status_code=500)
