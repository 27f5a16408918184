"""Every message type, one file per subject. Fields say unit, frame, shape and sign in their docstrings."""

from robot.messages.actuation import CmdVel, SafetyState, WheelSpeeds
from robot.messages.arm import ArmProgress, ArmTask
from robot.messages.faces import (
    ArmState,
    FaceRequest,
    Faces,
    FaceView,
    HeadTruth,
    JointSafetyState,
    TabletopTruth,
)
from robot.messages.follow import FollowState
from robot.messages.joints import (
    DeviceHealth,
    DeviceRequest,
    JointSetpoints,
    JointStates,
    ServoFeedback,
    ServoPulses,
)
from robot.messages.navigation import Costs, LocalMap, NavGoal, NavState, Odom, Path, Rollouts
from robot.messages.operator import OperatorRequest
from robot.messages.people import Lock, LockRequest, People, Sighting, Sightings, Track
from robot.messages.sensors import Contacts, DepthImage, Image, Imu, Scan, WheelState
from robot.messages.system import Log
from robot.messages.truth import Contact, PersonTruth, WorldTruth
from robot.messages.voice import BehaviourState, Command, CommandStep, CommandText, Reply

__all__ = [
    "ArmProgress",
    "ArmState",
    "ArmTask",
    "BehaviourState",
    "CmdVel",
    "Command",
    "CommandStep",
    "CommandText",
    "Contact",
    "Contacts",
    "Costs",
    "DepthImage",
    "DeviceHealth",
    "DeviceRequest",
    "FaceRequest",
    "FaceView",
    "Faces",
    "FollowState",
    "HeadTruth",
    "Image",
    "Imu",
    "JointSafetyState",
    "JointSetpoints",
    "JointStates",
    "LocalMap",
    "Lock",
    "LockRequest",
    "Log",
    "NavGoal",
    "NavState",
    "Odom",
    "OperatorRequest",
    "Path",
    "People",
    "PersonTruth",
    "Reply",
    "Rollouts",
    "SafetyState",
    "Scan",
    "ServoFeedback",
    "ServoPulses",
    "Sighting",
    "Sightings",
    "TabletopTruth",
    "Track",
    "WheelSpeeds",
    "WheelState",
    "WorldTruth",
]
