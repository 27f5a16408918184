"""A MediaPipe graph as a function: packets in, packets out, one at a time and on one thread.

The ready-made solutions choose models, thread counts and how many people there may be; a graph written out in text
says all of it. XNNPACK splits sums by thread, so one thread is what makes two processes agree to the bit.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import mediapipe
import numpy as np
from mediapipe.python import packet_creator
from mediapipe.python._framework_bindings import calculator_graph, image_frame, packet, resource_util
from numpy.typing import NDArray


class Graph:
    """One MediaPipe graph that is fed a packet per input stream and read when it is idle."""

    def __init__(self, text: str, outputs: tuple[str, ...]) -> None:
        """Build and start the graph written in `text`, watching the streams named in `outputs`."""
        resource_util.set_resource_dir(os.fspath(Path(mediapipe.__file__).parent.parent))
        self._graph = calculator_graph.CalculatorGraph(graph_config=text)
        self._packets: dict[str, Any] = {}
        for name in outputs:
            self._graph.observe_output_stream(name, self._packets.__setitem__)
        self._graph.start_run()
        self._count = 0

    def run(self, inputs: dict[str, packet.Packet]) -> dict[str, Any]:
        """Return the output packets by stream; streams without a packet are missing."""
        self._packets.clear()
        self._count += 1
        for name, item in inputs.items():
            self._graph.add_packet_to_input_stream(name, item.at(self._count))
        self._graph.wait_until_idle()
        return self._packets

    def close(self) -> None:
        """Free what the graph holds."""
        self._graph.close()


def image_packet(rgb: NDArray[np.uint8]) -> packet.Packet:
    """Return an (H, W, 3) RGB picture as a packet without time."""
    return packet_creator.create_image_frame(
        image_format=image_frame.ImageFormat.SRGB, data=np.ascontiguousarray(rgb), copy=True
    )
