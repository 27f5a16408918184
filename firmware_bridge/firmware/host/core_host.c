/* The control core as a program, for tests under sanitizers. It reads commands, one per line:
 *   init BOARD RESET_FAULTS | in ESTOP SUPPLY_MV F0 F1 F2 F3 | rx HEX | step MICROSECONDS | busy 0/1
 * and answers every line with "FRAMES PULSE0 PULSE1 PULSE2 PULSE3": the bytes sent since then in hex ("-" for none) and
 * the pulses in half microseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

static core_t core;
static inputs_t inputs;
static uint32_t now_us;
static uint8_t sent[65536];
static size_t sent_length;
static bool busy;

bool hal_send(const uint8_t *frame, uint8_t length) {
  if (busy || sent_length + length > sizeof sent) return false;
  memcpy(sent + sent_length, frame, length);
  sent_length += length;
  return true;
}

static void receive(const char *hex) {
  unsigned byte = 0;
  for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) core_receive(&core, (uint8_t)byte, now_us);
}

static void answer(void) {
  if (!sent_length) putchar('-');
  for (size_t i = 0; i < sent_length; i++) printf("%02x", sent[i]);
  sent_length = 0;
  for (uint8_t i = 0; i < JOINTS; i++) printf(" %u", (unsigned)control_pulse(&core.control, i));
  putchar('\n');
  fflush(stdout);
}

static bool perform(const char *line) {
  unsigned a = 0, b = 0, f[JOINTS];
  if (sscanf(line, "init %u %u", &a, &b) == 2) {
    core_init(&core, (uint8_t)a, (uint16_t)b);
  } else if (sscanf(line, "in %u %u %u %u %u %u", &a, &b, &f[0], &f[1], &f[2], &f[3]) == 6) {
    inputs = (inputs_t){.estop_open = a, .supply_mv = (uint16_t)b};
    for (uint8_t i = 0; i < JOINTS; i++) inputs.feedback_mv[i] = (uint16_t)f[i];
  } else if (!strncmp(line, "rx ", 3)) {
    receive(line + 3);
  } else if (sscanf(line, "step %u", &a) == 1) {
    now_us += a;
    core_step(&core, now_us, &inputs);
  } else if (sscanf(line, "busy %u", &a) == 1) {
    busy = a;
  } else {
    return false;
  }
  return true;
}

int main(void) {
  static char line[140000];
  while (fgets(line, sizeof line, stdin)) {
    if (!perform(line)) {
      fprintf(stderr, "core_host: what is '%s'?\n", line);
      return 2;
    }
    answer();
  }
  return 0;
}
