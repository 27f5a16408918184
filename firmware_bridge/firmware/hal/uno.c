/* Arduino Uno (ATmega328P). Servos: D9 and D10 by timer 1, D11 and D3 by timer 2.
 * E-stop: D4 to ground, normally closed. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "board.h"
#include "edges16.h"
#include "edges8.h"

#ifdef ROVER
const uint8_t BOARD = BOARD_UNO_ROVER;
#else
const uint8_t BOARD = BOARD_UNO;
#endif

UNIT16(1, A)
UNIT16(1, B)
UNIT8(2, A, PORTB, PB3)
UNIT8(2, B, PORTD, PD3)

ISR(TIMER2_OVF_vect) {
  static uint8_t a, b = TURNS / 2; /* so that not both servos start at once */
  if (++a == TURNS) a = 0;
  if (++b == TURNS) b = 0;
  turn2A(a);
  turn2B(b);
}

void board_init(void) {
  DDRB |= _BV(PB1) | _BV(PB2) | _BV(PB3) | _BV(PB5);
  DDRD |= _BV(PD3);
  PORTD |= _BV(PD4);
  START16(1);
  TCCR2B = _BV(CS21) | _BV(CS20); /* clock / 32 */
  TIMSK2 = _BV(TOIE2);
}

void board_pulses(const uint16_t *half_us) {
  want1A(half_us[0]);
  want1B(half_us[1]);
  want2A(half_us[2]);
  want2B(half_us[3]);
}

bool board_estop_open(void) { return PIND & _BV(PD4); }

void board_lamp(bool on) {
  if (on)
    PORTB |= _BV(PB5);
  else
    PORTB &= (uint8_t)~_BV(PB5);
}
