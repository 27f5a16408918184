"""Appearance: alike from any light, unlike between clothes, and comparable when half is out of view."""

import numpy as np
import pytest

from robot.perception.appearance import SIZE, describe, similarity
from robot.perception.identity import Gallery, GalleryConfig

HEIGHTS = np.repeat(np.linspace(0.15, 1.8, 60), 20).astype(np.float32)


def person(top, bottom, seed=0, light=1.0):
    rng = np.random.default_rng(seed)
    colours = np.where((HEIGHTS > 0.85)[:, None], np.array(top), np.array(bottom))
    shaded = colours * rng.uniform(0.7, 1.0, (len(HEIGHTS), 1)) * light
    return np.clip(shaded, 0, 255).astype(np.uint8)


RED_BLUE = ((190, 40, 48), (44, 62, 140))
GREEN_SAND = ((46, 110, 62), (150, 132, 100))


def test_unit_length_and_size():
    look = describe(person(*RED_BLUE), HEIGHTS)
    assert look.shape == (SIZE,)
    assert look.dtype == np.float32
    assert np.linalg.norm(look) == pytest.approx(1.0, abs=1e-5)


def test_no_pixels_no_look():
    assert not describe(np.zeros((0, 3), np.uint8), np.zeros(0, np.float32)).any()


@pytest.mark.parametrize("light", [0.6, 0.8, 1.2])
def test_light_matters_little_and_clothes_much(light):
    ours = describe(person(*RED_BLUE), HEIGHTS)
    again = describe(person(*RED_BLUE, seed=1, light=light), HEIGHTS)
    other = describe(person(*GREEN_SAND, seed=2, light=light), HEIGHTS)
    assert similarity(ours, again) > 0.9
    assert similarity(ours, other) < 0.5


def test_half_a_person_is_compared_by_that_half():
    whole = describe(person(*RED_BLUE), HEIGHTS)
    legs, top = HEIGHTS < 0.8, HEIGHTS > 0.9
    half = describe(person(*RED_BLUE, seed=3)[legs], HEIGHTS[legs])
    head = describe(person(*RED_BLUE, seed=3)[top], HEIGHTS[top])
    assert similarity(whole, half) > 0.9
    assert similarity(half, head) == 0.5  # nothing to compare


def test_gallery_keeps_front_and_back():
    front, back = describe(person(*RED_BLUE), HEIGHTS), describe(person(*GREEN_SAND), HEIGHTS)
    gallery = Gallery(GalleryConfig(size=2))
    assert gallery.empty
    assert gallery.similarity(front) == 0.5
    for look in (front, back, front):
        gallery.learn(look)
    assert min(gallery.similarity(front), gallery.similarity(back)) > 0.99
    gallery.learn(np.zeros(SIZE, np.float32))
    assert min(gallery.similarity(front), gallery.similarity(back)) > 0.99
