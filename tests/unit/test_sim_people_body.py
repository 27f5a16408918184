"""People in the physics engine: what one sees, touches and measures is the same person, and detectors find them."""

import itertools
import math

import cv2
import mediapipe
import numpy as np
import pybullet
import pytest

from sim.people.appearance import APPEARANCES, appearance
from sim.people.contact_sheet import camera_image
from sim.people.head_mesh import canonical_face, head_mesh
from sim.people.limbs import PARTS
from sim.people.person import PersonBody, part_meshes
from sim.people.skeleton import Skeleton
from sim.people.state import PersonState
from tools.make_people import paint_texture

LOOKS = pytest.mark.parametrize("look", APPEARANCES, ids=lambda look: look.name)


@pytest.fixture
def client():
    client = pybullet.connect(pybullet.DIRECT)
    yield client
    pybullet.disconnect(client)


def distance_to_capsules(point, capsules):
    a, b = capsules[:, :3], capsules[:, 3:6]
    along = np.clip(np.einsum("ij,ij->i", point - a, b - a) / np.einsum("ij,ij->i", b - a, b - a), 0.0, 1.0)
    return float((np.linalg.norm(a + along[:, None] * (b - a) - point, axis=1) - capsules[:, 6]).min())


@LOOKS
def test_texture_files_are_small(look):
    assert look.texture_path.stat().st_size <= 60_000


@pytest.mark.parametrize("name", ["ben", "fumiko"])  # beard and glasses; painting takes a second each
def test_the_texture_is_what_the_tool_paints(name):
    look = appearance(name)
    stored = cv2.cvtColor(cv2.imread(str(look.texture_path)), cv2.COLOR_BGR2RGB)
    assert stored.shape == (256, 256, 3)
    assert np.abs(stored.astype(int) - paint_texture(look)).max() <= 2  # other processors round differently


def test_the_eight_are_told_apart_by_clothes_hair_or_skin():
    for a, b in itertools.combinations(APPEARANCES, 2):
        parts = [(a.top, b.top), (a.bottom, b.bottom), (a.hair, b.hair), (a.skin, b.skin)]
        apart = [float(np.linalg.norm(np.subtract(p, q))) for p, q in parts]
        assert max(apart) > 100.0, (a.name, b.name)
    assert len({look.height_m for look in APPEARANCES}) == 8


def test_the_face_mesh_is_the_whole_canonical_face():
    points, uvs, faces = canonical_face()
    assert points.shape == (468, 3)
    assert uvs.shape == (468, 2)
    assert faces.shape == (898, 3)


