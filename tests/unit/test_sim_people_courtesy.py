"""Those who are not followed make way for the robot as for the person it follows, where they are courteous."""

import pytest

from robot.geometry import Pose2
from sim.people_stage import PEOPLE_HZ, ROVER_RADIUS, PeopleStage
from sim.scene import Scene
from worlds.catalog import load_world
from worlds.plan import PersonPlan, Segment
from worlds.shapes import shapes_of

APARTMENT = load_world("apartment")
FOLLOWED, OTHER = ((0.0, 8.0), (3.0, 1.0))  # m, the first far from all that happens


def standing(index, at):
    stop = Segment("stop", 30.0, 0.0)
    return PersonPlan(APARTMENT.people[index].name, at, 0.0, (stop,))


def when_the_robot_comes(courteous, whom):
    """Return how far (m) the person has stepped off the line of a robot that comes straight at them, by the time it
    would reach them or has gone by."""
    scene = Scene(shapes_of(APARTMENT), people=2, visible=False)
    places = [FOLLOWED, OTHER] if whom == 1 else [OTHER, FOLLOWED]
    plans = [standing(index, at) for index, at in enumerate(places)]
    stage = PeopleStage(scene, APARTMENT, plans, 0, False, lambda x, y: True, courteous)
    person = stage.actors[whom].walker
    x = OTHER[0] - 3.0
    while person.pose.distance_to(x, OTHER[1]) > person.radius + ROVER_RADIUS + 0.1 and x < OTHER[0] + 1.0:
        x += 0.5 / PEOPLE_HZ
        stage.step(Pose2(x, OTHER[1], 0.0))
    scene.close()
    return abs(person.pose.y - OTHER[1])


def test_they_step_aside_for_a_robot_that_comes():
    assert when_the_robot_comes(True, whom=1) > 0.5
    assert when_the_robot_comes(False, whom=1) == pytest.approx(0.0, abs=1e-6)


def test_the_followed_person_does_not():
    assert when_the_robot_comes(True, whom=0) == pytest.approx(0.0, abs=1e-6)
