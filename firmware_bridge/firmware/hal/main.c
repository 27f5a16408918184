/* The loop: bytes in, a control step when one is due, sleep until the next interrupt. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "board.h"
#include "clock.h"
#include "core.h"
#include "serial.h"

#define SUPPLY_DIVIDER 3 /* 20 k over 10 k */
#define BYTES_AT_ONCE 64 /* then the control step has its turn, however fast bytes come */

static core_t core;

/* The watchdog that reset the board still runs, at its shortest: stop it before anything else. */
static uint8_t reset_flags __attribute__((section(".noinit")));
void note_reset(void) __attribute__((naked, used, section(".init3")));
void note_reset(void) {
  reset_flags = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

bool hal_send(const uint8_t *frame, uint8_t length) { return serial_send(frame, length); }

/* Returns whether there may be more. */
static bool receive(void) {
  uint8_t byte = 0, taken = 0;
  while (taken < BYTES_AT_ONCE && serial_take(&byte)) {
    core_receive(&core, byte, clock_us());
    taken++;
  }
  core.lost_bytes = (uint16_t)(core.lost_bytes + serial_lost());
  return taken == BYTES_AT_ONCE;
}

static void step(void) {
  uint32_t begun = clock_us();
  inputs_t inputs = {.estop_open = board_estop_open(), .supply_mv = (uint16_t)(analog_mv(JOINTS) * SUPPLY_DIVIDER)};
  for (uint8_t i = 0; i < JOINTS; i++) inputs.feedback_mv[i] = analog_mv(i);
  core_step(&core, begun, &inputs);
  uint16_t pulses[JOINTS];
  for (uint8_t i = 0; i < JOINTS; i++) pulses[i] = control_pulse(&core.control, i);
  board_pulses(pulses);
  board_lamp(control_powered(&core.control));
  uint32_t took = clock_us() - begun;
  if (took > core.loop_us) core.loop_us = (uint16_t)took;
  wdt_reset();
}

int main(void) {
  board_init();
  serial_init();
  clock_init();
  core_init(&core, BOARD, (uint16_t)((reset_flags & _BV(BORF) ? FAULT_BROWN_OUT : 0) |
                                     (reset_flags & _BV(WDRF) ? FAULT_WATCHDOG : 0)));
  wdt_enable(WDTO_120MS);
  SMCR = 0; /* idle: timers and UART go on */
  sei();
  for (;;) {
    bool more = receive();
    if (clock_step_due()) step();
    if (!more) sleep_mode(); /* what comes just before waits a millisecond at most: timer 0 wakes the board again */
  }
}
