"""The network in torch: MiniLM's six layers (a small BERT) with three heads on every word and one on the sentence.

Written out here, so that training needs torch and the weights' package, and nothing between them.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from policies.language.labels import ACTIONS, TAGS
from policies.language.program import SLOTS

WIDTH, HEADS, LAYERS, EPS = 384, 12, 6, 1e-12


class Layer(nn.Module):
    """One transformer layer of BERT (Devlin et al., 2019), norm after each sum."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, EPS), nn.LayerNorm(WIDTH, EPS)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return (B, T, 384); `bias` (B, 1, 1, T) is very negative where there is no token."""
        b, t, _ = x.shape
        q, k, v = (f(x).view(b, t, HEADS, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + bias, dim=-1)
        mixed = (weights @ v).transpose(1, 2).reshape(b, t, WIDTH)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Ids (B, T) and mask (B, T) to logits: actions (B, T, A), places (B, T, 3), tags (B, T, S), intents (B, I).

    The last output (B, 384) is the mean of the third layer: a sentence vector that training moves little.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, EPS)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.actions, self.places, self.tags = (nn.Linear(WIDTH, n) for n in (len(ACTIONS), 3, len(TAGS)))
        self.intents = nn.Linear(WIDTH, len(SLOTS))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the four heads' logits and the sentence vector."""
        x, bias = self.embedded(ids), (1.0 - mask[:, None, None, :]) * -1e4
        for layer in self.layers[: LAYERS // 2]:
            x = layer(x, bias)
        sentence = mean(x, mask)
        for layer in self.layers[LAYERS // 2 :]:
            x = layer(x, bias)
        pooled = mean(x, mask).detach() if self.training else mean(x, mask)
        x = self.drop(x)
        return self.actions(x), self.places(x), self.tags(x), self.intents(pooled), sentence

    def embedded(self, ids: Tensor) -> Tensor:
        """Return the input vectors (B, T, 384)."""
        where = torch.arange(ids.shape[1], device=ids.device)[None]
        return self.norm(self.words(ids) + self.positions(where) + self.kind)


def mean(x: Tensor, mask: Tensor) -> Tensor:
    """Return the mean over tokens, of length 1."""
    total = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return total / total.norm(dim=1, keepdim=True)


def pretrained(weights: Path) -> Network:
    """Return the network with MiniLM's weights and fresh heads."""
    given, network = load_file(weights), Network()
    table = {"words.weight": "embeddings.word_embeddings.weight",
             "positions.weight": "embeddings.position_embeddings.weight",
             "norm.weight": "embeddings.LayerNorm.weight", "norm.bias": "embeddings.LayerNorm.bias"}  # fmt: skip
    inner = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
             "out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
             "down": "output.dense", "norm2": "output.LayerNorm"}  # fmt: skip
    for i in range(LAYERS):
        for ours, theirs in inner.items():
            for part in ("weight", "bias"):
                table[f"layers.{i}.{ours}.{part}"] = f"encoder.layer.{i}.{theirs}.{part}"
    state = network.state_dict()
    state.update({ours: given[theirs] for ours, theirs in table.items()})
    state["kind"] = given["embeddings.token_type_embeddings.weight"][0]
    network.load_state_dict(state)
    return network
