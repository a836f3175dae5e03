"""The built-in form templates, compiled by hand: one Python function for each template name.

The stand-alone renderer always finds the built-in templates before any other, so their output is known beforehand and
needs no template engine. Each function takes the renderer (sub-templates may be a project's own) and the template's
context, and gives the same HTML as the file of that name under ``templates/``; the tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nuages.text.html import conditional_escape, escape
from nuages.text.safestring import SafeString, mark_safe

Context = Mapping[str, Any]
Markup = Callable[[Any, Context], str]

#: template name -> the function that renders it
COMPILED: dict[str, Markup] = {}

_WIDGETS = "django/forms/widgets/"
_FORMS = "django/forms/"
_ESCAPABLE = re.compile("[&<>\"']").search
_OPTION = _WIDGETS + "select_option.html"


def compiled(*names: str) -> Callable[[Markup], Markup]:
    """Register a function as the compiled form of the named templates."""

    def register(function: Markup) -> Markup:
        for name in names:
            COMPILED[name] = function
        return function

    return register


def text(value: Any) -> str:
    """``value`` as escaped text; what is already marked safe stays as it is."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str:
        # Most text has nothing to escape, and this is the hottest place of all.
        return value if _ESCAPABLE(value) is None else escape(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return conditional_escape(str(value))


def attributes(attrs: Mapping[str, Any] | None) -> str:
    """HTML attributes with a leading space each; ``True`` gives a bare name and ``False`` nothing."""
    if not attrs:
        return ""
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {text(name)}")
        elif value is not False:
            parts.append(f' {text(name)}="{text(value)}"')
    return "".join(parts)


def input_tag(widget: Context) -> str:
    """The ``<input>`` element that a widget's context describes."""
    value = widget["value"]
    shown = "" if value is None else f' value="{text(value)}"'
    return f'<input type="{text(widget["type"])}" name="{text(widget["name"])}"{shown}{attributes(widget["attrs"])}>'


@compiled(_WIDGETS + "attrs.html")
def _attrs(renderer: Any, context: Context) -> str:
    return attributes(context["widget"]["attrs"])


@compiled(
    *(
        f"{_WIDGETS}{name}.html"
        for name in (
            "input", "text", "number", "email", "url", "color", "search", "tel", "password", "hidden", "file", "date",
            "datetime", "time", "checkbox",
        )
    )
)  # fmt: skip
def _input(renderer: Any, context: Context) -> str:
    return input_tag(context["widget"])


@compiled(_WIDGETS + "textarea.html")
def _textarea(renderer: Any, context: Context) -> str:
    widget = context["widget"]
    value = widget["value"]
    shown = "" if value is None else text(value)
    return f'<textarea name="{text(widget["name"])}"{attributes(widget["attrs"])}>\n{shown}</textarea>'


@compiled(_OPTION)
def _select_option(renderer: Any, context: Context) -> str:
    return option_tag(context["widget"])


def option_tag(option: Context) -> str:
    """The ``<option>`` element that a choice's context describes."""
    return f'<option value="{text(option["value"])}"{attributes(option["attrs"])}>{text(option["label"])}</option>'


@compiled(_WIDGETS + "select.html")
def _select(renderer: Any, context: Context) -> str:
    widget = context["widget"]
    parts = [f'<select name="{text(widget["name"])}"{attributes(widget["attrs"])}>\n']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'  <optgroup label="{text(group)}">\n')
        for option in options:
            parts.append(f"  {_nested(renderer, option)}\n")
        if group:
            parts.append("  </optgroup>\n")
    parts.append("</select>")
    return "".join(parts)


def _nested(renderer: Any, widget: Context) -> str:
    """Render a part of a widget: at once when its template is built in, else by the renderer."""
    name = widget["template_name"]
    if name == _OPTION:
        return option_tag(widget)
    function = COMPILED.get(name)
    if function is not None:
        return function(renderer, {"widget": widget})
    return str(renderer.render(name, {"widget": widget}))


@compiled(_WIDGETS + "input_option.html", _WIDGETS + "radio_option.html", _WIDGETS + "checkbox_option.html")
def _input_option(renderer: Any, context: Context) -> str:
    option = context["widget"]
    tag = input_tag(option)
    if not option.get("wrap_label"):
        return tag
    target = option["attrs"].get("id")
    opening = f'<label for="{text(target)}">' if target else "<label>"
    return f"{opening}{tag} {text(option['label'])}</label>"


