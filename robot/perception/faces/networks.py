"""MediaPipe's face networks as two plain functions: where faces are in a region, and the 468 points of one of them.

The ready-made solution finds faces only up to 2 m and no smaller than a fifth of the picture; here the full-range
detector looks at any square region, and the mesh is run on a crop about each face, so that small faces give landmarks
too. Both models ship inside the mediapipe wheel (BlazeFace full range, Face Mesh; Apache-2.0).
"""

from __future__ import annotations

import math

import numpy as np
from mediapipe.framework.formats import rect_pb2
from mediapipe.python import packet_creator, packet_getter
from numpy.typing import NDArray

from robot.perception.faces.regions import Box, Mesh, Region
from robot.perception.graph import Graph, image_packet
from robot.perception.quiet import quiet_stderr

_DETECTOR_GRAPH = """
input_stream: "image"  input_stream: "roi"  output_stream: "detections"  num_threads: 1
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image" input_stream: "NORM_RECT:roi" output_stream: "TENSORS:input"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: 192 output_tensor_height: 192 keep_aspect_ratio: true
    output_tensor_float_range { min: -1 max: 1 } border_mode: BORDER_ZERO } } }
node {
  calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
  options { [mediapipe.SsdAnchorsCalculatorOptions.ext] {
    input_size_width: 192 input_size_height: 192 min_scale: 0.1484375 max_scale: 0.75
    anchor_offset_x: 0.5 anchor_offset_y: 0.5 num_layers: 1 strides: 4 aspect_ratios: 1
    fixed_anchor_size: true interpolated_scale_aspect_ratio: 0 } } }
node {
  calculator: "InferenceCalculatorCpu" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite"
    delegate { xnnpack { num_threads: 1 } } } } }
node {
  calculator: "TensorsToDetectionsCalculator"
  input_stream: "TENSORS:output" input_side_packet: "ANCHORS:anchors" output_stream: "DETECTIONS:raw"
  options { [mediapipe.TensorsToDetectionsCalculatorOptions.ext] {
    num_classes: 1 num_boxes: 2304 num_coords: 16 x_scale: 192 y_scale: 192 w_scale: 192 h_scale: 192
    keypoint_coord_offset: 4 num_keypoints: 6 num_values_per_keypoint: 2 box_coord_offset: 0
    reverse_output_order: true sigmoid_score: true score_clipping_thresh: 100 min_score_thresh: %(score)f } } }
node {
  calculator: "NonMaxSuppressionCalculator" input_stream: "raw" output_stream: "detections"
  options { [mediapipe.NonMaxSuppressionCalculatorOptions.ext] {
    min_suppression_threshold: 0.3 overlap_type: INTERSECTION_OVER_UNION algorithm: WEIGHTED } } }
"""

_MESH_GRAPH = """
input_stream: "image"  input_stream: "roi"  output_stream: "presence"  output_stream: "landmarks"  num_threads: 1
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image" input_stream: "NORM_RECT:roi" output_stream: "TENSORS:input"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: 192 output_tensor_height: 192 output_tensor_float_range { min: 0 max: 1 } } } }
node {
  calculator: "InferenceCalculatorCpu" input_stream: "TENSORS:input" output_stream: "TENSORS:output"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "mediapipe/modules/face_landmark/face_landmark.tflite"
    delegate { xnnpack { num_threads: 1 } } } } }
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "output" output_stream: "points_tensor" output_stream: "presence_tensor"
  options { [mediapipe.SplitVectorCalculatorOptions.ext] {
    ranges { begin: 0 end: 1 } ranges { begin: 1 end: 2 } } } }
node {
  calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:presence_tensor" output_stream: "FLOAT:presence"
  options { [mediapipe.TensorsToFloatsCalculatorOptions.ext] { activation: SIGMOID } } }
node {
  calculator: "TensorsToLandmarksCalculator"
  input_stream: "TENSORS:points_tensor" output_stream: "NORM_LANDMARKS:landmarks"
  options { [mediapipe.TensorsToLandmarksCalculatorOptions.ext] {
    num_landmarks: 468 input_image_width: 192 input_image_height: 192 } } }
"""

DETECTOR_PX = 192
POINTS = 468
RIGHT_EYE, LEFT_EYE = 0, 1  # key points of the detector, the person's own right and left
_BLANK = np.zeros((64, 64, 3), dtype=np.uint8)  # for the first run, after which the networks have said all they say

Floats = NDArray[np.float64]


class FaceDetector:
    """All faces in a square region (BlazeFace full range, 192 x 192)."""

    def __init__(self, min_score: float) -> None:
        """Build the network; faces it is less sure of are not returned."""
        with quiet_stderr():
            self._graph = Graph(_DETECTOR_GRAPH % {"score": min_score}, ("detections",))
            self.find(_BLANK, Region(32.0, 32.0, 64.0))

    def find(self, rgb: NDArray[np.uint8], region: Region) -> list[Box]:
        """Return the faces in the region of an (H, W, 3) RGB picture, surest first."""
        packets = self._graph.run({"image": image_packet(rgb), "roi": _rect(rgb, region)})
        found = packets.get("detections")
        boxes = []
        for detection in packet_getter.get_proto_list(found) if found is not None else []:
            place = detection.location_data.relative_bounding_box
            points = detection.location_data.relative_keypoints
            left, top, size = region.x - region.size / 2.0, region.y - region.size / 2.0, region.size
            eyes = ((left + size * p.x, top + size * p.y) for p in (points[RIGHT_EYE], points[LEFT_EYE]))
            corner = (left + size * place.xmin, top + size * place.ymin)
            boxes.append(
                Box(
                    *corner,
                    size * place.width,
                    size * place.height,
                    (next(eyes), next(eyes)),
                    float(detection.score[0]),
                    region.size / DETECTOR_PX,
                )
            )
        return sorted(boxes, key=lambda box: -box.score)

    def close(self) -> None:
        """Free the network."""
        self._graph.close()


class FaceMesh:
    """The points of one face (Face Mesh without attention, 192 x 192)."""

    def __init__(self) -> None:
        """Build the network."""
        with quiet_stderr():
            self._graph = Graph(_MESH_GRAPH, ("presence", "landmarks"))
            self.read(_BLANK, Region(32.0, 32.0, 64.0))

    def read(self, rgb: NDArray[np.uint8], region: Region) -> Mesh:
        """Return the mesh of the face in the region of an (H, W, 3) RGB picture."""
        packets = self._graph.run({"image": image_packet(rgb), "roi": _rect(rgb, region)})
        marks = packet_getter.get_proto(packets["landmarks"]).landmark
        local = np.array([(p.x - 0.5, p.y - 0.5, p.z) for p in marks]) * region.size
        c, s = math.cos(region.angle), math.sin(region.angle)
        points = np.column_stack(
            [region.x + c * local[:, 0] - s * local[:, 1], region.y + s * local[:, 0] + c * local[:, 1], local[:, 2]]
        )
        return Mesh(points, float(packet_getter.get_float(packets["presence"])))

    def close(self) -> None:
        """Free the network."""
        self._graph.close()


def _rect(rgb: NDArray[np.uint8], region: Region) -> object:
    rows, columns = rgb.shape[:2]
    return packet_creator.create_proto(
        rect_pb2.NormalizedRect(
            x_center=region.x / columns,
            y_center=region.y / rows,
            width=region.size / columns,
            height=region.size / rows,
            rotation=region.angle,
        )
    )
