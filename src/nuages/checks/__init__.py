"""System checks: what can be known of a project's mistakes before it runs (documented as "System check framework")."""

from nuages.checks import asynchrony, compatibility, registry, security
from nuages.checks.levels import CRITICAL, DEBUG, ERROR, INFO, WARNING
from nuages.checks.messages import CheckMessage, Critical, Debug, Error, Info, Warning
from nuages.checks.registry import Tags, register, run_checks, tag_exists

__all__ = [
    "CRITICAL", "DEBUG", "ERROR", "INFO", "WARNING", "CheckMessage", "Critical", "Debug", "Error", "Info", "Tags",
    "Warning", "asynchrony", "compatibility", "register", "registry", "run_checks", "security", "tag_exists",
]
