"""The root URLconf of the test suite: empty; tests that need routes override ROOT_URLCONF."""

urlpatterns: list[object] = []
