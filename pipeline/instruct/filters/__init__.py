"""instruct filter: which candidates are good questions and answers. One family of filters a module."""

from . import blind, grounding, leak, metadata, off_topic, refusal, shape, trivial, truncated, wrong_language
from .binary import is_binary
from .candidate import ALL_FILTERS, FILTERS, Candidate, Filter, Verdict, a_filter
from .llm import Llm
from .run import filter_file, kept_instructions, replies_path
from .settings import Filters, asking_for_blind, every_filter, read_filters

FILTERS.update(
    (one.name, one)
    for one in (
        blind.FILTER,
        *grounding.FILTER,
        leak.FILTER,
        metadata.FILTER,
        off_topic.FILTER,
        refusal.FILTER,
        shape.FILTER,
        trivial.FILTER,
        truncated.FILTER,
        wrong_language.FILTER,
    )
)

__all__ = [
    "ALL_FILTERS",
    "FILTERS",
    "Candidate",
    "Filter",
    "Filters",
    "Llm",
    "Verdict",
    "a_filter",
    "asking_for_blind",
    "blind",
    "every_filter",
    "filter_file",
    "grounding",
    "is_binary",
    "kept_instructions",
    "leak",
    "metadata",
    "off_topic",
    "read_filters",
    "refusal",
    "replies_path",
    "shape",
    "trivial",
    "truncated",
    "wrong_language",
]
