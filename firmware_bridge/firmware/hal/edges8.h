/* Servo pulses from a free-running 8-bit timer, 2 us a count, edges made by its compare unit. The counter turns over each
 * 512 us; at every turn the overflow interrupt says whether an edge falls into it, and where. The interrupt of the match
 * lets the port take the pin over from the compare unit, which would see the same count again in every turn.
 *
 * All compare registers are written shortly after a turn, all edges fall later in it and well before its end: so no
 * interrupt can be too late, and simavr, which forgets a match that is due while a register is written, cannot. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "edges16.h"

#define TURNS 32 /* a period of 16.4 ms */
#define EARLIEST 24 /* counts into a turn */
#define LATEST 240
#define RISE 32
#define RISE_ELSE 96 /* where the fall would be too early or too late in its turn */

typedef struct {
  volatile uint16_t wanted; /* counts, 0 = no pulses */
  uint8_t fall, fall_turn;
  bool high;
} channel8_t;

/* Takes the beginning of a turn (0 = the one of the rise). Returns what shall happen in it, and where. */
static inline uint8_t next_turn(channel8_t *channel, uint8_t turn, uint8_t *place) {
  if (turn == 0 && channel->wanted) {
    uint16_t fall = RISE + channel->wanted;
    *place = RISE;
    if ((uint8_t)fall < EARLIEST || (uint8_t)fall > LATEST) {
      *place = RISE_ELSE;
      fall += RISE_ELSE - RISE;
    }
    channel->fall = (uint8_t)fall;
    channel->fall_turn = (uint8_t)(fall >> 8);
    return COM_SET;
  }
  if (!channel->high || turn != channel->fall_turn) return COM_OFF;
  *place = channel->fall;
  return COM_CLEAR;
}

/* Unit U of timer N on PIN of PORT. */
#define UNIT8(N, U, PORT, PIN)                                                            \
  static channel8_t channel##N##U;                                                               \
  static inline void com##N##U(uint8_t com) {                                                    \
    TCCR##N##A = (uint8_t)((TCCR##N##A & ~(3 << COM##N##U##0)) | com << COM##N##U##0);           \
  }                                                                                              \
  ISR(TIMER##N##_COMP##U##_vect) {                                                               \
    channel##N##U.high = !channel##N##U.high;                                                    \
    if (channel##N##U.high)                                                                      \
      PORT |= _BV(PIN);                                                                          \
    else                                                                                         \
      PORT &= (uint8_t)~_BV(PIN);                                                                \
    com##N##U(COM_OFF);                                                                          \
    TIMSK##N &= (uint8_t)~_BV(OCIE##N##U);                                                       \
  }                                                                                              \
  static inline void turn##N##U(uint8_t turn) {                                                  \
    uint8_t place = 0;                                                                           \
    uint8_t com = next_turn(&channel##N##U, turn, &place);                                       \
    if (com == COM_OFF) return;                                                                  \
    OCR##N##U = place;                                                                           \
    com##N##U(com);                                                                              \
    TIFR##N = _BV(OCF##N##U); /* of earlier turns */                                             \
    TIMSK##N |= _BV(OCIE##N##U);                                                                 \
  }                                                                                              \
  static inline void want##N##U(uint16_t half_us) {                                              \
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) channel##N##U.wanted = (half_us + 2U) / 4U;                \
  }
