"""The one type that the DDS peer of the bus bench sends. By itself: cyclonedds reads annotations as objects."""

from dataclasses import dataclass

from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import sequence, uint8


@dataclass
class Blob(IdlStruct, typename="Blob"):  # type: ignore[misc, call-arg]  # cyclonedds is optional
    """Some bytes."""

    data: sequence[uint8]
