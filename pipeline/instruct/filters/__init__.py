"""instruct filter: which candidates are good questions and answers. One family of filters a module."""

from . import leak, shape, wording
from .binary import is_binary
from .candidate import FILTERS, Candidate, Filter, Verdict, a_filter
from .run import Filters, filter_file, kept_instructions, read_filters

__all__ = [
    "FILTERS",
    "Candidate",
    "Filter",
    "Filters",
    "Verdict",
    "a_filter",
    "filter_file",
    "is_binary",
    "kept_instructions",
    "leak",
    "read_filters",
    "shape",
    "wording",
]
