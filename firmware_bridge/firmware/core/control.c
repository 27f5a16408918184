#include "control.h"

#include "limits.h"
#include "steps.h"

#define US_PER_MS ((int32_t)1000)

void control_init(control_t *control, uint16_t reset_faults) {
  *control = (control_t){.faults = reset_faults, .state = reset_faults ? STATE_FAULTED : STATE_RELAXED};
  for (uint8_t i = 0; i < JOINTS; i++) joint_init(&control->joints[i], i);
}

bool control_powered(const control_t *control) {
  return control->state == STATE_STARTING || control->state == STATE_RUNNING || control->state == STATE_HOLDING;
}

uint16_t control_pulse(const control_t *control, uint8_t joint) {
  return control_powered(control) ? joint_pulse(&control->joints[joint]) : 0;
}

static void hold(control_t *control) {
  control->state = STATE_HOLDING;
  control->silent_steps = 0;
  control->queued = 0;
  for (uint8_t i = 0; i < JOINTS; i++) joint_hold(&control->joints[i]);
}

static void relax(control_t *control) {
  control->state = control->faults ? STATE_FAULTED : STATE_RELAXED;
  control->granted = false;
  control->queued = 0;
}

static void latch(control_t *control, uint16_t fault) {
  control->faults |= fault;
  relax(control);
}

void control_new_session(control_t *control) {
  control->granted = false;
  if (control->state == STATE_STARTING || control->state == STATE_RUNNING) hold(control);
  control->queued = 0;
}

uint8_t control_enable(control_t *control, bool on) {
  if (!on) {
    relax(control);
    return STATUS_OK;
  }
  if (control->faults || control->causes) return STATUS_REFUSED;
  if (!control_powered(control))
    for (uint8_t i = 0; i < JOINTS; i++) joint_start(&control->joints[i]);
  if (!control_powered(control) || control->state == STATE_HOLDING) {
    control->state = STATE_STARTING;
    control->start_steps = 0;
    control->silent_steps = 0;
  }
  control->granted = true;
  return STATUS_OK;
}

uint8_t control_clear(control_t *control, uint16_t faults) {
  control->faults &= (uint16_t)~(faults & ~control->causes);
  if (!control->faults) control->stuck_joints = 0;
  if (control->state == STATE_FAULTED) relax(control);
  return (faults & control->causes) ? STATUS_REFUSED : STATUS_OK;
}

uint8_t control_calibrate(control_t *control, const calibrate_t *wanted) {
  if (wanted->joint >= JOINTS) return STATUS_BAD_VALUE;
  if (control_powered(control)) return STATUS_REFUSED;
  return joint_calibrate(&control->joints[wanted->joint], wanted) ? STATUS_OK : STATUS_BAD_VALUE;
}

uint8_t control_setpoint(control_t *control, const setpoint_t *setpoint, uint32_t now_us) {
  int32_t ahead = (int32_t)(setpoint->apply_us - now_us);
  if (!control->granted || !control_powered(control)) return STATUS_NOT_ENABLED;
  if (ahead < -TOO_OLD_MS * US_PER_MS) return STATUS_TOO_OLD;
  if (ahead > TOO_FAR_MS * US_PER_MS || control->queued == QUEUE) return STATUS_TOO_FAR;
  control->queue[control->queued++] = *setpoint;
  control->silent_steps = 0;
  if (control->state == STATE_HOLDING) control->state = STATE_RUNNING;
  for (uint8_t i = 0; i < JOINTS; i++) {
    const calibrate_t *calibration = &control->joints[i].calibration;
    int16_t position = setpoint->position[i];
    if (position < calibration->range_min || position > calibration->range_max) return STATUS_CLAMPED;
  }
  return STATUS_OK;
}

/* Aims at the newest setpoint that is due and drops those before it. */
static void take_due(control_t *control, uint32_t now_us) {
  uint8_t due = 0;
  while (due < control->queued && (int32_t)(now_us - control->queue[due].apply_us) >= 0) due++;
  if (due == 0) return;
  for (uint8_t i = 0; i < JOINTS; i++) joint_aim(&control->joints[i], control->queue[due - 1].position[i]);
  for (uint8_t i = due; i < control->queued; i++) control->queue[i - due] = control->queue[i];
  control->queued = (uint8_t)(control->queued - due);
}

