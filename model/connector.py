"""The connector: encoder frames -> a few global embeddings and one embedding per `pool` frames, in LLM width."""

import math

import torch
from torch import Tensor, nn


def num_frames(num_samples: int, window_samples: int, frames_per_window: int) -> int:
    """Frames that carry audio: the sample mask taken by nearest neighbour at the frame rate.

    Frame i looks at sample floor(i * window_samples / frames_per_window), so the valid ones are
    ceil(num_samples * frames_per_window / window_samples) many.
    """
    return -(-num_samples * frames_per_window // window_samples)


def num_embeddings(
    num_samples: int, window_samples: int, frames_per_window: int, num_queries: int, pool: int
) -> int:
    """Embeddings of a clip: the queries, and one per started group of `pool` valid frames."""
    return num_queries + -(-num_frames(num_samples, window_samples, frames_per_window) // pool)


class Layer(nn.TransformerEncoderLayer):
    """Post-norm encoder layer with SiLU.

    PyTorch's own forward, in eval mode, makes the whole [heads, length, length] attention, which a minute of audio
    makes large; this one never does.
    """

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]
        """`hidden` [N, L, D]; `mask` bool [N, L], true for what attention may look at -> [N, L, D]."""
        attention = self.self_attn
        joint = nn.functional.linear(hidden, attention.in_proj_weight, attention.in_proj_bias)
        query, key, value = joint.unflatten(-1, (3, attention.num_heads, -1)).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(
            query, key, value, mask[:, None, None], dropout_p=attention.dropout if self.training else 0.0
        )
        mixed = attention.out_proj(mixed.transpose(1, 2).flatten(2))
        hidden = self.norm1(hidden + self.dropout1(mixed))
        wide = self.dropout(nn.functional.silu(self.linear1(hidden)))
        normed: Tensor = self.norm2(hidden + self.dropout2(self.linear2(wide)))
        return normed


class Connector(nn.Module):
    """Linear + SiLU, learned queries in front, self-attention, pooling of the frames, self-attention, Linear.

    There is no positional encoding of its own: the encoder's frames carry position. Frames are first brought to the
    mean and the scale in the buffers, by default 0 and 1 as in the original; `standardise` measures them. Encoders'
    frames, above all those of layers below the last, have a few dimensions a hundred times larger than the others,
    which would drown the rest.
    """

    frame_mean: Tensor
    frame_scale: Tensor

    def __init__(
        self,
        frame_size: int,
        hidden_size: int,
        ffn_size: int,
        llm_size: int,
        *,
        heads: int,
        num_queries: int,
        layers_before: int,
        layers_after: int,
        pool: int,
        dropout: float,
    ) -> None:
        super().__init__()

        def layers(count: int) -> nn.ModuleList:
            return nn.ModuleList(Layer(hidden_size, heads, ffn_size, dropout) for _ in range(count))

        self.pool = pool
        self.register_buffer("frame_mean", torch.zeros(frame_size))
        self.register_buffer("frame_scale", torch.ones(frame_size))
        self.input = nn.Linear(frame_size, hidden_size)
        self.queries = nn.Embedding(num_queries, hidden_size)
        # Small, so that what a query takes from the frames isn't drowned by the query itself.
        nn.init.normal_(self.queries.weight, std=0.02)
        self.before = layers(layers_before)
        self.after = layers(layers_after)
        self.output = nn.Linear(hidden_size, llm_size)

    def forward(self, frames: Tensor, extents: Tensor, valid: Tensor) -> Tensor:
        """Embed a padded batch of clips; what pads one clip never changes another.

        `frames` [N, F, D]. `valid` [N]: how many of a clip's frames carry audio; attention looks at these only.
        `extents` [N]: how many frames its own windows have; pooling averages these, also those without audio in its
        last window, as in the original. Gives embeddings [N, Q + ceil(F / pool), llm_size]; a clip's own come first.
        """
        count, length, _ = frames.shape
        positions = torch.arange(length, device=frames.device)
        num_queries = self.queries.num_embeddings

        hidden = nn.functional.silu(self.input((frames - self.frame_mean) * self.frame_scale))
        mask = positions < valid[:, None]
        hidden, mask = self._with_queries(self.queries.weight.expand(count, -1, -1), hidden, mask)
        for layer in self.before:
            hidden = layer(hidden, mask)

        queries, hidden = hidden[:, :num_queries], hidden[:, num_queries:]
        hidden = self._average(hidden, positions < extents[:, None])
        groups = torch.arange(hidden.shape[1], device=frames.device)
        mask = groups * self.pool < valid[:, None]
        hidden, mask = self._with_queries(queries, hidden, mask)
        for layer in self.after:
            hidden = layer(hidden, mask)
        embeddings: Tensor = self.output(hidden)
        return embeddings

    @torch.no_grad()
    def match_scale(self, embeddings: Tensor) -> None:
        """Scales a fresh output layer so that its embeddings are as large as the LLM's own `embeddings` [V, llm_size].

        The output layer reads unit-variance features with weights uniform in +-1/sqrt(hidden size), which makes a
        standard deviation of 1/sqrt(3). Embeddings many times larger than the text's are hardly changed by the LLM's
        layers, and are learnt slowly.
        """
        factor = embeddings.float().std() * math.sqrt(3)
        self.output.weight.mul_(factor)
        self.output.bias.mul_(factor)

    def standardise(self, frames: Tensor) -> None:
        """Takes the mean and the scale of the input from a sample of `frames` [N, D]."""
        self.frame_mean.copy_(frames.mean(0))
        self.frame_scale.copy_(1 / frames.std(0).clamp(min=1e-3))

    @staticmethod
    def _with_queries(queries: Tensor, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        seen = mask.new_ones(queries.shape[:2])
        return torch.cat([queries.to(hidden.dtype), hidden], dim=1), torch.cat([seen, mask], dim=1)

    def _average(self, hidden: Tensor, inside: Tensor) -> Tensor:
        """[N, F, D] -> [N, ceil(F / pool), D]: the mean over each group of the frames that are `inside` [N, F]."""
        missing = -hidden.shape[1] % self.pool
        # where, not a product: whatever lies outside, even NaN, must not leak in.
        hidden = torch.where(inside[..., None], hidden, hidden.new_zeros(()))
        hidden = nn.functional.pad(hidden, (0, 0, 0, missing)).unflatten(1, (-1, self.pool))
        counts = nn.functional.pad(inside, (0, missing)).unflatten(1, (-1, self.pool)).sum(2)
        pooled: Tensor = hidden.sum(2) / counts.clamp(min=1)[..., None].to(hidden.dtype)
        return pooled
