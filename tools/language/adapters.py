"""The language model's layers once more, each changed a little, so that they tell what a sentence is up to.

A change is two thin matrices beside each weight matrix (LoRA, Hu et al., 2022), learned while the weights stay as they
are in the committed file. `graft` puts them into that file as a second way through the layers, on the same weights.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from tools.language.network import LAYERS, WIDTH, Network, mean

PARTS = ("query", "key", "value", "out", "up", "down")
RANK, LOUDER = 16, 20.0  # the mean over the words has length 1
THIN = ("down", "up")
PREFIX, OUTPUT = "conscience", "principles"
QUANTIZED, PRODUCT = "_quantized", "/MatMul_quant_output_scale_mul"  # as onnxruntime's quantizer calls them
State = dict[str, NDArray[np.float32]]


class Change(nn.Module):
    """A linear layer that stays as it is, and a change of low rank beside it, at first none."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(base.in_features, RANK) * base.in_features**-0.5)
        self.up = nn.Parameter(torch.zeros(RANK, base.out_features))

    def forward(self, x: Tensor) -> Tensor:
        """Return (..., out) for (..., in)."""
        changed: Tensor = self.base(x) + (x @ self.down) @ self.up
        return changed


class Conscience(nn.Module):
    """Ids and mask (B, T) to logits (B, C) of the principles and of "pass"."""

    def __init__(self, network: Network, classes: int) -> None:
        super().__init__()
        for parameter in network.parameters():
            parameter.requires_grad_(False)
        for layer in network.layers:
            for part in PARTS:
                setattr(layer, part, Change(getattr(layer, part)))
        self.network, self.head, self.drop = network, nn.Linear(WIDTH, classes), nn.Dropout(0.1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the logits."""
        x, bias = self.network.drop(self.network.embedded(ids)), (1.0 - mask[:, None, None, :]) * -1e4
        for layer in self.network.layers:
            x = layer(x, bias)
        logits: Tensor = self.head(self.drop(LOUDER * mean(x, mask)))
        return logits


def network_in(file: Path) -> Network:
    """Return the network with the weights of an int8 file, as the numbers they stand for."""
    graph = onnx.load(str(file)).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def numbers(name: str) -> NDArray[np.float32]:
        steps = stored[name + QUANTIZED].astype(np.float32) - stored[name + "_zero_point"].astype(np.float32)
        return np.asarray(steps * stored[name + "_scale"], np.float32)

    network = Network()
    state = network.state_dict()
    state |= {name: torch.tensor(stored[name]) for name in state if name in stored}
    state |= {name: torch.tensor(numbers(name)) for name in ("words.weight", "positions.weight")}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.name.startswith("/layers."):
            _, layer, part, _ = node.name.split("/")
            weight = numbers(node.input[1].removesuffix(QUANTIZED))
            state[f"{layer}.{part}.weight"] = torch.tensor(weight.T.copy())
        elif node.op_type == "MatMul" and node.name.count("/") == 2 and f"{node.name.split('/')[1]}.weight" in state:
            state[f"{node.name.split('/')[1]}.weight"] = torch.tensor(stored[node.input[1]].T.copy())  # a head
    network.load_state_dict(state)
    return network


def go_on_from(file: Path, conscience: Conscience) -> None:
    """Begin with the changes that a file holds: those of other weights are a better start than none."""
    graph = onnx.load(str(file)).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    halves = {name.removesuffix(".half"): value for name, value in stored.items() if name.endswith(".half")}
    state = {
        f"network.{layer}.{part}.{thin}": halves[f"{PREFIX}.{layer}.{part}.{thin}"]
        for layer in (f"layers.{i}" for i in range(LAYERS))
        for part in PARTS
        for thin in THIN
    }
    state["head.weight"] = halves[f"{PREFIX}.head.weight"].T / LOUDER
    state["head.bias"] = halves[f"{PREFIX}.head.bias"]
    numbers = {name: torch.tensor(value.astype(np.float32)) for name, value in state.items()}
    conscience.load_state_dict(conscience.state_dict() | numbers)


def graft(file: Path, conscience: Conscience) -> None:
    """Write a trained conscience into the model's file, in place of the one that is there."""
    model = onnx.load(str(file))
    graph = model.graph
    for rows in (graph.node, graph.initializer, graph.output):
        kept = [row for row in rows if not row.name.startswith((PREFIX, OUTPUT))]
        del rows[:]
        rows.extend(kept)
    state = {name: value.detach().numpy() for name, value in conscience.state_dict().items()}
    layers = [node for node in graph.node if node.name.startswith("/layers.") and node.op_type != "Constant"]
    own = {name: PREFIX + name for node in layers for name in node.output}
    for node in layers:
        again = NodeProto()
        again.CopyFrom(node)
        again.name, again.input[:] = PREFIX + node.name, [own.get(name, name) for name in node.input]
        again.output[:] = [own[name] for name in node.output]
        if not node.name.endswith(PRODUCT):
            graph.node.append(again)
            continue
        product = again.output[0]
        again.output[0] = f"{product}/plain"
        graph.node.append(again)
        _add_change(graph, state, node.name, own, product)
    _add_head(graph, state, own[f"/layers.{LAYERS - 1}/norm2/LayerNormalization_output_0"])
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def _add_change(graph: GraphProto, state: State, name: str, own: dict[str, str], product: str) -> None:
    """Add the change of low rank to a plain `product` of the layers: (x down) up."""
    stem = name.removesuffix(PRODUCT)
    _, layer, part = stem.split("/")[:3]
    multiplied = next(node.input[0] for node in graph.node if node.name == f"{stem}/MatMul_quant")
    x = multiplied.removesuffix(QUANTIZED)
    down, up = (_stored(graph, f"{PREFIX}.{layer}.{part}.{m}", state[f"network.{layer}.{part}.{m}"]) for m in THIN)
    graph.node.extend([
        helper.make_node("MatMul", [own.get(x, x), down], [f"{product}/few"], f"{product}/few"),
        helper.make_node("MatMul", [f"{product}/few", up], [f"{product}/change"], f"{product}/change"),
        helper.make_node("Add", [f"{product}/plain", f"{product}/change"], [product], f"{product}/changed"),
    ])  # fmt: skip


def _add_head(graph: GraphProto, state: State, words: str) -> None:
    """Add the mean over the words, of length 1, and the logits that it gives."""
    graph.initializer.extend(numpy_helper.from_array(np.array([axis]), f"{PREFIX}.{axis}") for axis in (1, 2))
    weight = _stored(graph, f"{PREFIX}.head.weight", LOUDER * state["head.weight"].T)
    bias = _stored(graph, f"{PREFIX}.head.bias", state["head.bias"])
    steps = (
        ("Unsqueeze", ["mask", f"{PREFIX}.2"], "there", {}),
        ("Mul", [words, f"{PREFIX}/there"], "words", {}),
        ("ReduceSum", [f"{PREFIX}/words", f"{PREFIX}.1"], "sum", {"keepdims": 0}),
        ("LpNormalization", [f"{PREFIX}/sum"], "mean", {"axis": -1, "p": 2}),
        ("MatMul", [f"{PREFIX}/mean", weight], "scores", {}),
    )
    for kind, inputs, output, settings in steps:
        graph.node.append(helper.make_node(kind, inputs, [f"{PREFIX}/{output}"], f"{PREFIX}/{output}", **settings))
    graph.node.append(helper.make_node("Add", [f"{PREFIX}/scores", bias], [OUTPUT], OUTPUT))
    shape = ["batch", state["head.bias"].shape[0]]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape))


def _stored(graph: GraphProto, name: str, value: NDArray[np.float32]) -> str:
    """Store a matrix in half precision; return the name of what it is at run time."""
    graph.initializer.append(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
    graph.node.append(helper.make_node("Cast", [f"{name}.half"], [name], name, to=TensorProto.FLOAT))
    return name
