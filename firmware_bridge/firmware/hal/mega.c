/* Arduino Mega (ATmega2560). Servos: D11 and D12 by timer 1, D5 and D2 by timer 3.
 * E-stop: D4 to ground, normally closed. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "board.h"
#include "edges16.h"

#ifdef ROVER
const uint8_t BOARD = BOARD_MEGA_ROVER;
#else
const uint8_t BOARD = BOARD_MEGA;
#endif

UNIT16(1, A)
UNIT16(1, B)
UNIT16(3, A)
UNIT16(3, B)

void board_init(void) {
  DDRB |= _BV(PB5) | _BV(PB6) | _BV(PB7);
  DDRE |= _BV(PE3) | _BV(PE4);
  PORTG |= _BV(PG5);
  START16(1);
  START16(3);
}

void board_pulses(const uint16_t *half_us) {
  want1A(half_us[0]);
  want1B(half_us[1]);
  want3A(half_us[2]);
  want3B(half_us[3]);
}

bool board_estop_open(void) { return PING & _BV(PG5); }

void board_lamp(bool on) {
  if (on)
    PORTB |= _BV(PB7);
  else
    PORTB &= (uint8_t)~_BV(PB7);
}
