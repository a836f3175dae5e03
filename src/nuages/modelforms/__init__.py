"""Forms made from models, the bridge between ``nuages.forms`` and ``nuages.models``.

See the model forms documentation. ``nuages.forms`` hands on the names that users need.
"""

from nuages.forms.errors import ErrorList
from nuages.forms.form import BaseForm, DeclarativeFieldsMetaclass
from nuages.forms.formsets import BaseFormSet, formset_factory
from nuages.modelforms.fields import (
    InlineForeignKeyField, ModelChoiceField, ModelChoiceIterator, ModelChoiceIteratorValue, ModelMultipleChoiceField,
)
from nuages.modelforms.form import (
    BaseModelForm, ModelForm, ModelFormMetaclass, ModelFormOptions, modelform_defines_fields, modelform_factory,
)
from nuages.modelforms.formsets import BaseModelFormSet, modelformset_factory
from nuages.modelforms.inline import BaseInlineFormSet, _get_foreign_key, inlineformset_factory
from nuages.modelforms.mapping import (
    ALL_FIELDS, apply_limit_choices_to_to_formfield, construct_instance, fields_for_model, model_to_dict,
)

__all__ = [
    "ALL_FIELDS", "BaseForm", "BaseFormSet", "BaseInlineFormSet", "BaseModelForm", "BaseModelFormSet",
    "DeclarativeFieldsMetaclass", "ErrorList", "InlineForeignKeyField", "ModelChoiceField", "ModelChoiceIterator",
    "ModelChoiceIteratorValue", "ModelForm", "ModelFormMetaclass", "ModelFormOptions", "ModelMultipleChoiceField",
    "_get_foreign_key", "apply_limit_choices_to_to_formfield", "construct_instance", "fields_for_model",
    "formset_factory", "inlineformset_factory", "model_to_dict", "modelform_defines_fields", "modelform_factory",
    "modelformset_factory",
]
