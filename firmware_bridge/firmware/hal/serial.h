/* UART 0 with interrupts and two rings; nothing here waits. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

void serial_init(void);

/* Takes the next byte that came; false where there is none. */
bool serial_take(uint8_t *byte);

/* Returns, and forgets, how many bytes were lost because the ring was full or the line faster than the interrupt. */
uint16_t serial_lost(void);

/* Takes all of a frame or nothing. */
bool serial_send(const uint8_t *bytes, uint8_t length);
