"""Which characters user names may have."""

import re

from nuages.conf.deconstruct import deconstructible
from nuages.i18n.translation import gettext_lazy as _
from nuages.validators import RegexValidator


@deconstructible
class ASCIIUsernameValidator(RegexValidator):
    """ASCII letters, digits and ``@.+-_``."""

    regex = r"^[\w.@+-]+\Z"
    message = _("A username may have unaccented letters a-z and A-Z, digits and the characters @ . + - _ only.")
    flags = re.ASCII


@deconstructible
class UnicodeUsernameValidator(RegexValidator):
    """Letters of any script, digits and ``@.+-_``."""

    regex = r"^[\w.@+-]+\Z"
    message = _("A username may have letters, digits and the characters @ . + - _ only.")
    flags = 0
