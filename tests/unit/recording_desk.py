"""What a display on a desk would say, made up, for the logs of `recording_nodes.py`."""

from __future__ import annotations

from robot import messages as m
from robot import topics
from robot.node import Outbox

POSE = (0.1, 0.2, -0.1, 0.0)


def say_desk(out: Outbox, now_ns: int) -> None:
    """Put one message on every topic of the display and its servos."""
    face = m.FaceView(
        id=1, bbox=(200.0, 90.0, 60.0, 80.0), azimuth=0.1, elevation=0.0, distance_m=0.8,
        yaw=0.1, pitch=0.2, roll=0.0, mouth=0.1, score=0.9,
    )  # fmt: skip
    for topic in (topics.FACES, topics.CALL_FACES, topics.DISPLAY_FACES):
        out.put(topic, m.Faces(stamp_ns=now_ns, faces=(face,), lock="locked", locked_id=1, gesture="nod"))
    out.put(topics.FACE_REQUEST, m.FaceRequest(mode="point", x=240.0, y=120.0))
    for joints in (topics.JOINTS_WANTED, topics.JOINT_SETPOINTS):
        out.put(joints, m.JointSetpoints(stamp_ns=now_ns, positions=POSE))
    out.put(topics.JOINT_STATES, m.JointStates(stamp_ns=now_ns, commanded=POSE, measured=POSE))
    state = m.ArmState(stamp_ns=now_ns, mode="mimicking", mimic_pitch=0.1, mimic_roll=0.0, zmp=0.3, held_back=False)
    out.put(topics.ARM_STATE, state)
    out.put(topics.ARM_TASK, m.ArmTask(stamp_ns=now_ns, number=1, look="direction", azimuth=0.4, gesture="nod"))
    out.put(topics.ARM_PROGRESS, m.ArmProgress(stamp_ns=now_ns, task=1, done=False, gesturing=True))
    out.put(topics.JOINT_SAFETY, m.JointSafetyState(stamp_ns=now_ns, state="limited", reasons=("over limit",)))
    out.put(topics.DEVICE_REQUEST, m.DeviceRequest(stamp_ns=now_ns, action="enable"))
    health = m.DeviceHealth(
        stamp_ns=now_ns, state="running", faults=(), joints_at_fault=(), supply_v=6.0, temperatures_c=(31.0,),
        loop_s=0.01, round_trip_s=0.002, sent=100, lost_to_device=1, lost_from_device=0, refused=0, reconnects=0,
    )  # fmt: skip
    out.put(topics.DEVICE_HEALTH, health)
    out.put(topics.SERVO_PULSES, m.ServoPulses(stamp_ns=now_ns, widths_us=(1500.0,) * 4, positions=POSE))
    out.put(topics.SERVO_FEEDBACK, m.ServoFeedback(stamp_ns=now_ns, positions=POSE))
    out.put(topics.WHEEL_SPEEDS, m.WheelSpeeds(stamp_ns=now_ns, left=1.5, right=-1.5))
    say_words(out, now_ns)
    for operator in (topics.OPERATOR, topics.DISPLAY_OPERATOR):
        out.put(operator, m.OperatorRequest(stamp_ns=now_ns, action="lock", id=1))
    head = m.HeadTruth(
        name="anna", x=0.8, y=0.1, z=1.2, yaw=0.1, pitch=0.2, roll=0.0, mouth=0.1, in_view=True, doing="nod"
    )
    truth = m.TabletopTruth(
        stamp_ns=now_ns, joints=POSE, base_tilt=0.0, base_slip_m=0.0, fallen=False, target_error=0.01, people=(head,)
    )
    for truths in (topics.TRUTH_TABLETOP, topics.TRUTH_DISPLAY):
        out.put(truths, truth)


def say_words(out: Outbox, now_ns: int) -> None:
    """Put a command on its topic, and what became of it."""
    step = m.CommandStep(action="go_to", slots=(("place", "kitchen"),))
    for words in (topics.COMMAND_TEXT, topics.HEARD):
        out.put(words, m.CommandText(stamp_ns=now_ns, text="go to the kitchen"))
    for command in (topics.COMMAND, topics.ROVER_COMMAND, topics.DISPLAY_COMMAND):
        out.put(command, m.Command(stamp_ns=now_ns, text="go to the kitchen", steps=(step,), confidence=0.9))
    for reply in (topics.REPLY, topics.DISPLAY_REPLY):
        out.put(reply, m.Reply(stamp_ns=now_ns, text="I am in the kitchen", kind="done"))
    for state in (topics.BEHAVIOUR, topics.DISPLAY_BEHAVIOUR):
        out.put(state, m.BehaviourState(stamp_ns=now_ns, state="working", program=("go to kitchen",)))
