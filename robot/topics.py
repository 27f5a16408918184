"""The topic table: name, type, nominal rate, latest-or-all, log or not. Liveness, recorder and docs derive from it."""

from __future__ import annotations

from typing import Any

from robot import messages as m
from robot.node import Topic

# Sensors: what hardware publishes, and the simulator in its place.
SCAN = Topic("scan", m.Scan, 10, doc="planar lidar")
CAMERA = Topic("camera", m.Image, 10, doc="colour frame of the mast or bezel camera")
DEPTH = Topic("depth", m.DepthImage, 10, doc="depth registered to the colour camera")
DEPTH_FRONT = Topic("depth/front", m.DepthImage, 10, doc="depth of the floor just before the robot")
DEPTH_REAR = Topic("depth/rear", m.DepthImage, 10, doc="depth of the floor behind the robot")
IMU = Topic("imu", m.Imu, 60, keep="all", doc="inertial samples")
WHEELS = Topic("wheels", m.WheelState, 60, doc="wheel encoders")
CONTACTS = Topic("contacts", m.Contacts, 60, doc="bumper and cliff sensors")

# People.
SIGHTINGS = Topic("people/sightings", m.Sightings, 10, keep="all", doc="people found in one frame")
PEOPLE = Topic("people/tracks", m.People, 10, doc="people over time")
LOCK = Topic("people/lock", m.Lock, 10, doc="the one person the robot is locked on to")
LOCK_REQUEST = Topic("people/lock_request", m.LockRequest, 0, keep="all", doc="whom to lock on to")

# Faces before a tabletop display.
FACES = Topic("faces", m.Faces, 30, keep="all", doc="faces in one frame, the lock and gestures")
CALL_FACES = Topic("call/faces", m.Faces, 0, keep="all", doc="faces at the other end of a call")
FACE_REQUEST = Topic("faces/request", m.FaceRequest, 0, keep="all", doc="whom to lock on to")

# Navigation.
ODOM = Topic("odom", m.Odom, 60, doc="pose of base_link in odom")
LOCAL_MAP = Topic("map/local", m.LocalMap, 10, doc="rolling occupancy around the robot")
NAV_GOAL = Topic("nav/goal", m.NavGoal, 10, doc="where to drive")
NAV_PATH = Topic("nav/path", m.Path, 5, doc="the way the planner means to take")
NAV_STATE = Topic("nav/state", m.NavState, 20, doc="how the navigator is doing")
NAV_ROLLOUTS = Topic("nav/rollouts", m.Rollouts, 0, log=False, doc="ways the controller tried, while somebody looks")
NAV_COSTS = Topic("nav/costs", m.Costs, 0, log=False, doc="what it costs to be where, while somebody looks")

# Behaviour.
FOLLOW_STATE = Topic("follow/state", m.FollowState, 10, doc="how the follower is doing")

# To the wheels.
CMD_VEL_WANTED = Topic("cmd_vel/wanted", m.CmdVel, 20, doc="twist asked for")
CMD_VEL = Topic("cmd_vel", m.CmdVel, 60, doc="twist let through by safety")
WHEEL_SPEEDS = Topic("wheels/asked", m.WheelSpeeds, 100, doc="what the board asks of the wheels after its limits")
SAFETY = Topic("safety", m.SafetyState, 60, doc="what safety let through and why")

# To the servos, and back.
JOINTS_WANTED = Topic("joints/wanted", m.JointSetpoints, 120, doc="where the joints are asked to be")
ARM_STATE = Topic("arm/state", m.ArmState, 30, doc="how the display is doing")
ARM_TASK = Topic("arm/task", m.ArmTask, 0, doc="where the display shall look, whom copy, which gesture make")
ARM_PROGRESS = Topic("arm/progress", m.ArmProgress, 0, doc="how far the display is with its task")
JOINT_SAFETY = Topic("joints/safety", m.JointSafetyState, 60, doc="what safety made of the setpoints and why")
JOINT_SETPOINTS = Topic("joints/setpoints", m.JointSetpoints, 100, doc="where the joints shall be, through safety")
JOINT_STATES = Topic("joints/states", m.JointStates, 100, doc="where the joints are")
DEVICE_REQUEST = Topic("device/request", m.DeviceRequest, 0, keep="all", doc="what the operator asks of the servos")
DEVICE_HEALTH = Topic("device/health", m.DeviceHealth, 10, doc="how the servos and the line to them are")

# Between a board in the loop and simulated servos: wires on a desk.
SERVO_PULSES = Topic("servos/pulses", m.ServoPulses, 240, doc="what the board's pins ask of simulated servos")
SERVO_FEEDBACK = Topic("servos/feedback", m.ServoFeedback, 240, doc="where simulated servos stand, for the board")

# A display in the home of a rover: what both bodies' nodes would write goes here for the display's.
DISPLAY_CAMERA = Topic("display/camera", m.Image, 10, doc="colour frame of a display's bezel camera, beside a rover's")
DISPLAY_FACES = Topic("display/faces", m.Faces, 10, keep="all", doc="as faces, of a display beside a rover")
DISPLAY_COMMAND = Topic(
    "display/program", m.Command, 0, keep="all", doc="what is for the display of what was understood"
)
ROVER_COMMAND = Topic("rover/program", m.Command, 0, keep="all", doc="what is for the rover of what was understood")
DISPLAY_OPERATOR = Topic("display/operator", m.OperatorRequest, 0, keep="all", doc="asked of the display alone")
DISPLAY_REPLY = Topic("display/reply", m.Reply, 0, keep="all", doc="what the display says, beside a rover")
DISPLAY_BEHAVIOUR = Topic("display/state", m.BehaviourState, 10, doc="what the display does about its commands")

# From the person at the controls.
OPERATOR = Topic("operator/request", m.OperatorRequest, 0, keep="all", doc="stop, release, and whom to lock on to")

# Words.
COMMAND_TEXT = Topic("command/text", m.CommandText, 0, keep="all", doc="words to the robot")
HEARD = Topic("voice/heard", m.CommandText, 0, keep="all", doc="words said aloud to the robot, as they were recognised")
COMMAND = Topic("command/program", m.Command, 0, keep="all", doc="what they were understood as")
REPLY = Topic("reply/text", m.Reply, 0, keep="all", doc="what the robot says")
BEHAVIOUR = Topic("behaviour/state", m.BehaviourState, 10, doc="what is being done about the commands")
LOG = Topic("log", m.Log, 0, keep="all", doc="lines for people")

# Ground truth: scorers and reports only.
TRUTH_TABLETOP = Topic("truth/tabletop", m.TabletopTruth, 120, keep="all", doc="the simulated display and its people")
TRUTH_DISPLAY = Topic("truth/display", m.TabletopTruth, 20, keep="all", doc="a simulated display in a home")
TRUTH = Topic("truth/world", m.WorldTruth, 20, keep="all", doc="state of the simulated world")

TABLE: dict[str, Topic[Any]] = {t.name: t for t in list(globals().values()) if isinstance(t, Topic)}
