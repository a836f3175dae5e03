"""Fills an empty shop with products, customers, reviews and orders; the same ones each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

from catalog.models import Category, Product, Review, Tag
from catalog.stock import CUSTOMERS, REVIEWS, SERIES, SHELVES, STREETS, TAGS, TEXTS
from nuages.contrib.auth.hashers import make_password
from nuages.contrib.auth.models import User
from nuages.db import transaction
from nuages.i18n import timezone
from nuages.text.formatting import slugify
from orders.models import Order, OrderLine

ORDERS = 60
BATCH = 100
COUNT = sum(len(shelf[-1]) for shelf in SHELVES) * len(SERIES)

Progress = Callable[[int], object]


def silent(steps: int) -> None:
    """Report nothing."""


def load(progress: Progress = silent) -> None:
    """Load everything in one transaction; ``progress`` hears of each batch of products (there are ``COUNT``)."""
    chance = Random(2026)
    with transaction.atomic():
        tags = Tag.objects.bulk_create(Tag(slug=slug, name=name, name_fr=french) for slug, name, french in TAGS)
        customers = make_customers()
        products = make_products(chance, progress)
        Product.tags.through.objects.bulk_create(
            Product.tags.through(product=product, tag=tag)
            for product in products
            for tag in chance.sample(tags, chance.choice([0, 1, 1, 2]))
        )
        make_reviews(chance, products, customers)
        make_orders(chance, products, customers)


def make_customers() -> list[User]:
    """Customers that nobody can log in as."""
    return User.objects.bulk_create(
        User(username=name, first_name=first, last_name=last, email=f"{name}@example.com", password=make_password(None))
        for name, first, last in CUSTOMERS
    )


def make_products(chance: Random, progress: Progress) -> list[Product]:
    """The shelves and what stands on them, in batches."""
    made: list[Product] = []
    batch: list[Product] = []
    for position, (slug, name, french, text, text_fr, prices, kinds) in enumerate(SHELVES):
        category = Category.objects.create(
            slug=slug, name=name, name_fr=french, text=text, text_fr=text_fr, position=position
        )
        for product in draft_products(chance, category, prices, kinds):
            batch.append(product)
            if len(batch) == BATCH:
                made += Product.objects.bulk_create(batch)
                progress(len(batch))
                batch = []
    made += Product.objects.bulk_create(batch)
    progress(len(batch))
    return made


def draft_products(
    chance: Random, category: Category, prices: tuple[int, int], kinds: list[tuple[str, str]]
) -> Iterator[Product]:
    """The products of one shelf: each kind in each series."""
    for number, (kind, french) in enumerate(kinds):
        for turn, series in enumerate(SERIES):
            texts = chance.sample(TEXTS, 3)
            yield Product(
                category=category,
                name=f"{kind} {series}",
                name_fr=f"{french} {series}",
                slug=slugify(f"{kind} {series}"),
                sku=f"{category.slug[:2].upper()}-{number + 1}{turn + 1:02}",
                text=" ".join(text for text, _ in texts),
                text_fr=" ".join(text for _, text in texts),
                price=Decimal(chance.randint(*prices)) + chance.choice([Decimal("0.00"), Decimal("0.50"), Decimal("0.90")]),
                stock=chance.choice([0, 1, 3, 5, 8, 12, 20, 40]),
                featured=chance.random() < 0.012,
            )


def make_reviews(chance: Random, products: list[Product], customers: list[User]) -> None:
    """Some opinions on half of the products; a few wait for moderation."""
    Review.objects.bulk_create(
        Review(product=product, author=author, rating=rating, title=title, text=text, published=chance.random() > 0.03)
        for product in products
        if chance.random() < 0.5
        for author in chance.sample(customers, chance.randint(1, 4))
        for rating, title, text in [chance.choice(REVIEWS)]
    )


def make_orders(chance: Random, products: list[Product], customers: list[User]) -> None:
    """Orders of the last weeks; the older ones are on their way already."""
    now = timezone.now()
    for age in range(ORDERS):
        customer = chance.choice(customers)
        street, postcode, city, country = chance.choice(STREETS)
        order = Order.objects.create(
            number=f"DEMO{age:04}AA",
            customer=customer,
            email=customer.email,
            name=customer.get_full_name(),
            street=street,
            postcode=postcode,
            city=city,
            country=country,
            status=Order.Status.NEW if age < 6 else chance.choice(Order.Status.values[1:]),
        )
        Order.objects.filter(pk=order.pk).update(created=now - timedelta(hours=11 * age + 2))
        OrderLine.objects.bulk_create(
            OrderLine(order=order, product=product, price=product.price, quantity=chance.randint(1, 3))
            for product in chance.sample(products, chance.randint(1, 4))
        )
