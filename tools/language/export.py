"""Checkpoints to ONNX, float32 and int8, with vocabulary and a neutral calibration beside it.

    python -m tools.language.export --checkpoint FILE [FILE ...] --vocab FILE --out FOLDER --float FILE

Of several checkpoints of one network the mean of the weights is exported, which reads sentences of unknown authors
better than any one of them (model soups, Wortsman et al., 2022).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from tools.language.network import Network

OUTPUTS = ("actions", "places", "tags", "intents", "sentence")
HEADS = tuple(f"/{name}/" for name in OUTPUTS[:4])


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True)
    parser.add_argument("--vocab", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", type=Path, required=True, help="where the float32 model goes")
    given = parser.parse_args()
    network = Network()
    network.load_state_dict(mean([torch.load(file) for file in given.checkpoint]))
    network.eval()
    given.out.mkdir(parents=True, exist_ok=True)
    write(network, given.float)
    heads = [node.name for node in onnx.load(given.float).graph.node if node.name.startswith(HEADS)]
    quantize_dynamic(  # unsigned weights cannot saturate on processors without VNNI; the heads are small and stay float
        given.float, given.out / "language.int8.onnx", weight_type=QuantType.QUInt8, per_channel=True,
        nodes_to_exclude=heads,
    )  # fmt: skip
    shutil.copy(given.vocab, given.out / "vocab.txt")
    target = given.out / "calibration.json"
    if not target.exists():
        target.write_text(json.dumps({"scale": 1.0, "offset": 0.0, "reject_below": 0.0}) + "\n")


def mean(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of checkpoints of one network, name by name."""
    return {
        name: torch.stack([state[name].double() for state in states]).mean(dim=0).to(first.dtype)
        for name, first in states[0].items()
    }


def write(network: Network, path: Path) -> None:
    """Write the float32 model; batch and length are free."""
    ids, mask = torch.ones((2, 7), dtype=torch.long), torch.ones((2, 7))
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        network, (ids, mask), str(path), input_names=["ids", "mask"], output_names=list(OUTPUTS), opset_version=17,
        dynamic_axes=dict.fromkeys(("ids", "mask", *OUTPUTS[:3]), axes) | {name: {0: "batch"} for name in OUTPUTS[3:]},
        dynamo=False,
    )  # fmt: skip
    onnx.checker.check_model(str(path))


if __name__ == "__main__":
    main()
