"""A hook of MkDocs: lists the decisions in the navigation, so that a new one need not be entered anywhere."""

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Add each decision to the section "Inside"; its heading is its title."""
    folder = Path(config["docs_dir"])
    inside = next(section["Inside"] for section in config["nav"] if "Inside" in section)
    inside += [{"Decisions": [str(page.relative_to(folder)) for page in sorted(folder.glob("decisions/*.md"))]}]
    return config
