"""Relations between models."""

from nuages.models.references import RECURSIVE_RELATIONSHIP_CONSTANT, lazy_related_operation, resolve_relation
from nuages.models.related.fields import ForeignKey, ForeignObject, OneToOneField, RelatedField
from nuages.models.related.forward import ForwardManyToOneDescriptor, ForwardOneToOneDescriptor
from nuages.models.related.many import ManyToManyDescriptor, create_forward_many_to_many_manager
from nuages.models.related.manytomany import ManyToManyField, create_many_to_many_intermediary_model
from nuages.models.related.rels import ForeignObjectRel, ManyToManyRel, ManyToOneRel, OneToOneRel
from nuages.models.related.reverse import (
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
    create_reverse_many_to_one_manager,
)
from nuages.sql.joins import PathInfo

__all__ = [
    "RECURSIVE_RELATIONSHIP_CONSTANT", "ForeignKey", "ForeignObject", "ForeignObjectRel",
    "ForwardManyToOneDescriptor", "ForwardOneToOneDescriptor", "ManyToManyDescriptor", "ManyToManyField",
    "ManyToManyRel", "ManyToOneRel", "OneToOneField", "OneToOneRel", "PathInfo", "RelatedField",
    "ReverseManyToOneDescriptor", "ReverseOneToOneDescriptor", "create_forward_many_to_many_manager",
    "create_many_to_many_intermediary_model", "create_reverse_many_to_one_manager", "lazy_related_operation",
    "resolve_relation",
]
