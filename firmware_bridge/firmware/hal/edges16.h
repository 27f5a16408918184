/* Servo pulses from a free-running 16-bit timer, half a microsecond a count. The compare unit makes each edge at the
 * very count; its interrupt, up to hundreds of microseconds later, says when and what the next edge is. Needs no mode
 * in which a write could cut a pulse short, and works the same on the board and in simavr. */
#pragma once
#include <avr/io.h>
#include <stdbool.h>
#include <stdint.h>

/* Counts, 16.4 ms: half a turn of the timer, so that no edge ever comes near its overflow, where simavr moves pins. */
#define PERIOD 32768U

#define COM_OFF 0 /* pin as its port says: low */
#define COM_CLEAR 2
#define COM_SET 3

typedef struct {
  volatile uint16_t wanted; /* counts, 0 = no pulses */
  uint16_t width;           /* of the pulse that is on its way */
  bool high;
} channel16_t;

/* Takes the match that just was: returns what shall happen at the next, and in how many counts that is. */
static inline uint8_t next_edge(channel16_t *channel, uint16_t *way) {
  if (!channel->high && channel->width) {
    channel->high = true;
    *way = channel->width;
    return COM_CLEAR;
  }
  *way = PERIOD - (channel->high ? channel->width : 0);
  channel->high = false;
  channel->width = channel->wanted;
  return channel->width ? COM_SET : COM_OFF;
}

/* Sets the wanted width; where there shall be none, cancels a pulse that has not begun and returns true: pin off. */
static inline bool want(channel16_t *channel, uint16_t width) {
  channel->wanted = width;
  if (width || channel->high) return false;
  channel->width = 0;
  return true;
}

/* Unit A or B of timer N. First what shall happen, then when: simavr replays the timer's last overflow when the compare
 * register moves, and would take back the edge that just was. */
#define UNIT16(N, U)                                                                             \
  static channel16_t channel##N##U;                                                              \
  static inline void com##N##U(uint8_t com) {                                                    \
    TCCR##N##A = (uint8_t)((TCCR##N##A & ~(3 << COM##N##U##0)) | com << COM##N##U##0);           \
  }                                                                                              \
  ISR(TIMER##N##_COMP##U##_vect) {                                                               \
    uint16_t way = 0;                                                                            \
    com##N##U(next_edge(&channel##N##U, &way));                                                  \
    OCR##N##U += way;                                                                            \
  }                                                                                              \
  static inline void want##N##U(uint16_t width) {                                                \
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) if (want(&channel##N##U, width)) com##N##U(COM_OFF);       \
  }

/* Starts timer N; B's pulses come half a period after A's. */
#define START16(N)                       \
  OCR##N##A = PERIOD / 4;                \
  OCR##N##B = PERIOD / 4 + PERIOD / 2;   \
  TCCR##N##B = _BV(CS##N##1); /* / 8 */  \
  TIMSK##N = _BV(OCIE##N##A) | _BV(OCIE##N##B)