@compiled(_WIDGETS + "multiple_input.html", _WIDGETS + "radio.html", _WIDGETS + "checkbox_select.html")
def _multiple_input(renderer: Any, context: Context) -> str:
    widget = context["widget"]
    attrs = widget["attrs"]
    parts = ["<div"]
    for name in ("id", "class"):
        if attrs.get(name):
            parts.append(f' {name}="{text(attrs[name])}"')
    parts.append(">")
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f"<div><label>{text(group)}</label>")
        parts.extend(f"<div>\n    {_nested(renderer, option)}\n</div>" for option in options)
        if group:
            parts.append("</div>")
    parts.append("\n</div>")
    return "".join(parts)


@compiled(
    *(
        f"{_WIDGETS}{name}.html"
        for name in ("multiwidget", "splitdatetime", "splithiddendatetime", "select_date", "multiple_hidden")
    )
)
def _multiwidget(renderer: Any, context: Context) -> str:
    return "".join([_nested(renderer, part) for part in context["widget"]["subwidgets"]])


@compiled(_WIDGETS + "clearable_file_input.html")
def _clearable_file(renderer: Any, context: Context) -> str:
    widget = context["widget"]
    parts = []
    if widget["is_initial"]:
        value = widget["value"]
        parts.append(f'{text(widget["initial_text"])}: <a href="{text(value.url)}">{text(value)}</a>')
        if not widget["required"]:
            box = text(widget["checkbox_id"])
            flags = "".join(f" {flag}" for flag in ("disabled", "checked") if widget["attrs"].get(flag))
            parts.append(
                f'\n<input type="checkbox" name="{text(widget["checkbox_name"])}" id="{box}"{flags}>'
                f'\n<label for="{box}">{text(widget["clear_checkbox_label"])}</label>'
            )
        parts.append(f"<br>\n{text(widget['input_text'])}:\n")
    parts.append(
        f'<input type="{text(widget["type"])}" name="{text(widget["name"])}"{attributes(widget["attrs"])}>'
    )
    return "".join(parts)


@compiled(_FORMS + "attrs.html")
def _label_attrs(renderer: Any, context: Context) -> str:
    return attributes(context["attrs"])


@compiled(_FORMS + "label.html")
def _label(renderer: Any, context: Context) -> str:
    if not context["use_tag"]:
        return text(context["label"])
    tag = text(context["tag"])
    return f"<{tag}{attributes(context['attrs'])}>{text(context['label'])}</{tag}>"


@compiled(_FORMS + "errors/list/default.html", _FORMS + "errors/list/ul.html")
def _error_list(renderer: Any, context: Context) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    owner = context.get("field_id")
    target = f' id="{text(owner)}_error"' if owner else ""
    items = "".join([f"<li>{text(error)}</li>" for error in errors])
    return f'<ul class="{text(context["error_class"])}"{target}>{items}</ul>'


@compiled(_FORMS + "errors/list/text.html")
def _error_list_text(renderer: Any, context: Context) -> str:
    return "\n".join([f"* {text(error)}" for error in context["errors"]])


@compiled(_FORMS + "errors/dict/default.html", _FORMS + "errors/dict/ul.html")
def _error_dict(renderer: Any, context: Context) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    items = "".join([f"<li>{text(field)}{text(error)}</li>" for field, error in errors])
    return f'<ul class="{text(context["error_class"])}">{items}</ul>'


@compiled(_FORMS + "errors/dict/text.html")
def _error_dict_text(renderer: Any, context: Context) -> str:
    lines = []
    for field, errors in context["errors"]:
        lines.append(f"* {text(field)}")
        lines.extend(f"  * {text(error)}" for error in errors)
    return "\n".join(lines)


def _help_id(field: Any) -> str:
    return f' id="{text(field.auto_id)}_helptext"' if field.auto_id else ""


def _classes(field: Any) -> str:
    classes = field.css_classes()
    return f' class="{text(classes)}"' if classes else ""


def _hidden(fields: Iterable[Any]) -> str:
    return "".join([text(field) for field in fields])


