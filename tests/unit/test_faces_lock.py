"""Who is who: people who cross, leave and come back keep their numbers, and the lock stays with its person."""

import pytest
from face_theatre import CAMERA, FaceTheatre

from robot.perception.faces.lock import Choice, understood
from robot.perception.faces.watcher import FaceWatcher, WatcherConfig


@pytest.fixture
def theatre():
    theatre = FaceTheatre()
    yield theatre
    theatre.close()


@pytest.fixture
def watcher():
    watcher = FaceWatcher(WatcherConfig())
    yield watcher
    watcher.close()


def number_at(scene, y, x):
    """Return the number of the face nearest to where (x, y) in the room is seen."""
    column = CAMERA.cx - CAMERA.fx * y / x
    return min(scene.faces, key=lambda f: abs(f.box[0] + f.box[2] / 2 - column)).id


def play(theatre, watcher, start_s, seconds, places, fps=15):
    """Move people along `places(t)` and return all scenes."""
    scenes = []
    for k in range(int(seconds * fps)):
        for name, place in places(k / fps).items():
            theatre.put(name, *place)
        scenes.append(watcher.see(start_s + k / fps, theatre.frame(), CAMERA))
    return scenes


@pytest.mark.parametrize(
    ("choice", "name"),
    [
        (Choice("largest"), "anna"),
        (Choice("words", words="the person on the left"), "ben"),
        (Choice("words", words="Focus on me!"), "anna"),
        (Choice("words", words="whoever is in the back"), "chidi"),
    ],
)
def test_choices(theatre, watcher, choice, name):
    places = {"anna": (0.8, 0.0), "ben": (1.2, 0.4), "chidi": (1.5, -0.5)}
    for who, place in places.items():
        theatre.put(who, *place)
    watcher.choose(choice)
    for t in (0.0, 0.1):
        scene = watcher.see(t, theatre.frame(), CAMERA)
    assert len(scene.faces) == 3
    assert scene.lock.state == "locked"
    assert scene.lock.id == number_at(scene, places[name][1], places[name][0])


def test_words_that_say_nobody():
    assert not understood("purple monkey dishwasher")
    assert understood("Focus on me!")


def test_a_click_locks_the_face_under_it_and_no_other(theatre, watcher):
    theatre.put("anna", 0.8, 0.2)
    theatre.put("ben", 1.0, -0.25)
    watcher.choose(Choice("point", x=5.0, y=5.0))
    assert watcher.see(0.0, theatre.frame(), CAMERA).lock.state == "none"
    watcher.choose(Choice("point", x=CAMERA.cx + CAMERA.fx * 0.25, y=CAMERA.cy))
    scene = watcher.see(0.1, theatre.frame(), CAMERA)
    assert scene.lock.id == number_at(scene, -0.25, 1.0)


def test_two_who_cross_keep_their_numbers(theatre, watcher):
    watcher.choose(Choice("largest"))
    scenes = play(
        theatre, watcher, 0.0, 4.0, lambda t: {"anna": (0.9, 0.35 - 0.175 * t), "chidi": (1.3, -0.5 + 0.25 * t)}
    )
    anna, chidi = number_at(scenes[2], 0.33, 0.9), number_at(scenes[2], -0.47, 1.3)
    assert anna != chidi
    assert number_at(scenes[-1], -0.35, 0.9) == anna
    assert number_at(scenes[-1], 0.5, 1.3) == chidi
    assert {scene.lock.id for scene in scenes} == {anna}


def test_one_who_leaves_and_comes_back_is_the_same_and_nobody_takes_the_lock(theatre, watcher):
    watcher.choose(Choice("largest"))
    theatre.put("ben", 1.2, 0.4)
    theatre.put("fumiko", 0.8, 0.0)
    first = watcher.see(0.0, theatre.frame(), CAMERA)
    for k in range(1, 5):
        first = watcher.see(k / 15, theatre.frame(), CAMERA)
    theatre.away("fumiko")
    gone = [watcher.see(1.0 + k / 15, theatre.frame(), CAMERA) for k in range(45)]
    assert {scene.lock.id for scene in gone} == {first.lock.id}
    assert gone[-1].lock.state == "lost"
    assert gone[-1].locked is None
    theatre.put("fumiko", 0.9, -0.2)
    back = [watcher.see(5.0 + k / 15, theatre.frame(), CAMERA) for k in range(8)]
    assert back[-1].lock.state == "locked"
    assert back[-1].lock.id == first.lock.id == number_at(back[-1], -0.2, 0.9)
