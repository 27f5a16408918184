#include "clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "steps.h"

#define REFERENCE_MV 5000UL
#define US_PER_COUNT 4U /* clock / 64 at 16 MHz */
#define MS_PER_STEP (STEP_US / 1000UL)

static volatile uint32_t milliseconds;
static volatile uint8_t steps_due, in_step;
static volatile uint16_t analog[ANALOG_INPUTS];
static uint8_t input;

void clock_init(void) {
  TCCR0A = _BV(WGM01);
  TCCR0B = _BV(CS01) | _BV(CS00);
  OCR0A = 249; /* 1 ms */
  TIMSK0 = _BV(OCIE0A);
  ACSR = _BV(ACD); /* the analogue comparator is not used */
  ADMUX = _BV(REFS0);
  ADCSRA = _BV(ADEN) | _BV(ADSC) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
}

static inline void next_conversion(void) {
  if (ADCSRA & _BV(ADSC)) return;
  analog[input] = ADC;
  if (++input == ANALOG_INPUTS) input = 0;
  ADMUX = (uint8_t)(_BV(REFS0) | input);
  ADCSRA |= _BV(ADSC);
}

ISR(TIMER0_COMPA_vect) {
  milliseconds++;
  if (++in_step == MS_PER_STEP) {
    in_step = 0;
    steps_due++;
  }
  next_conversion();
}

uint32_t clock_us(void) {
  uint32_t whole = 0;
  uint8_t count = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    whole = milliseconds;
    count = TCNT0;
    if ((TIFR0 & _BV(OCF0A)) && count < 125) whole++; /* the millisecond ended, its interrupt waits */
  }
  return whole * 1000UL + count * US_PER_COUNT;
}

bool clock_step_due(void) {
  bool due = false;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    due = steps_due != 0;
    if (due) steps_due--;
  }
  return due;
}

uint16_t analog_mv(uint8_t from) {
  uint16_t counts = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) counts = analog[from];
  return (uint16_t)(counts * REFERENCE_MV / 1024UL);
}
