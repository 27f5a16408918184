"""A log file that always ends well: when a write fails, it is cut back to its last whole chunk and closed properly.

Writes go straight to the operating system (the MCAP writer collects whole chunks itself), so an error is raised by
the write that met it. An MCAP file may end without an index: readers then go through it from the front.
"""

from __future__ import annotations

from pathlib import Path

from mcap.data_stream import RecordBuilder
from mcap.records import DataEnd, Footer
from mcap.writer import MCAP0_MAGIC


class LogFile:
    """The part of a file object that the MCAP writer needs, with a mark to cut back to."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb", buffering=0)
        self._size = 0
        self._mark = 0

    def write(self, data: bytes) -> int:
        """Write all of `data`. Raises OSError when the disk is full or the file may not grow."""
        view = memoryview(data)
        while view:
            written = self._raw.write(view)
            self._size += written
            view = view[written:]
        return len(data)

    def tell(self) -> int:
        """Return the number of bytes written."""
        return self._size

    def flush(self) -> None:
        """Nothing is held back."""

    def mark(self) -> None:
        """Note that everything written so far is whole."""
        self._mark = self._size

    def cut(self) -> None:
        """Drop what came after the mark and end the file there, without an index. Raises OSError."""
        self._raw.truncate(self._mark)
        self._raw.seek(self._mark)
        self._size = self._mark
        if self._mark == 0:  # not even the head was written: nothing to end
            return
        end = RecordBuilder()
        DataEnd(data_section_crc=0).write(end)
        Footer(summary_start=0, summary_offset_start=0, summary_crc=0).write(end)
        self.write(end.end() + MCAP0_MAGIC)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Close the file. Raises OSError."""
        self._raw.close()