/* Counts the steps for which something has been so, without wrapping. */
static uint16_t lasting(uint16_t steps, bool is_so) {
  if (!is_so) return 0;
  return steps < UINT16_MAX ? (uint16_t)(steps + 1) : steps;
}

static bool feedback_broken(joint_t *joint, uint16_t feedback_mv) {
  bool outside = feedback_mv < FEEDBACK_MIN_MV || feedback_mv > FEEDBACK_MAX_MV;
  joint->feedback_steps = lasting(joint->feedback_steps, outside && joint->measured != UNKNOWN_POSITION);
  return joint->feedback_steps >= STEPS(FEEDBACK_MS);
}

static bool joint_stuck(joint_t *joint, bool powered) {
  int32_t error = (int32_t)joint_position(joint) - joint->measured;
  bool away = error > STUCK_ERROR || error < -STUCK_ERROR;
  joint->stuck_steps = lasting(joint->stuck_steps, powered && joint->measured != UNKNOWN_POSITION && away);
  return joint->stuck_steps >= STEPS(STUCK_MS);
}

static uint16_t sense(control_t *control, const inputs_t *inputs) {
  uint16_t causes = 0;
  bool powered = control_powered(control);
  control->supply_mv = inputs->supply_mv;
  control->estop_steps = lasting(control->estop_steps, inputs->estop_open);
  control->supply_steps = lasting(control->supply_steps, inputs->supply_mv < SUPPLY_MIN_MV);
  if (control->estop_steps >= STEPS(ESTOP_MS)) causes |= FAULT_ESTOP;
  if (control->supply_steps >= STEPS(SUPPLY_MS)) causes |= FAULT_SUPPLY;
  for (uint8_t i = 0; i < JOINTS; i++) {
    joint_t *joint = &control->joints[i];
    joint_measure(joint, inputs->feedback_mv[i]);
    if (feedback_broken(joint, inputs->feedback_mv[i])) causes |= FAULT_FEEDBACK;
    if (joint_stuck(joint, powered)) {
      causes |= FAULT_STUCK;
      control->stuck_joints = (uint8_t)(control->stuck_joints | 1U << i);
    }
  }
  return causes;
}

/* The command watchdog: hold, then relax. */
static void watch(control_t *control) {
  control->silent_steps = lasting(control->silent_steps, true);
  if (control->state == STATE_HOLDING) {
    if (control->silent_steps >= STEPS(RELAX_AFTER_MS)) latch(control, FAULT_LINK_LOST);
  } else if (control->silent_steps >= STEPS(HOLD_AFTER_MS)) {
    hold(control);
  }
}

static void move(control_t *control) {
  uint16_t rate = UINT16_MAX;
  if (control->state == STATE_STARTING) {
    rate = SOFT_START_RATE;
    if (++control->start_steps >= STEPS(SOFT_START_MS)) control->state = STATE_RUNNING;
  }
  for (uint8_t i = 0; i < JOINTS; i++) {
    if (control->state == STATE_HOLDING)
      joint_rest(&control->joints[i], &joint_limits[i]);
    else
      joint_move(&control->joints[i], &joint_limits[i], rate);
  }
}

void control_step(control_t *control, uint32_t now_us, const inputs_t *inputs) {
  control->causes = sense(control, inputs);
  if (control->stepped && now_us - control->stepped_us > (uint32_t)(OVERRUN_MS * US_PER_MS) && control_powered(control))
    latch(control, FAULT_OVERRUN);
  control->stepped_us = now_us;
  control->stepped = true;
  if (control->causes & FAULT_ESTOP) latch(control, FAULT_ESTOP);
  if (control->causes && control_powered(control)) latch(control, control->causes);
  if (!control_powered(control)) return;
  watch(control);
  if (!control_powered(control)) return;
  take_due(control, now_us);
  move(control);
}