@compiled(_FORMS + "field.html")
def _field(renderer: Any, context: Context) -> str:
    field = context["field"]
    fieldset = field.use_fieldset
    parts = []
    if fieldset:
        described = field.aria_describedby
        parts.append(f'<fieldset aria-describedby="{text(described)}">\n' if described else "<fieldset>\n")
    if field.label:
        parts.append(text(field.legend_tag() if fieldset else field.label_tag()))
        parts.append("\n")
    if field.help_text:
        parts.append(f'<div class="helptext"{_help_id(field)}>{field.help_text}</div>\n')
    parts.append(f"{text(field.errors)}\n{text(field)}")
    if fieldset:
        parts.append("\n</fieldset>")
    return "".join(parts)


@compiled(_FORMS + "div.html", _FORMS + "default.html")
def _as_div(renderer: Any, context: Context) -> str:
    fields, hidden = context["fields"], context["hidden_fields"]
    parts = [text(context["errors"])]
    if not fields:
        inside = _hidden(hidden)
        parts.append(f"<div>{inside}</div>" if context["errors"] else inside)
    last = len(fields) - 1
    for index, (field, _) in enumerate(fields):
        tail = _hidden(hidden) if index == last else ""
        parts.append(f"<div{_classes(field)}>\n{text(field.as_field_group())}\n{tail}</div>\n")
    return "".join(parts)


def _span_help(field: Any) -> str:
    return f'<span class="helptext"{_help_id(field)}>{field.help_text}</span>' if field.help_text else ""


@compiled(_FORMS + "p.html")
def _as_p(renderer: Any, context: Context) -> str:
    fields, hidden = context["fields"], context["hidden_fields"]
    parts = [text(context["errors"])]
    if not fields:
        inside = _hidden(hidden)
        parts.append(f"<p>{inside}</p>" if context["errors"] else inside)
    last = len(fields) - 1
    for index, (field, errors) in enumerate(fields):
        label = text(field.label_tag()) if field.label else ""
        tail = _hidden(hidden) if index == last else ""
        parts.append(
            f"{text(errors)}\n<p{_classes(field)}>\n{label}\n{text(field)}\n{_span_help(field)}\n{tail}</p>\n"
        )
    return "".join(parts)


@compiled(_FORMS + "ul.html")
def _as_ul(renderer: Any, context: Context) -> str:
    fields, hidden = context["fields"], context["hidden_fields"]
    parts = []
    if context["errors"]:
        parts.append(f"<li>{text(context['errors'])}{'' if fields else _hidden(hidden)}</li>\n")
    elif not fields:
        parts.append(_hidden(hidden))
    last = len(fields) - 1
    for index, (field, errors) in enumerate(fields):
        label = text(field.label_tag()) if field.label else ""
        tail = _hidden(hidden) if index == last else ""
        parts.append(
            f"<li{_classes(field)}>\n{text(errors)}\n{label}\n{text(field)}\n{_span_help(field)}\n{tail}</li>\n"
        )
    return "".join(parts)


@compiled(_FORMS + "table.html")
def _as_table(renderer: Any, context: Context) -> str:
    fields, hidden = context["fields"], context["hidden_fields"]
    parts = []
    if context["errors"]:
        inside = "" if fields else _hidden(hidden)
        parts.append(f'<tr>\n<td colspan="2">{text(context["errors"])}{inside}</td>\n</tr>\n')
    elif not fields:
        parts.append(_hidden(hidden))
    last = len(fields) - 1
    for index, (field, errors) in enumerate(fields):
        label = text(field.label_tag()) if field.label else ""
        help_text = f"<br>\n{_span_help(field)}" if field.help_text else ""
        tail = _hidden(hidden) if index == last else ""
        parts.append(
            f"<tr{_classes(field)}>\n<th>{label}</th>\n<td>\n{text(errors)}\n{text(field)}{help_text}\n{tail}</td>\n</tr>\n"
        )
    return "".join(parts)


def _formset(style: str) -> Markup:
    def render(renderer: Any, context: Context) -> str:
        formset = context["formset"]
        forms = "".join([text(getattr(form, style)()) for form in formset])
        return f"{text(formset.management_form)}{forms}"

    return render


for _style in ("div", "p", "table", "ul"):
    COMPILED[f"{_FORMS}formsets/{_style}.html"] = _formset(f"as_{_style}")
COMPILED[f"{_FORMS}formsets/default.html"] = COMPILED[f"{_FORMS}formsets/div.html"]


def render(function: Markup, renderer: Any, context: Context) -> SafeString:
    """Run a compiled template and mark its output safe."""
    return mark_safe(function(renderer, context))
