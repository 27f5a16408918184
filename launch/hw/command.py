"""The command that starts a run on hardware as it was started."""

from __future__ import annotations

from launch.spec import RunSpec


def hw_command(spec: RunSpec) -> str:
    """Return the command line."""
    devices = spec.devices
    parts = [f"launch hw {spec.profile.removeprefix('hw_')} --port {devices.port}"]
    parts += [f"--camera {devices.camera}"] if devices.camera else []
    parts += [f"--calibration {devices.calibration}"] if devices.calibration else []
    parts += ["--clear-faults"] if devices.clear_faults else []
    parts += ["--no-listen"] if spec.profile == "hw_tabletop" and not devices.listens else []
    parts += [f"--duration {spec.duration_s:g}", *(f"--set {override}" for override in spec.overrides)]
    return " ".join(parts)
