"""MediaPipe's body networks as two plain functions: where bodies are in a picture, and which way one of them faces.

The graphs are written out here because the ready-made solution stops at one person. Both run on one thread, so that
two processes give the same bits (XNNPACK splits sums by thread). The models ship inside the mediapipe wheel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from mediapipe.framework.formats import rect_pb2
from mediapipe.python import packet_creator, packet_getter
from numpy.typing import NDArray

from robot.geometry import wrap_angle
from robot.perception.graph import Graph, image_packet
from robot.perception.quiet import quiet_stderr

_DETECTOR_GRAPH = """
input_stream: "image"  output_stream: "detections"  num_threads: 1
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image" output_stream: "TENSORS:input" output_stream: "LETTERBOX_PADDING:padding"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: 224 output_tensor_height: 224 keep_aspect_ratio: true
    output_tensor_float_range { min: -1 max: 1 } gpu_origin: TOP_LEFT border_mode: BORDER_ZERO } } }
node {
  calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
  options { [mediapipe.SsdAnchorsCalculatorOptions.ext] {
    input_size_width: 224 input_size_height: 224 min_scale: 0.1484375 max_scale: 0.75
    anchor_offset_x: 0.5 anchor_offset_y: 0.5 num_layers: 5 strides: [8, 16, 32, 32, 32]
    aspect_ratios: 1 fixed_anchor_size: true } } }
node {
  calculator: "InferenceCalculatorCpu" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "mediapipe/modules/pose_detection/pose_detection.tflite"
    delegate { xnnpack { num_threads: 1 } } } } }
node {
  calculator: "TensorsToDetectionsCalculator"
  input_stream: "TENSORS:output" input_side_packet: "ANCHORS:anchors" output_stream: "DETECTIONS:raw"
  options { [mediapipe.TensorsToDetectionsCalculatorOptions.ext] {
    num_classes: 1 num_boxes: 2254 num_coords: 12 x_scale: 224 y_scale: 224 w_scale: 224 h_scale: 224
    keypoint_coord_offset: 4 num_keypoints: 4 num_values_per_keypoint: 2 box_coord_offset: 0
    reverse_output_order: true sigmoid_score: true score_clipping_thresh: 100 min_score_thresh: %(score)f } } }
node {
  calculator: "NonMaxSuppressionCalculator" input_stream: "raw" output_stream: "separate"
  options { [mediapipe.NonMaxSuppressionCalculatorOptions.ext] {
    min_suppression_threshold: 0.3 overlap_type: INTERSECTION_OVER_UNION algorithm: WEIGHTED } } }
node {
  calculator: "DetectionLetterboxRemovalCalculator"
  input_stream: "DETECTIONS:separate" input_stream: "LETTERBOX_PADDING:padding"
  output_stream: "DETECTIONS:detections" }
"""

_POSE_GRAPH = """
input_stream: "image"  input_stream: "roi"  output_stream: "presence"  output_stream: "landmarks"  num_threads: 1
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image" input_stream: "NORM_RECT:roi" output_stream: "TENSORS:input"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: 256 output_tensor_height: 256 keep_aspect_ratio: true
    output_tensor_float_range { min: 0 max: 1 } } } }
node {
  calculator: "InferenceCalculatorCpu" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
    delegate { xnnpack { num_threads: 1 } } } } }
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "output" output_stream: "presence_tensor" output_stream: "world_tensor"
  options { [mediapipe.SplitVectorCalculatorOptions.ext] {
    ranges { begin: 1 end: 2 } ranges { begin: 4 end: 5 } } } }
node {
  calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:presence_tensor" output_stream: "FLOAT:presence" }
node {
  calculator: "TensorsToLandmarksCalculator"
  input_stream: "TENSORS:world_tensor" output_stream: "LANDMARKS:landmarks"
  options { [mediapipe.TensorsToLandmarksCalculatorOptions.ext] { num_landmarks: 39 } } }
"""

LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP = 11, 12, 23, 24  # BlazePose topology
HIP_CENTRE, SHOULDER_CENTRE = 0, 2  # key points of the detector
_BLANK = np.zeros((64, 64, 3), dtype=np.uint8)  # for the first run, after which the networks have said all they say


@dataclass(frozen=True)
class Body:
    """A body in the picture, px."""

    hips: tuple[float, float]
    shoulders: tuple[float, float]
    score: float


@dataclass(frozen=True)
class Posture:
    """How sure the network is that the region shows a body (0 to 1), and where its chest points.

    `facing` is relative to the camera's forward axis, rad, positive to the left: 0 has its back to the camera.
    """

    presence: float
    facing: float


class BodyDetector:
    """All bodies in a picture (BlazePose detector, 224 x 224)."""

    def __init__(self, min_score: float) -> None:
        with quiet_stderr():
            self._graph = Graph(_DETECTOR_GRAPH % {"score": min_score}, ("detections",))
            self.find(_BLANK)

    def find(self, rgb: NDArray[np.uint8]) -> list[Body]:
        """Return the bodies in an (H, W, 3) RGB picture, surest first."""
        rows, columns = rgb.shape[:2]
        found = self._graph.run({"image": image_packet(rgb)}).get("detections")
        bodies = []
        for detection in packet_getter.get_proto_list(found) if found is not None else []:
            points = detection.location_data.relative_keypoints
            hips, shoulders = points[HIP_CENTRE], points[SHOULDER_CENTRE]
            bodies.append(
                Body(
                    (hips.x * columns, hips.y * rows),
                    (shoulders.x * columns, shoulders.y * rows),
                    float(detection.score[0]),
                )
            )
        return sorted(bodies, key=lambda body: -body.score)

    def close(self) -> None:
        """Free the network."""
        self._graph.close()


class PostureReader:
    """Which way a body faces (BlazePose landmarks, 256 x 256, on a square region)."""

    def __init__(self) -> None:
        with quiet_stderr():
            self._graph = Graph(_POSE_GRAPH, ("presence", "landmarks"))
            self.read(_BLANK, (32.0, 32.0), 64.0)

    def read(self, rgb: NDArray[np.uint8], centre: tuple[float, float], size: float) -> Posture:
        """Return the posture of the body in the square of `size` px about `centre` (its hips)."""
        rows, columns = rgb.shape[:2]
        roi = rect_pb2.NormalizedRect(
            x_center=centre[0] / columns, y_center=centre[1] / rows, width=size / columns, height=size / rows
        )
        packets = self._graph.run({"image": image_packet(rgb), "roi": packet_creator.create_proto(roi)})
        points = packet_getter.get_proto(packets["landmarks"]).landmark
        # World landmarks: x right, z away from the camera. Left minus right, of shoulders and hips together.
        across = points[LEFT_SHOULDER].x - points[RIGHT_SHOULDER].x + points[LEFT_HIP].x - points[RIGHT_HIP].x
        away = points[LEFT_SHOULDER].z - points[RIGHT_SHOULDER].z + points[LEFT_HIP].z - points[RIGHT_HIP].z
        facing = wrap_angle(math.atan2(-across, away) - math.pi / 2.0) + 0.0
        return Posture(float(packet_getter.get_float(packets["presence"])), wrap_angle(facing))

    def close(self) -> None:
        """Free the network."""
        self._graph.close()
