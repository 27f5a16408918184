/* The rover's limits: channels 0 and 1 are the left and the right wheel, and what is a position elsewhere is a speed here,
 * in mrad/s of the wheel. A wheel without setpoints brakes; it never holds its speed. The other channels stay idle. */
#pragma once

#define WHEEL_SPEED_MAX 16750 /* mrad/s: 1 m/s forward and 2 rad/s about, at once, on wheels of 80 mm 340 mm apart */
#define WHEEL_RATE 2725 /* 10 mrad/s per s: 1.5 m/s2 and 4 rad/s2 at once */
#define WHEEL_BRAKE 7500 /* 10 mrad/s per s: 6 m/s2, where the watchdog brakes */
#define WHEEL_US_PER_10_RAD_S 400 /* of a continuous servo or a motor controller that takes pulses, until calibrated */

/* Command watchdog, ms: without a setpoint the wheels brake. */
#define HOLD_AFTER_MS 100
