"""Fixed things that are one body to the physics are still told apart by where they are touched."""

import numpy as np
import pybullet
import pytest

from robot.geometry import Pose2
from sim.blocks import LARGEST, neighbours
from sim.people.limbs import PARTS
from sim.people_stage import TOUCH_M, PeopleStage
from sim.scene import Scene
from worlds.catalog import load_world
from worlds.plan import PersonPlan
from worlds.shapes import shapes_of

APARTMENT = load_world("apartment")
SHAPES = shapes_of(APARTMENT)


@pytest.fixture
def scene():
    scene = Scene(SHAPES, people=1, visible=False)
    yield scene
    scene.close()


def test_every_shape_is_in_one_group_of_neighbours():
    rows = list(range(len(SHAPES)))
    groups = neighbours(rows, SHAPES)
    assert sorted(row for group in groups for row in group) == rows
    assert max(len(group) for group in groups) <= LARGEST
    places = np.array([shape.position[:2] for shape in SHAPES])
    spread = [float(np.ptp(places[group], axis=0).max()) for group in groups]
    assert np.median(spread) < 0.5 * np.ptp(places, axis=0).max()
    assert neighbours([], SHAPES) == []


def test_what_is_touched_is_told_by_name(scene):
    ball = pybullet.createMultiBody(
        baseMass=1.0,
        baseCollisionShapeIndex=pybullet.createCollisionShape(
            pybullet.GEOM_SPHERE, radius=0.02, physicsClientId=scene.client
        ),
        physicsClientId=scene.client,
    )
    tops = [s for s in SHAPES if s.solid and s.kind == "box" and s.semantic == "furniture" and s.z_range()[0] > 0.3]
    told = []
    for shape in tops:
        x, y, _ = shape.position
        top = np.array([[x, y, shape.z_range()[1]]])
        up = np.array([[0.0, 0.0, 0.1]])
        _, seen = scene.rays.rays(top + 12.0 * up, top - up)
        if scene.rays.names[seen[0]] != shape.name:
            continue  # something stands on it
        place = (x, y, shape.z_range()[1] + 0.019)  # a millimetre deep in its top
        pybullet.resetBasePositionAndOrientation(ball, place, (0.0, 0.0, 0.0, 1.0), physicsClientId=scene.client)
        pybullet.performCollisionDetection(physicsClientId=scene.client)
        for point in pybullet.getContactPoints(bodyA=ball, physicsClientId=scene.client):
            if point[7][2] > 0.9 and point[8] < -5e-4:
                told.append((shape.name, scene.touched(point[2], point[6])))
    assert len(told) > 20
    assert [name for name, _ in told] == [said for _, said in told]


def test_limbs_wait_outside_the_physics_until_the_robot_is_near(scene):
    plan = PersonPlan(person=APARTMENT.people[0].name, start=(1.0, 1.0), yaw=0.0, segments=(), loop=False)
    stage = PeopleStage(scene, APARTMENT, [plan], 0, False, lambda x, y: True)
    actor = stage.actors[0]

    def heights():
        bodies = actor.body.body_ids
        return [pybullet.getBasePositionAndOrientation(b, physicsClientId=scene.client)[0][2] for b in bodies]

    x, y = actor.walker.pose.x, actor.walker.pose.y
    assert len(heights()) == len(PARTS)
    for away, tangible in ((3.0, False), (0.9 * TOUCH_M, True), (3.0, False)):
        stage.step(Pose2(x + away, y, 0.0))
        stage.pose(round(10.0 * away) + tangible)
        assert all((z > -1.0) == tangible for z in heights())
        shown = stage.capsules()[0]
        assert shown[:, :6].reshape(-1, 3)[:, 2].min() > -0.1
        assert np.allclose(shown, actor.body.collision_shapes())
