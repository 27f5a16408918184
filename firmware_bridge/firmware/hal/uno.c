/* Arduino Uno (ATmega328P). Servos: D9 and D10 by timer 1, D11 and D3 by timer 2.
 * E-stop: D2 to ground, normally closed. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "board.h"
#include "edges16.h"
#include "edges8.h"

const uint8_t BOARD = BOARD_UNO;

UNIT16(1, A)
UNIT16(1, B)
UNIT8(2, A, PORTB, PB3)
UNIT8(2, B, PORTD, PD3)

void board_init(void) {
  DDRB |= _BV(PB1) | _BV(PB2) | _BV(PB3) | _BV(PB5);
  DDRD |= _BV(PD3);
  PORTD |= _BV(PD2);
  START16(1);
  OCR2A = begin_way(&channel2A, PERIOD8);
  OCR2B = begin_way(&channel2B, PERIOD8 + PERIOD8 / 4);
  TCCR2B = _BV(CS21) | _BV(CS20); /* clock / 32 */
  TIMSK2 = _BV(OCIE2A) | _BV(OCIE2B);
}

void board_pulses(const uint16_t *half_us) {
  want1A(half_us[0]);
  want1B(half_us[1]);
  want2A(half_us[2]);
  want2B(half_us[3]);
}

bool board_estop_open(void) { return PIND & _BV(PD2); }

void board_lamp(bool on) {
  if (on)
    PORTB |= _BV(PB5);
  else
    PORTB &= (uint8_t)~_BV(PB5);
}
