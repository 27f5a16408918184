/* Frames: COBS between zero delimiters, CRC-16 at the end. Portable; no state but the reader's. */
#pragma once
#include <stdint.h>

#include "protocol.h"

#define FRAME_NONE 0
#define FRAME_BAD (-1)
#define MAX_ENCODED (MAX_BODY + 1) /* COBS adds one byte to anything shorter than 254 */
#define MAX_FRAME (MAX_ENCODED + 2) /* a delimiter before and after */

typedef struct {
  uint8_t bytes[MAX_ENCODED];
  uint8_t length; /* MAX_ENCODED + 1 marks a frame that is too long: skip to the next delimiter */
} reader_t;

/* Takes one byte. Returns the length of the body (header and payload) that it completed and that now lies in
 * reader->bytes, FRAME_NONE while there is none, FRAME_BAD where one was dropped. */
int8_t frame_take(reader_t *reader, uint8_t byte);

/* Where a body stands in its frame: behind the delimiter and the first COBS code. */
#define BODY_AT 2

/* Makes a frame of the body of `length` bytes that stands at frame + BODY_AT. Returns the frame's length. */
uint8_t frame_close(uint8_t frame[MAX_FRAME], uint8_t length);

uint16_t crc16(const uint8_t *bytes, uint8_t length);
