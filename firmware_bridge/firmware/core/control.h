/* The control core: states, soft start, command watchdog, latched faults. Portable, no heap, never waits. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "joint.h"

#define QUEUE 8 /* setpoints that wait for their time */

typedef struct {
  bool estop_open;
  uint16_t supply_mv;
  uint16_t feedback_mv[JOINTS];
} inputs_t;

typedef struct {
  joint_t joints[JOINTS];
  setpoint_t queue[QUEUE];
  uint8_t queued;
  uint8_t state;
  bool granted;    /* this session sent Enable */
  uint16_t faults; /* latched */
  uint16_t causes; /* what is wrong right now, latched or not */
  uint8_t stuck_joints;
  uint16_t supply_mv;
  uint16_t estop_steps, supply_steps;
  uint16_t silent_steps; /* since the last accepted setpoint, or since the hold */
  uint16_t start_steps;  /* of soft start */
  uint32_t stepped_us;
  bool stepped;
} control_t;

void control_init(control_t *control, uint16_t reset_faults);

/* One control step, every STEP_US. */
void control_step(control_t *control, uint32_t now_us, const inputs_t *inputs);

/* These return a status of the protocol. */
uint8_t control_enable(control_t *control, bool on);
uint8_t control_clear(control_t *control, uint16_t faults);
uint8_t control_calibrate(control_t *control, const calibrate_t *wanted);
uint8_t control_setpoint(control_t *control, const setpoint_t *setpoint, uint32_t now_us);

/* A new session: joints that moved for the last one hold until the new one sends Enable. */
void control_new_session(control_t *control);

bool control_powered(const control_t *control);
uint16_t control_pulse(const control_t *control, uint8_t joint); /* half us, 0 = no pulses */
