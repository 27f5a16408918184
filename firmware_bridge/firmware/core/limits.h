/* Every limit and timeout of the firmware, one per line with its unit. The host may ask for less, never for more.
 * tools/mutate_firmware.py changes each of them in turn and expects the tests to notice. */
#pragma once

#ifdef ROVER
#include "wheels.h"
#else
/* Joints of the tabletop: positions 0.1 mrad, rates 1 mrad/s. firmware_bridge/joints.py says the same; a test compares. */
#define JOINT0_MIN (-27925)
#define JOINT0_MAX 27925
#define JOINT0_RATE 2500
#define JOINT1_MIN (-6000)
#define JOINT1_MAX 9000
#define JOINT1_RATE 1500
#define JOINT2_MIN (-8000)
#define JOINT2_MAX 8000
#define JOINT2_RATE 3000
#define JOINT3_MIN (-6000)
#define JOINT3_MAX 6000
#define JOINT3_RATE 3000

/* Command watchdog, ms: without a setpoint joints hold where they are. */
#define HOLD_AFTER_MS 200
#endif

/* Pulses, us: what hobby servos take without running into their stops. */
#define PULSE_MIN_US 500
#define PULSE_MAX_US 2500
#define US_PER_RAD_MAX 2000

#define RELAX_AFTER_MS 2000  /* ms, counted from the hold */

/* Setpoints, ms, against the board's clock. */
#define TOO_OLD_MS 100
#define TOO_FAR_MS 80

/* Soft start. */
#define SOFT_START_MS 800
#define SOFT_START_RATE 300  /* mrad/s */

/* Faults. */
#define ESTOP_MS 10  /* an open circuit shorter than this is noise */
#define SUPPLY_MIN_MV 4800
#define SUPPLY_MS 50
#define STUCK_ERROR 2000  /* 0.1 mrad between pulses and feedback */
#define STUCK_MS 500
#define FEEDBACK_MIN_MV 100
#define FEEDBACK_MAX_MV 4900
#define FEEDBACK_MS 100
#define OVERRUN_MS 15  /* between two control steps */
