"""What every task holds, ours and a plugin's: of its miniature its label is made, asked and answered."""

from collections.abc import Mapping
from typing import Any

import pytest

from cryfish.pipeline.instruct.clips import SECONDS, ClipFacts
from cryfish.pipeline.instruct.tasks.task import Task
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.pipeline.instruct.template.phrasings import phrasings_of
from cryfish.pipeline.instruct.template.template import template_instructions
from cryfish.recipes.kit.facts import check_fact


def check_miniature(task: Task) -> None:
    assert task.miniature
    clips = {}
    for number, (facts, label) in enumerate(task.miniature):
        where = f"{task.name}: {facts}"
        assert facts.keys() >= set(task.facts), where
        vocabulary = {name: value for name, value in facts.items() if name != SECONDS}
        assert vocabulary == {name: check_fact(name, value, where) for name, value in vocabulary.items()}
        assert task.label(facts) == label, where
        clips[str(number)] = ClipFacts(str(number), "small", vocabulary, seconds=facts.get(SECONDS, 2.0))
    labels = {str(number): label for number, (_, label) in enumerate(task.miniature)}
    for language in phrasings_of(task).questions:
        made = list(template_instructions(lambda _: clips.values(), {task.name: "all"}, 1, (language,)))
        if task.clips == 1:
            assert {one.clips[0]: one.label for one in made} == {k: v for k, v in labels.items() if v}
        assert made, (task.name, language)
        assert all(
            one.label == right_answer(task, one.clips, labels) and one.question and one.answer for one in made
        )


def right_answer(task: Task, clips: tuple[str, ...], labels: Mapping[str, Any]) -> str:
    first, *others = (labels[clip] for clip in clips)
    if task.form == "same":
        return "same" if [first] == others else "different"
    if task.form == "which":
        return str(1 + others.index(first))
    if task.form == "compare":
        return "1" if float(first) > float(others[0]) else "2"
    return str(first)


@pytest.mark.parametrize("name", TASKS.all())
def test_every_task_does_what_its_miniature_says(name: str) -> None:
    check_miniature(TASKS.get(name))
