/* The control loop's period; timeouts count its steps, so no wrapping clock can fool them. */
#pragma once

#define STEP_US 5000UL
#define STEPS_PER_S 200
#define STEPS(ms) ((ms) / 5)
#define STEPS_PER_TELEMETRY 2 /* 100 Hz */
