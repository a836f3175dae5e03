"""Categories, products, and what customers think of these."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from nuages import models, reverse, settings
from nuages.i18n.translation import get_language
from nuages.i18n.translation import gettext_lazy as _
from nuages.models import Avg, Count, Q
from nuages.validators import MaxValueValidator, MinValueValidator


def in_language(english: str, french: str) -> str:
    """Choose the text of the visitor's language; English where there is no French."""
    return french if french and (get_language() or "").startswith("fr") else english


class Category(models.Model):
    """A shelf of the shop."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    name_fr = models.CharField(_("French name"), max_length=60, blank=True)
    slug = models.SlugField(_("slug"), unique=True)
    text = models.TextField(_("text"), blank=True)
    text_fr = models.TextField(_("French text"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])

    @property
    def title(self) -> str:
        """The name in the visitor's language."""
        return in_language(self.name, self.name_fr)

    @property
    def description(self) -> str:
        """The text in the visitor's language."""
        return in_language(self.text, self.text_fr)


class Tag(models.Model):
    """A quality that products share: "made by hand", "recycled"."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    name_fr = models.CharField(_("French name"), max_length=40, blank=True)
    slug = models.SlugField(_("slug"), unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return in_language(self.name, self.name_fr)


class ProductQuerySet(models.QuerySet["Product"]):
    """What the pages ask for again and again."""

    def visible(self) -> Self:
        """Those that customers may see."""
        return self.filter(active=True)

    def in_stock(self) -> Self:
        """Those that can be sent today."""
        return self.filter(stock__gt=0)

    def rated(self) -> Self:
        """With the mean and the number of the published reviews."""
        published = Q(reviews__published=True)
        return self.annotate(
            rating=Avg("reviews__rating", filter=published),
            rating_count=Count("reviews", filter=published),
        )

    def search(self, text: str) -> Self:
        """Those in which each word of the text occurs."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word) | Q(name_fr__icontains=word) | Q(text__icontains=word) | Q(sku__iexact=word)
            )
        return found


class Product(models.Model):
    """Something to buy."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="products", verbose_name=_("category"))
    tags = models.ManyToManyField(Tag, related_name="products", blank=True, verbose_name=_("tags"))
    name = models.CharField(_("name"), max_length=120)
    name_fr = models.CharField(_("French name"), max_length=120, blank=True)
    slug = models.SlugField(_("slug"), max_length=140, unique=True)
    sku = models.CharField(_("article number"), max_length=16, unique=True)
    text = models.TextField(_("text"), blank=True)
    text_fr = models.TextField(_("French text"), blank=True)
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    stock = models.PositiveIntegerField(_("stock"), default=0)
    active = models.BooleanField(_("visible"), default=True)
    featured = models.BooleanField(_("on the first page"), default=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["category", "price"], name="product_by_price"),
            models.Index(fields=["-created"], name="product_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="product_price_positive"),
        ]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    @property
    def title(self) -> str:
        """The name in the visitor's language."""
        return in_language(self.name, self.name_fr)

    @property
    def description(self) -> str:
        """The text in the visitor's language."""
        return in_language(self.text, self.text_fr)


class Review(models.Model):
    """What one customer thinks of one product."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="reviews", verbose_name=_("product"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviews", verbose_name=_("author")
    )
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)], help_text=_("From 1 to 5 stars.")
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=2000)
    published = models.BooleanField(_("published"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "author"], name="one_review_per_customer"),
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="rating_from_1_to_5"),
        ]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.title} ({self.rating}/5)"
