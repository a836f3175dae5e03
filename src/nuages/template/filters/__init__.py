"""The built-in filters (ref/templates/builtins), one library for all; each is a function that Python code may call."""

from nuages.template.filters.dates import date, time, timesince_filter, timeuntil_filter
from nuages.template.filters.logic import default, default_if_none, pluralize, yesno
from nuages.template.filters.markup import (
    escape_filter, escapejs_filter, escapeseq, force_escape, json_script, linebreaks_filter, linebreaksbr,
    linenumbers, safe, safeseq, striptags, truncatechars_html, truncatewords_html, unordered_list, urlize,
    urlizetrunc,
)
from nuages.template.filters.numbers import add, divisibleby, filesizeformat, floatformat, get_digit
from nuages.template.filters.registry import register, stringfilter
from nuages.template.filters.sequences import (
    _property_resolver, dictsort, dictsortreversed, first, join, last, length, pprint, random, slice_filter,
)
from nuages.template.filters.strings import (
    addslashes, capfirst, center, cut, iriencode, ljust, lower, make_list, phone2numeric_filter, rjust, slugify,
    stringformat, title, truncatechars, truncatewords, upper, urlencode, wordcount, wordwrap,
)
from nuages.text.html import conditional_escape, escape, escapejs
from nuages.text.safestring import SafeData, SafeString, mark_safe

__all__ = [
    "_property_resolver", "SafeData", "SafeString", "conditional_escape", "escape", "escapejs", "mark_safe", "add",
    "addslashes", "capfirst", "center", "cut", "date", "default", "default_if_none", "dictsort", "dictsortreversed",
    "divisibleby", "escape_filter", "escapejs_filter", "escapeseq", "filesizeformat", "first", "floatformat",
    "force_escape", "get_digit", "iriencode", "join", "json_script", "last", "length", "linebreaks_filter",
    "linebreaksbr", "linenumbers", "ljust", "lower", "make_list", "phone2numeric_filter", "pluralize", "pprint",
    "random", "register", "rjust", "safe", "safeseq", "slice_filter", "slugify", "stringfilter", "stringformat",
    "striptags", "time", "timesince_filter", "timeuntil_filter", "title", "truncatechars", "truncatechars_html",
    "truncatewords", "truncatewords_html", "unordered_list", "upper", "urlencode", "urlize", "urlizetrunc",
    "wordcount", "wordwrap", "yesno",
]
