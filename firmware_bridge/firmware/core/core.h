/* The firmware without its hardware: bytes in, frames out, one control step at a time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "control.h"
#include "frame.h"

typedef struct {
  control_t control;
  reader_t reader;
  uint8_t board;
  bool in_session;
  uint16_t seq;           /* of the next frame sent */
  uint16_t command_seq;   /* of the newest command done */
  uint16_t setpoint_seq;  /* of the newest setpoint taken */
  uint16_t accepted, bad_frames, rejected, late, lost_bytes, unsent;
  uint16_t loop_us;
  uint8_t telemetry_steps;
} core_t;

void core_init(core_t *core, uint8_t board, uint16_t reset_faults);
void core_receive(core_t *core, uint8_t byte, uint32_t now_us);
void core_step(core_t *core, uint32_t now_us, const inputs_t *inputs);

/* What the hardware provides: takes a whole frame or, where the line is busy, nothing. */
bool hal_send(const uint8_t *frame, uint8_t length);