@LOOKS
def test_head_faces_outward_everywhere(look):
    mesh = head_mesh(look)
    corners = mesh.vertices[mesh.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward = np.einsum("ij,ij->i", normal, mesh.normals[mesh.faces].mean(axis=1))
    assert (outward > 0).mean() > 0.97
    assert np.einsum("ij,ij->i", normal, corners.mean(axis=1) - corners.mean(axis=(0, 1))).mean() > 0.0


@LOOKS
def test_a_person_is_at_most_3400_triangles(look):
    assert sum(len(mesh.faces) for mesh in part_meshes(look, Skeleton.of(look)).values()) <= 3400


def test_physics_rays_meet_the_same_capsules(client):
    person = PersonBody(client, appearance("ben"), "ben", visible=False)
    person.place(PersonState(1.0, -0.5, 0.1, yaw=0.7, gait_phase=0.1, speed=0.8, head_yaw=0.4))
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        angle, z = rng.uniform(0, 2 * math.pi), rng.uniform(0.12, 1.9)
        start = np.array([1.0 + 2 * math.cos(angle), -0.5 + 2 * math.sin(angle), z])
        end = np.array([1.0 + rng.normal(0, 0.15), -0.5 + rng.normal(0, 0.15), z])
        body, _, fraction, point, _ = pybullet.rayTest(start, end, physicsClientId=client)[0]
        if fraction < 1.0 and body in person.body_ids:
            hits += 1
            assert abs(distance_to_capsules(np.array(point), person.collision_shapes())) < 0.004
    assert hits > 100


def test_ray_caster_rows_describe_the_same_capsules(client):
    person = PersonBody(client, appearance("dina"), "dina", visible=False)
    person.place(PersonState(0.3, 0.2, yaw=-1.0, gait_phase=0.4, speed=0.6))
    capsules = person.collision_shapes()
    center, rotation = np.empty((14, 3)), np.empty((14, 3, 3))
    person.write_capsules(center, rotation)
    reach = (person.capsule_half[:, 2] - capsules[:, 6])[:, None] * rotation[:, :, 2]
    assert np.allclose(center + reach, capsules[:, 3:6])
    assert np.allclose(center - reach, capsules[:, :3])
    assert np.allclose(np.linalg.det(rotation), 1.0)


@pytest.mark.parametrize("name", ["emil", "ben"])
def test_a_lidar_at_shin_height_sees_two_moving_legs(client, name):
    person = PersonBody(client, appearance(name), name, visible=False)
    spread = []
    for phase in np.linspace(0.0, 1.0, 12, endpoint=False):
        person.place(PersonState(0.0, 0.0, gait_phase=float(phase), speed=0.8))
        ys = np.linspace(-0.25, 0.25, 201)
        hits = pybullet.rayTestBatch(
            [(2.0, y, 0.18) for y in ys], [(-2.0, y, 0.18) for y in ys], physicsClientId=client
        )
        seen = np.array([hit[0] in person.body_ids for hit in hits])
        runs = np.count_nonzero(np.diff(np.concatenate([[False], seen]).astype(int)) == 1)
        assert runs == 2
        depth = np.array([hit[3][0] for hit in hits])
        spread.append(np.ptp(depth[seen]))
    assert max(spread) > 0.2


def test_massless_people_are_not_pushed_and_robots_are(client):
    person = PersonBody(client, appearance("anna"), "anna", visible=False)
    ball = pybullet.createMultiBody(
        5.0,
        pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=0.1, physicsClientId=client),
        basePosition=[1.0, 0.05, 0.3],
        physicsClientId=client,
    )
    pybullet.resetBaseVelocity(ball, [-2.0, 0.0, 0.0], physicsClientId=client)
    before = person.collision_shapes()
    touched = False
    for _ in range(240):
        pybullet.stepSimulation(physicsClientId=client)
        touched |= any(pybullet.getContactPoints(ball, b, physicsClientId=client) for b in person.body_ids)
    assert touched
    assert pybullet.getBaseVelocity(ball, physicsClientId=client)[0][0] > -0.5
    for body, part in zip(person.body_ids, PARTS, strict=False):
        assert pybullet.getDynamicsInfo(body, -1, physicsClientId=client)[0] == 0.0, part
    person.place(person.state)
    assert np.array_equal(before, person.collision_shapes())


def test_an_open_mouth_shows(client):
    person = PersonBody(client, appearance("anna"), "anna")
    x, _, z = person.face_center_world()
    looks = []
    for mouth in (0.0, 1.0, 0.0):
        person.place(PersonState(0.0, 0.0, mouth=mouth))
        looks.append(camera_image(client, (x + 0.5, 0.0, z), (x, 0.0, z), 34.0, (160, 160)).astype(int))
    changed = np.abs(looks[0] - looks[1]).max(axis=2) > 30
    assert 15 < changed.sum() < 400
    assert np.array_equal(looks[0], looks[2])


@LOOKS
def test_faces_are_detected(look, client):
    person = PersonBody(client, look, look.name)
    with mediapipe.solutions.face_detection.FaceDetection(model_selection=1) as detector:
        for distance, yaw, pitch in ((0.6, 0.0, 0.0), (1.0, 30.0, 10.0), (1.4, -25.0, -15.0)):
            state = PersonState(0.0, 0.0, head_yaw=math.radians(yaw), head_pitch=math.radians(pitch))
            person.place(state)
            x, _, z = person.face_center_world()
            image = camera_image(client, (x + distance, 0.0, z), (0.0, 0.0, z), 46.8, (480, 360))
            found = detector.process(np.ascontiguousarray(image)).detections
            assert found, (distance, yaw, pitch)
            box = found[0].location_data.relative_bounding_box
            assert abs(box.xmin + 0.5 * box.width - 0.5) < 0.06


@pytest.mark.parametrize("bearing_deg", [0.0, 90.0, 180.0])
@LOOKS
def test_bodies_are_found_from_all_sides(look, client, bearing_deg):
    person = PersonBody(client, look, look.name)
    person.place(PersonState(0.0, 0.0, yaw=math.radians(bearing_deg), gait_phase=0.05, speed=0.7))
    image = camera_image(client, (2.2, 0.0, 0.9), (0.0, 0.0, 0.9), 55.4, (320, 240))
    with mediapipe.solutions.pose.Pose(static_image_mode=True, model_complexity=1) as detector:
        found = detector.process(np.ascontiguousarray(image)).pose_landmarks
    assert found is not None
    hips = 0.5 * (found.landmark[23].x + found.landmark[24].x)
    assert hips == pytest.approx(0.5, abs=0.06)
