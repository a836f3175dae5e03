"""The tag libraries that every engine offers to ``{% load %}``."""
