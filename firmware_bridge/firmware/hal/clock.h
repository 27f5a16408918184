/* Timer 0: the board's clock, the pace of the control loop, and one analogue conversion a millisecond. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

#define ANALOG_INPUTS (JOINTS + 1) /* feedback of each joint, then the supply through 20 k and 10 k */

void clock_init(void);
uint32_t clock_us(void);

/* True once per control step. */
bool clock_step_due(void);

uint16_t analog_mv(uint8_t input); /* at the pin */
