/* What differs between the boards: pins, timers and the servo channels. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

extern const uint8_t BOARD;

void board_init(void);

/* Takes the pulse of every channel, half us, 0 = none. Called every control step; never cuts a pulse short. */
void board_pulses(const uint16_t *half_us);

bool board_estop_open(void);
void board_lamp(bool on);
