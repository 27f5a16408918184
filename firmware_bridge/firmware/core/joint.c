#include "joint.h"

#include "limits.h"
#include "steps.h"

#define SHIFT 8 /* commanded positions have 8 binary places, so that slow rates do not round to nothing */
#define ONE ((int32_t)1 << SHIFT)
#define UNITS_PER_RAD ((int32_t)10000)
#define UNITS_PER_MRAD ((int32_t)10)
#define HALF_US ((int32_t)2) /* per us */

#ifdef ROVER
const joint_limits_t joint_limits[JOINTS] = {
    {-WHEEL_SPEED_MAX, WHEEL_SPEED_MAX, WHEEL_RATE, WHEEL_BRAKE},
    {-WHEEL_SPEED_MAX, WHEEL_SPEED_MAX, WHEEL_RATE, WHEEL_BRAKE},
};

/* The right motor is mounted the other way round. */
static const int16_t US_PER_RAD[JOINTS] = {WHEEL_US_PER_10_RAD_S, -WHEEL_US_PER_10_RAD_S};
static const int16_t FEEDBACK_MV_PER_RAD[JOINTS] = {0};
#else
const joint_limits_t joint_limits[JOINTS] = {
    {JOINT0_MIN, JOINT0_MAX, JOINT0_RATE, 0},
    {JOINT1_MIN, JOINT1_MAX, JOINT1_RATE, 0},
    {JOINT2_MIN, JOINT2_MAX, JOINT2_RATE, 0},
    {JOINT3_MIN, JOINT3_MAX, JOINT3_RATE, 0},
};

/* What holds until the host sends a calibration: centre 1500 us, 350 us/rad for the geared yaw and 637 for the others,
 * and the feedback that such servos bring out at 5 V. */
static const int16_t US_PER_RAD[JOINTS] = {350, 637, 637, 637};
static const int16_t FEEDBACK_MV_PER_RAD[JOINTS] = {700, 1200, 1200, 1200};
#endif

static int32_t clamp(int32_t value, int32_t low, int32_t high) {
  return value < low ? low : value > high ? high : value;
}

void joint_init(joint_t *joint, uint8_t index) {
  *joint = (joint_t){.measured = UNKNOWN_POSITION,
                     .calibration = {.joint = index,
                                     .centre_us = 1500,
                                     .us_per_rad = US_PER_RAD[index],
                                     .range_min = joint_limits[index].min,
                                     .range_max = joint_limits[index].max,
                                     .feedback_centre_mv = 2500,
                                     .feedback_mv_per_rad = FEEDBACK_MV_PER_RAD[index]}};
}

static int32_t pulse_half_us(const calibrate_t *calibration, int32_t position) {
  return HALF_US * calibration->centre_us + HALF_US * calibration->us_per_rad * position / UNITS_PER_RAD;
}

static bool pulse_fits(const calibrate_t *calibration, int16_t position) {
  int32_t pulse = pulse_half_us(calibration, position);
  return pulse >= HALF_US * PULSE_MIN_US && pulse <= HALF_US * PULSE_MAX_US;
}

bool joint_calibrate(joint_t *joint, const calibrate_t *wanted) {
  const joint_limits_t *limits = &joint_limits[wanted->joint];
  if (wanted->range_min >= wanted->range_max || wanted->range_min < limits->min || wanted->range_max > limits->max)
    return false;
  if (wanted->us_per_rad == 0 || wanted->us_per_rad > US_PER_RAD_MAX || wanted->us_per_rad < -US_PER_RAD_MAX)
    return false;
  if (!pulse_fits(wanted, wanted->range_min) || !pulse_fits(wanted, wanted->range_max)) return false;
  joint->calibration = *wanted;
  joint->target = (int16_t)clamp(joint->target, wanted->range_min, wanted->range_max);
  return true;
}

bool joint_aim(joint_t *joint, int16_t position) {
  joint->target = (int16_t)clamp(position, joint->calibration.range_min, joint->calibration.range_max);
  return joint->target != position;
}

static bool is_wheel(const joint_t *joint) { return joint_limits[joint->calibration.joint].brake; }

void joint_hold(joint_t *joint) { joint->target = is_wheel(joint) ? 0 : joint_position(joint); }

void joint_start(joint_t *joint) {
  if (joint->measured != UNKNOWN_POSITION) joint->commanded = (int32_t)joint->measured * ONE;
  if (is_wheel(joint)) joint->commanded = 0;
  joint->stuck_steps = joint->feedback_steps = 0;
  joint_hold(joint);
}

static void approach(joint_t *joint, uint16_t rate) {
  int32_t step = (int32_t)rate * UNITS_PER_MRAD * ONE / STEPS_PER_S;
  int32_t way = (int32_t)joint->target * ONE - joint->commanded;
  joint->commanded += clamp(way, -step, step);
}

void joint_move(joint_t *joint, const joint_limits_t *limits, uint16_t rate) {
  approach(joint, rate > limits->rate ? limits->rate : rate);
}

void joint_rest(joint_t *joint, const joint_limits_t *limits) { approach(joint, limits->brake); }

void joint_measure(joint_t *joint, uint16_t feedback_mv) {
  const calibrate_t *calibration = &joint->calibration;
  if (calibration->feedback_mv_per_rad == 0) {
    joint->measured = UNKNOWN_POSITION;
    return;
  }
  int32_t millivolts = (int32_t)feedback_mv - calibration->feedback_centre_mv;
  joint->measured = (int16_t)clamp(millivolts * UNITS_PER_RAD / calibration->feedback_mv_per_rad, -INT16_MAX, INT16_MAX);
}

int16_t joint_position(const joint_t *joint) { return (int16_t)(joint->commanded / ONE); }

uint16_t joint_pulse(const joint_t *joint) {
  int32_t pulse = pulse_half_us(&joint->calibration, joint_position(joint));
  return (uint16_t)clamp(pulse, HALF_US * PULSE_MIN_US, HALF_US * PULSE_MAX_US);
}
