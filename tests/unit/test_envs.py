"""The Gymnasium environments: Gymnasium's own checker, equal bytes under a seed, and what actions and rewards mean."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import launch.envs
from launch.envs.navigate import NavigateEnv
from launch.errors import CallError

SMALL = {"Housemate/FollowMe-v0": "studio", "Housemate/Navigate-v0": "studio", "Housemate/Tabletop-v0": "one_caller"}


def made(name: str, **more: Any) -> gymnasium.Env[Any, Any]:
    """Return an environment in the world that is built fastest."""
    return gymnasium.make(name, world=SMALL[name], **more)


def episode(name: str, seed: int, steps: int = 12) -> list[bytes]:
    """Return everything that an episode under seeded random actions gives, step by step."""
    env = made(name)
    env.action_space.seed(seed)
    seen, _ = env.reset(seed=seed)
    given = [b"".join(v.tobytes() for v in seen.values())]
    for _ in range(steps):
        seen, reward, over, cut, _ = env.step(env.action_space.sample())
        given.append(b"".join(v.tobytes() for v in seen.values()) + repr((reward, over, cut)).encode())
        if over:
            break
    env.close()
    return given


@pytest.mark.parametrize("name", launch.envs.EPISODES)
def test_gymnasium_finds_nothing_wrong(name: str) -> None:
    check_env(made(name).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("name", launch.envs.EPISODES)
def test_a_seed_decides_everything(name: str) -> None:
    first = episode(name, 5)
    assert first == episode(name, 5)
    assert first != episode(name, 6)


def test_an_episode_says_which_run_it_is_of() -> None:
    env = made("Housemate/Navigate-v0")
    _, info = env.reset(seed=11)
    assert info == {"seed": 11, "world": "studio"}
    _, drawn = env.reset()
    env.reset(seed=11)
    assert env.reset()[1] == drawn  # what follows a seed is decided by it too
    assert env.reset(seed=2, options={"world": "loft"})[1]["world"] == "loft"
    env.close()


def test_actions_move_the_robot_and_the_reward_tells_the_way() -> None:
    env = made("Housemate/Navigate-v0")
    seen, _ = env.reset(seed=3)
    turn = np.sign(np.arctan2(seen["goal"][1], seen["goal"][0]))
    off = abs(np.arctan2(seen["goal"][1], seen["goal"][0]))
    for _ in range(8):
        seen, *_ = env.step(np.array([0.0, 0.5 * turn], np.float32))
    assert abs(np.arctan2(seen["goal"][1], seen["goal"][0])) < off - 0.2
    assert seen["twist"][1] * turn > 0.3
    env.close()


def test_safety_stands_between_an_action_and_the_wall() -> None:
    env = made("Housemate/Navigate-v0")
    seen, _ = env.reset(seed=5)
    for _ in range(80):
        seen, _, over, _, info = env.step(np.array([1.0, 0.0], np.float32))
        assert not over, info
    assert abs(seen["twist"][0]) < 0.05  # it was asked for 1 m/s all the time
    assert seen["scan"].min() < 1.0
    env.close()


def test_following_is_worth_most_in_the_band() -> None:
    env = made("Housemate/FollowMe-v0", render_mode="rgb_array")
    seen, _ = env.reset(seed=0)
    assert seen["person"].shape == (6,)
    rewards = [float(env.step(np.zeros(2, np.float32))[1]) for _ in range(10)]
    assert all(-1.0 <= r <= 1.0 for r in rewards)
    assert env.render().shape == (480, 640, 3)  # type: ignore[union-attr]
    env.close()


def test_a_display_that_turns_away_earns_less() -> None:
    env = made("Housemate/Tabletop-v0")

    def earned(rate: float) -> float:
        env.reset(seed=1)
        return float(sum(float(env.step(np.array([rate, 0, 0, 0], np.float32))[1]) for _ in range(20)))

    assert earned(0.0) > earned(1.0) + 1.0
    env.close()


@pytest.mark.parametrize("action", [np.zeros(3), np.array([np.nan, 0.0])])
def test_an_action_that_is_none_is_refused(action: Any) -> None:
    env = made("Housemate/Navigate-v0").unwrapped
    env.reset(seed=0)
    with pytest.raises(ValueError, match="must be 2 finite numbers"):
        env.step(action)
    env.close()


def test_wrong_calls_are_told_in_one_line() -> None:
    with pytest.raises(CallError, match="render_mode 'ansi': there is rgb_array"):
        NavigateEnv(render_mode="ansi")
    env = gymnasium.make("Housemate/Navigate-v0").unwrapped
    with pytest.raises(RuntimeError, match="reset"):
        env.step(np.zeros(2, np.float32))
