"""Actions: which there are, who may run them, and running them."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable
from typing import Any

from nuages.contrib import messages
from nuages.contrib.admin import rendering
from nuages.contrib.admin.inspection import model_format_dict
from nuages.contrib.admin.keys import possible_keys
from nuages.contrib.admin.offering import Action, ActionLocation
from nuages.contrib.admin.options.constants import IS_POPUP_VAR
from nuages.contrib.admin.options.declaring import BaseModelAdmin
from nuages.http import HttpResponseRedirect
from nuages.http.response import HttpResponseBase
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import gettext_lazy
from nuages.models.fields.presenting import blank_choice
from nuages.text.deprecation import RemovedInNextVersionWarning

NOTHING_SELECTED = gettext_lazy("Nothing was changed: first select the items on which the action is to work.")


class ActionOptions(BaseModelAdmin):
    """What can be done with selected objects (documentation: ref/contrib/admin/actions)."""

    actions: Any = ()
    action_form: Any = rendering.ActionForm
    actions_on_top, actions_on_bottom = True, False
    actions_selection_counter = True

    def _get_base_actions(self) -> list[Action]:
        base = [Action.of(function, name) for name, function in self.admin_site.actions]
        own = [action for declared in self.actions or [] if (action := self.get_action(declared))]
        names = {action.name for action in own}
        return [*(action for action in base if action.name not in names), *own]

    def _filter_actions_by_permissions(self, request: Any, actions: Iterable[Action]) -> list[Action]:
        kept = []
        for action in actions:
            needed = getattr(action.func, "allowed_permissions", None)
            checks = [getattr(self, f"has_{permission}_permission") for permission in needed or ()]
            if needed is None or any(check(request) for check in checks):
                kept.append(action)
        return kept

    def get_actions(
        self, request: Any, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Action]:
        """The actions of a page by name; none in a pop-up or with ``actions = None``."""
        if self.actions is None or IS_POPUP_VAR in request.GET:
            return {}
        here = [action for action in self._get_base_actions() if action_location in action.locations]
        return {action.name: action for action in self._filter_actions_by_permissions(request, here)}

    def get_action_choices(
        self,
        request: Any,
        default_choices: Any = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, Any]]:
        """The entries of the menu."""
        names = model_format_dict(self.opts)
        actions = self.actions_at(request, action_location)
        start = blank_choice() if default_choices is None else default_choices
        return [*start, *((name, action.text(action_location, names)) for name, action in actions.items())]

    def get_action(self, action: Any) -> Action | None:
        """The action of a callable, of the name of a method of this admin, or of a name that the site knows."""
        if callable(action):
            return Action.of(action, action.__name__)
        if hasattr(type(self), action):
            return Action.of(getattr(type(self), action), action)
        try:
            return Action.of(self.admin_site.get_action(action), action)
        except KeyError:
            return None

    # For overridden methods of the time before actions had places

    def actions_at(self, request: Any, location: ActionLocation) -> dict[str, Action]:
        """``get_actions`` for a page, also when a project's own takes no location."""
        if _takes_location(self.get_actions):
            return self.get_actions(request, action_location=location)
        _warn(self, "get_actions")
        found = self.get_actions(request) if location is ActionLocation.CHANGE_LIST else {}
        return found

    def action_choices_at(self, request: Any, location: ActionLocation) -> list[tuple[str, Any]]:
        """``get_action_choices`` for a page, also when a project's own takes no location."""
        if _takes_location(self.get_action_choices):
            return self.get_action_choices(request, action_location=location)
        _warn(self, "get_action_choices")
        return self.get_action_choices(request)

    # Running

    def make_action_form(self, request: Any, location: ActionLocation, data: Any = None) -> Any:
        """The menu of a page. That of an object's page stands in the page's form, so its names have a prefix."""
        options: dict[str, Any] = {"auto_id": None}
        if location is ActionLocation.CHANGE_FORM:
            options["prefix"] = location.value
        form = self.action_form(data, **options) if data is not None else self.action_form(**options)
        form.fields["action"].choices = self.action_choices_at(request, location)
        return form

    def response_action(
        self, request: Any, queryset: Any, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> Any:
        """Run the chosen action on the selected objects; ``None`` if nothing was chosen."""
        on_list = action_location is ActionLocation.CHANGE_LIST
        form = self.make_action_form(request, action_location, _chosen(request) if on_list else request.POST)
        if not form.is_valid():
            self.message_user(request, _("No action selected."), messages.WARNING)  # type: ignore[attr-defined]
            return None
        action = self.actions_at(request, action_location)[form.cleaned_data["action"]]
        selected = request.POST.getlist(rendering.ACTION_CHECKBOX_NAME)
        across = on_list and form.cleaned_data["select_across"]
        if not selected and not across:
            self.message_user(request, NOTHING_SELECTED, messages.WARNING)  # type: ignore[attr-defined]
            return None
        if not across:
            queryset = queryset.filter(pk__in=possible_keys(queryset.model._meta.pk, selected))
        response = action.func(self, request, queryset)
        return response if isinstance(response, HttpResponseBase) else HttpResponseRedirect(request.get_full_path())


def _chosen(request: Any) -> Any:
    """What was sent, with the one of two menus (above, below) whose button was used."""
    try:
        index = int(request.POST.get("index", 0))
    except ValueError:
        index = 0
    data = request.POST.copy()
    data.pop(rendering.ACTION_CHECKBOX_NAME, None)
    data.pop("index", None)
    menus = data.getlist("action")
    if 0 <= index < len(menus):
        data.update({"action": menus[index]})
    return data


def _takes_location(method: Any) -> bool:
    parameters = inspect.signature(method).parameters
    return "action_location" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _warn(admin: Any, name: str) -> None:
    warnings.warn(
        f"{type(admin).__name__}.{name}() should take action_location=ActionLocation.CHANGE_LIST as its last parameter.",
        RemovedInNextVersionWarning,
        stacklevel=3,
    )
