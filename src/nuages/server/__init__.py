"""Servers, and the adapters between their protocols and the pipeline."""
