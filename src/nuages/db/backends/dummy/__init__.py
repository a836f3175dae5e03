"""Stands for a database where ``DATABASES`` names none: everything but asking for it works."""
