"""The connector: how many embeddings, and whose frames they see."""

import pytest
import torch

from cryfish.model.connector import Connector, num_embeddings, num_frames


@pytest.fixture
def connector() -> Connector:
    torch.manual_seed(0)
    return Connector(
        8, 16, 24, 12, heads=2, num_queries=3, layers_before=1, layers_after=2, pool=4, dropout=0.1
    ).eval()


@pytest.mark.parametrize("samples", [1, 321, 322, 16_000, 79_999, 80_000, 80_001, 160_000, 192_000])
def test_valid_frames_are_those_whose_nearest_sample_is_in_the_clip(samples: int) -> None:
    windows = -(-samples // 80_000)
    nearest = [i * 80_000 // 249 for i in range(249 * windows)]
    assert num_frames(samples, 80_000, 249) == sum(place < samples for place in nearest)


@pytest.mark.parametrize(
    ("samples", "expected"), [(1, 6), (80_000, 18), (80_001, 18), (160_000, 30), (192_000, 35)]
)
def test_number_of_embeddings_of_a_clip(samples: int, expected: int) -> None:
    assert num_embeddings(samples, 80_000, 249, 5, 20) == expected


@torch.no_grad()
def test_what_pads_a_clip_never_changes_it(connector: Connector) -> None:
    frames = torch.randn(10, 8, generator=torch.Generator().manual_seed(0))
    alone = connector(frames[None], torch.tensor([10]), torch.tensor([9]))[0]
    assert alone.shape == (3 + 3, 12)
    padded = torch.full((2, 30, 8), torch.nan)
    padded[0, :10] = frames
    padded[1] = 1.0
    padded = padded.nan_to_num(1e4)
    together = connector(padded, torch.tensor([10, 30]), torch.tensor([9, 30]))[0, :6]
    torch.testing.assert_close(together, alone)


@torch.no_grad()
def test_queries_alone_look_at_everything(connector: Connector) -> None:
    frames = torch.randn(1, 12, 8, generator=torch.Generator().manual_seed(0))
    first = connector(frames, torch.tensor([12]), torch.tensor([12]))
    frames[0, 11] += 1.0
    second = connector(frames, torch.tensor([12]), torch.tensor([12]))
    assert (first[0, :3] - second[0, :3]).abs().max() > 1e-4
