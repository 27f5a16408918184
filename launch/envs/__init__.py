"""The simulated robots as Gymnasium environments: `import launch.envs`, then `gymnasium.make("Housemate/FollowMe-v0")`.

An environment is a profile whose deciding nodes are replaced by the action; sensing and safety stay as they are, run
in lockstep at the emulated level. Equal seeds and actions give equal observations, to the byte.
"""

from __future__ import annotations

import gymnasium

EPISODES = {  # id: class, steps of an episode
    "Housemate/FollowMe-v0": ("launch.envs.follow:FollowMeEnv", 1200),
    "Housemate/Navigate-v0": ("launch.envs.navigate:NavigateEnv", 1200),
    "Housemate/Tabletop-v0": ("launch.envs.tabletop:TabletopEnv", 900),
}

for _id, (_entry, _steps) in EPISODES.items():
    gymnasium.register(_id, entry_point=_entry, max_episode_steps=_steps)
