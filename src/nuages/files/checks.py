"""Checks of settings for files."""

from pathlib import Path
from typing import Any

from nuages.checks.messages import Error
from nuages.checks.registry import Tags, register
from nuages.conf import settings


@register(Tags.files)
def check_setting_file_upload_temp_dir(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E001."""
    folder = settings.FILE_UPLOAD_TEMP_DIR
    if folder and not Path(folder).is_dir():
        return [Error(f"The FILE_UPLOAD_TEMP_DIR setting refers to the nonexistent directory '{folder}'.", id="files.E001")]
    return []
