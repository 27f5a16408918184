/* Servo pulses from a free-running 8-bit timer, 2 us a count, edges made by its compare unit. The counter passes every
 * value each 512 us, so the way to the next edge is: match half-way to it, count down whole turns, and only before the
 * last one let the compare unit have the pin. In between, the port holds the level. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "edges16.h"

#define TURN 256U
#define PERIOD8 (PERIOD / 4U) /* counts of 2 us */
#define MIDWAY 128U
#define EARLIER 96U
#define MARGIN 16U /* counts by which an interrupt has surely moved the compare register */

typedef struct {
  volatile uint16_t wanted; /* counts, 0 = no pulses */
  uint16_t width;           /* of the pulse that is on its way */
  uint16_t rest;            /* from the next match on, counts to the edge */
  bool high, last;          /* the pin now; whether the next match is the edge */
} channel8_t;

/* Returns the counts to the first match on the way. */
static inline uint8_t begin_way(channel8_t *channel, uint16_t way) {
  uint8_t midway = (uint8_t)(way - MIDWAY) < MARGIN ? EARLIER : MIDWAY;
  channel->rest = way - midway;
  channel->last = false;
  return midway;
}

/* Takes a match that was the edge: the pin is now as `high` says. Returns the counts to the next match. */
static inline uint8_t pass_edge(channel8_t *channel) {
  channel->high = !channel->high && channel->width;
  return begin_way(channel, channel->high ? channel->width : PERIOD8 - channel->width);
}

/* Takes any other match. Returns what shall happen at the next, and in how many counts (0 = a whole turn) that is. */
static inline uint8_t pass_turn(channel8_t *channel, uint8_t *way) {
  channel->last = channel->rest <= TURN;
  *way = (uint8_t)(channel->last ? channel->rest : 0);
  if (!channel->last) {
    channel->rest -= TURN;
    return COM_OFF;
  }
  if (!channel->high) channel->width = channel->wanted;
  return channel->high ? COM_CLEAR : channel->width ? COM_SET : COM_OFF;
}

static inline bool want8(channel8_t *channel, uint16_t width) {
  channel->wanted = width;
  if (width || channel->high) return false;
  channel->width = 0;
  return true;
}

/* Unit U of timer N on PIN of PORT. At an edge the port takes over the level before the compare unit lets go. */
#define UNIT8(N, U, PORT, PIN)                                                                   \
  static channel8_t channel##N##U;                                                               \
  static inline void com##N##U(uint8_t com) {                                                    \
    TCCR##N##A = (uint8_t)((TCCR##N##A & ~(3 << COM##N##U##0)) | com << COM##N##U##0);           \
  }                                                                                              \
  ISR(TIMER##N##_COMP##U##_vect) {                                                               \
    uint8_t way = 0, com = COM_OFF;                                                              \
    if (channel##N##U.last) {                                                                    \
      way = pass_edge(&channel##N##U);                                                           \
      if (channel##N##U.high)                                                                    \
        PORT |= _BV(PIN);                                                                        \
      else                                                                                       \
        PORT &= (uint8_t)~_BV(PIN);                                                              \
      com##N##U(COM_OFF);                                                                        \
    } else {                                                                                     \
      com = pass_turn(&channel##N##U, &way);                                                     \
    }                                                                                            \
    if (way) OCR##N##U = (uint8_t)(OCR##N##U + way);                                             \
    com##N##U(com);                                                                              \
  }                                                                                              \
  static inline void want##N##U(uint16_t half_us) {                                              \
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)                                                            \
    if (want8(&channel##N##U, (half_us + 2U) / 4U)) com##N##U(COM_OFF);                          \
  }
