"""What is wrong in the config itself, whatever lies on this machine."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import faults_of
from ...recipes.kit.languages import LANGUAGES
from ...recipes.kit.registry import recipe
from ..augment.settings import RoomSettings, corpora_of, read_steps
from ..instruct.filters import read_filters
from ..instruct.generate.styles import Mixture
from ..instruct.tasks.tasks import TASKS, task_named
from ..rirs.specification import read_spec
from ..stages import Run


def settings_faults(whole: Run) -> Iterator[str]:
    """What is wrong in the config itself, whatever lies on this machine."""
    config = whole.config
    for name, section in config.corpora.items():
        if section.is_own:
            for fault in faults_of(whole.own, name):
                yield f"corpora.{name}: {fault}"
        else:
            yield from faults_of(recipe, name)
        if name in whole.known():
            for fault in faults_of(section.selection.check, whole.recipe(name).corpus):
                yield f"corpora.{name}: {fault}"
    template = config.instruct.template
    for task in [*template.tasks, *template.stage2, *template.test]:
        yield from faults_of(task_named, task)
    for language in template.languages:
        if language not in LANGUAGES:
            yield f"instruct.template: field 'languages': '{language}' isn't a language code such as 'en' or 'de'"
    generate = config.instruct.generate
    if generate is not None:
        yield from (
            f"instruct.generate: {fault}"
            for fault in faults_of(Mixture, generate.binary_share, generate.languages)
        )
    yield from faults_of(read_filters, config.instruct.filter, whole.generator())
    yield from _augment_settings(whole)
    yield from _model_settings(whole)


def _augment_settings(whole: Run) -> Iterator[str]:
    config = whole.config
    bad = list(faults_of(read_steps, config.augment))
    yield from bad
    for corpus in [] if bad else corpora_of(read_steps(config.augment)):
        if corpus not in config.corpora:
            yield f"augment: field 'from' names {corpus!r}, which isn't under 'corpora'"
    if config.rirs is None:
        return
    bad_rirs = list(faults_of(read_spec, config.rirs))
    yield from bad_rirs
    if bad_rirs:
        return
    spec = read_spec(config.rirs)
    for corpus in spec.recorded:
        if corpus not in config.corpora:
            yield f"rirs: field 'recorded' names {corpus!r}, which isn't under 'corpora'"
        elif corpus in whole.known() and "impulse_response" not in whole.recipe(corpus).corpus.facts:
            yield f"rirs: field 'recorded' names {corpus!r}, which holds no impulse responses; leave it out"
    for step in [] if bad else read_steps(config.augment):
        if isinstance(step, RoomSettings) and step.distances > spec.distances and not spec.recorded:
            yield (
                f"augment: field 'distances' of the step 'room' is {step.distances}, but each room of 'rirs' is heard "
                f"from {spec.distances}; raise 'rirs.distances'"
            )


def _model_settings(whole: Run) -> Iterator[str]:
    config = whole.config
    if config.train is not None:
        if "stage2" in config.train and not config.instruct.template.stage2:
            yield (
                "train: field 'stage2' needs instructions of its own; give their numbers in "
                "'instruct.template.stage2'"
            )
        first = list(faults_of(whole.train_settings))
        yield from first
        if config.instruct.template.stage2 and not first:
            yield from faults_of(whole.second_train_settings)
    if config.evaluate is not None:
        if config.train is None:
            yield "evaluate: needs a 'train' section, whose model is asked"
        if not config.instruct.template.test:
            yield "evaluate: needs tasks in field 'instruct.template.test'"
        if all(task in TASKS.all() for task in config.instruct.template.test):
            yield from faults_of(whole.evaluate_settings)
