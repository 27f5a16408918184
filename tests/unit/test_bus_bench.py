"""The bus bench by itself: cells really measure, failures are told, and bars are judged by their rule."""

from __future__ import annotations

import pytest

from launch.bench import bus
from launch.bench.bus_trial import trial


@pytest.mark.parametrize("name", ["housemate", "pyzmq"])
def test_a_cell_measures(name: str) -> None:
    latency = trial(name, "10 kB", "latency", 0.1)
    assert latency["lost"] == 0
    assert len(latency["us"]) >= 20
    assert min(latency["us"]) > 0
    throughput = trial(name, "image", "throughput", 0.1)
    assert throughput["lost"] == 0
    assert throughput["mb_s"] > 0


def test_rows_are_medians_and_tell_what_failed() -> None:
    row = bus._row("pyzmq", "100 B", "latency", [{"us": [1.0, 2.0, 9.0], "lost": 1}, {"error": "gone"}])
    assert (row["p50_us"], row["lost"], row["rounds"], row["error"]) == (2.0, 1, 1, None)
    row = bus._row("lcm", "image", "throughput", [{"error": "gone"}])
    assert row["error"] == "gone"
    assert "mb_s" not in row


def test_bars_follow_their_rule() -> None:
    def cell(peer: str, payload: str, measure: str, **figures: float) -> dict[str, object]:
        return {"peer": peer, "payload": payload, "measure": measure, **figures}

    rows = [
        cell("housemate", "100 B", "latency", p50_us=15.1),
        cell("pyzmq", "100 B", "latency", p50_us=10.0),
        cell("housemate", "image", "throughput", mb_s=95.0),
        cell("pyzmq", "image", "throughput", mb_s=100.0),
        cell("pyzmq", "10 kB", "latency", p50_us=10.0),
    ]
    bars = {bar["metric"]: (round(bar["reached"], 2), bar["held"]) for bar in bus._bars(rows)}
    assert bars == {
        "latency 100 B, ours / pyzmq": (1.51, False),
        "throughput image, ours / pyzmq": (0.95, True),
    }


def test_missing_peers_are_named_with_what_installs_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bus, "CELLS", (("100 B", "latency"),))
    monkeypatch.setitem(bus.MODULES, "zenoh", "zenoh_that_is_not_there")
    summary = bus.run(rounds=1, seconds=0.05, peers=("housemate", "zenoh"))
    assert summary["missing"] == ["zenoh"]
    assert [row["peer"] for row in summary["rows"]] == ["housemate"]
    assert "not installed, so not measured: zenoh. Try: pip install 'housemate[bench]'" in capsys.readouterr().out
