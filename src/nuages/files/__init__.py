"""Files and where they are stored (documented in "Managing files")."""

from nuages.http.fileobjects import ContentFile, File

__all__ = ["ContentFile", "File"]
