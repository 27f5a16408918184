/* One joint: its limits, its calibration, and where its pulses say it is. Integers only: there is no NaN.
 * A wheel is a joint whose position is a speed (wheels.h): at rest it is at 0, and holding means braking. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

typedef struct {
  int16_t min, max; /* 0.1 mrad, never exceeded */
  uint16_t rate;    /* mrad/s, never exceeded */
  uint16_t brake;   /* of a wheel, as rate, toward 0 when it holds; 0: a joint, which holds where it is */
} joint_limits_t;

typedef struct {
  int32_t commanded; /* 0.1 mrad << 8 */
  int16_t target;    /* 0.1 mrad, within the calibrated range */
  int16_t measured;  /* 0.1 mrad, or UNKNOWN_POSITION */
  uint16_t stuck_steps, feedback_steps;
  calibrate_t calibration;
} joint_t;

extern const joint_limits_t joint_limits[JOINTS];

void joint_init(joint_t *joint, uint8_t index);

/* Takes a calibration for this joint; false, and nothing changed, where it would let the joint pass a limit. */
bool joint_calibrate(joint_t *joint, const calibrate_t *wanted);

/* Sets the target to the nearest position within the calibrated range; true where that was not the one asked for. */
bool joint_aim(joint_t *joint, int16_t position);

/* Begins where the feedback says the servo is, or where it was last sent. */
void joint_start(joint_t *joint);

/* Moves what is commanded one control step toward the target, at most at `rate` and at the joint's own. */
void joint_move(joint_t *joint, const joint_limits_t *limits, uint16_t rate);

/* One control step of holding: a joint stays where it is, a wheel comes to rest. */
void joint_rest(joint_t *joint, const joint_limits_t *limits);

void joint_hold(joint_t *joint);
void joint_measure(joint_t *joint, uint16_t feedback_mv);
int16_t joint_position(const joint_t *joint); /* 0.1 mrad, as commanded */
uint16_t joint_pulse(const joint_t *joint);   /* half us */
