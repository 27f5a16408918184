"""Logs that end too early: a full disk while recording, a file that may not grow, a log cut at any byte."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from pathlib import Path

import pytest
from mcap.reader import make_reader
from recording_nodes import MadeUpConfig, play

from robot.recording.log_hash import LogHash
from robot.recording.output import LogFile
from robot.recording.reader import LogReader, hash_of_log
from robot.recording.recorder import Recorder

CONFIG = MadeUpConfig()
SECONDS = 6.0


class FullDisk:
    """Stands in for a raw file on a disk with `room` bytes left."""

    def __init__(self, file: io.FileIO, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: memoryview) -> int:
        fits = min(len(data), self._room - self._file.tell())
        if fits <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data[:fits])

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "log.mcap"
    recorder = Recorder(path, {"profile": "made_up"})
    play([recorder], SECONDS, CONFIG)
    recorder.close()
    return path


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_full_disk_ends_the_recording_and_not_the_run(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    room = int(share * whole.stat().st_size) + 5
    opened = LogFile.__init__

    def on_full_disk(self: LogFile, path: Path) -> None:
        opened(self, path)
        self._raw = FullDisk(self._raw, room)  # type: ignore[assignment]

    monkeypatch.setattr(LogFile, "__init__", on_full_disk)
    path, alone = tmp_path / "log.mcap", LogHash()
    recorder = Recorder(path, {"profile": "made_up"})
    play([recorder, alone], SECONDS, CONFIG)
    recorded = recorder.close()
    assert not recorder.recording
    assert [event.kind for event in recorded.events] == ["warning"]
    assert "No space left on device" in recorded.events[0].text
    assert recorded.log_sha256 == alone.hexdigest() == hash_of_log(whole)
    kept = list(LogReader(path).parts())
    assert kept == list(LogReader(whole).parts())[: len(kept)]
    assert (len(kept) > 100) == (share > 0)


def test_a_log_cut_short_by_the_disk_still_ends_properly(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_full_disk_ends_the_recording_and_not_the_run(whole, tmp_path, monkeypatch, 0.6)
    path = tmp_path / "log.mcap"
    reader = LogReader(path)
    kept = len(list(reader.parts()))
    assert reader.damage is None
    with path.open("rb") as file:  # the library's own reader takes it for a whole file without an index
        messages = sum(channel.message_encoding == "housemate" for _, channel, _ in make_reader(file).iter_messages())
    assert messages == kept


LIMITED = """
import resource, sys
from pathlib import Path
sys.path[:0] = [{root!r}, {here!r}]
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from recording_nodes import MadeUpConfig, play
from robot.recording.recorder import Recorder
recorder = Recorder(Path({path!r}), {{}})
play([recorder], {seconds}, MadeUpConfig())
recorder.close()
print(recorder.log_sha256, len(recorder.events), recorder.events[0].t_ns > 0)
"""


def test_a_real_limit_of_the_system_is_survived(whole: Path, tmp_path: Path) -> None:
    path, here = tmp_path / "log.mcap", Path(__file__).parent
    limit = whole.stat().st_size // 2
    code = LIMITED.format(root=str(here.parents[1]), here=str(here), limit=limit, path=str(path), seconds=SECONDS)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert told == [hash_of_log(whole), "1", "True"]
    assert path.stat().st_size <= limit
    assert len(list(LogReader(path).parts())) > 100


def test_a_log_cut_at_any_byte_gives_a_beginning(whole: Path, tmp_path: Path) -> None:
    data, everything = whole.read_bytes(), list(LogReader(whole).parts())
    cuts = [0, 3, 8, 20, 60, *range(1000, len(data), len(data) // 23), len(data) - 200, len(data) - 1]
    counts = []
    for cut in cuts:
        path = tmp_path / "cut.mcap"
        path.write_bytes(data[:cut])
        reader = LogReader(path)
        kept = list(reader.parts())
        assert reader.damage is not None
        assert kept == everything[: len(kept)]
        counts.append(len(kept))
        with pytest.raises(ValueError, match=r"end|whole|magic"):
            hash_of_log(path)
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == len(everything)


def test_flipped_bits_are_noticed(whole: Path, tmp_path: Path) -> None:
    data = bytearray(whole.read_bytes())
    data[len(data) // 2] ^= 0x10
    path = tmp_path / "flipped.mcap"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"crc|decompress"):
        hash_of_log(path)


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.mcap"
    path.write_text("this is not a log at all\n")
    with pytest.raises(ValueError, match="not an MCAP log"):
        LogReader(path)
    with pytest.raises(OSError):  # noqa: PT011  # whatever the system says of a missing file
        LogReader(tmp_path / "missing.mcap")
