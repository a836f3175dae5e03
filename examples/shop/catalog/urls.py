"""The addresses of the catalog."""

from catalog import views
from nuages import path

app_name = "catalog"
urlpatterns = [
    path("", views.home, name="home"),
    path("products/", views.ProductList.as_view(), name="products"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("category/<slug:slug>/", views.CategoryPage.as_view(), name="category"),
    path("products/<slug:slug>/", views.ProductPage.as_view(), name="product"),
    path("products/<slug:slug>/review/", views.add_review, name="review"),
    path("products/<slug:slug>/picture.svg", views.picture, name="picture"),
]
