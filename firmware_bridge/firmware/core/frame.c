#include "frame.h"

#define CRC_SIZE 2

/* One entry per four bits: the change that CRC_POLYNOMIAL makes of them. */
static const uint16_t NIBBLE[16] = {0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50A5, 0x60C6, 0x70E7,
                                    0x8108, 0x9129, 0xA14A, 0xB16B, 0xC18C, 0xD1AD, 0xE1CE, 0xF1EF};
_Static_assert(CRC_POLYNOMIAL == 0x1021, "NIBBLE is made for this polynomial");

uint16_t crc16(const uint8_t *bytes, uint8_t length) {
  uint16_t crc = CRC_INITIAL;
  while (length--) {
    uint8_t byte = *bytes++;
    crc = (uint16_t)(crc << 4) ^ NIBBLE[(crc >> 12 ^ byte >> 4) & 15];
    crc = (uint16_t)(crc << 4) ^ NIBBLE[(crc >> 12 ^ byte) & 15];
  }
  return crc;
}

/* Decodes COBS in place. Returns the decoded length, or FRAME_BAD. */
static int8_t cobs_decode(uint8_t *bytes, uint8_t length) {
  uint8_t in = 0, out = 0;
  while (in < length) {
    uint8_t code = bytes[in++];
    if (code == 0 || code - 1 > length - in) return FRAME_BAD;
    for (uint8_t i = 1; i < code; i++) bytes[out++] = bytes[in++];
    if (in < length) bytes[out++] = 0;
  }
  return (int8_t)out;
}

static int8_t close_frame(reader_t *reader) {
  uint8_t length = reader->length;
  reader->length = 0;
  if (length > MAX_ENCODED) return FRAME_BAD;
  int8_t decoded = cobs_decode(reader->bytes, length);
  if (decoded <= CRC_SIZE) return FRAME_BAD;
  uint8_t body = (uint8_t)(decoded - CRC_SIZE);
  uint16_t sent = (uint16_t)(reader->bytes[body] | (uint16_t)reader->bytes[body + 1] << 8);
  return crc16(reader->bytes, body) == sent ? (int8_t)body : FRAME_BAD;
}

int8_t frame_take(reader_t *reader, uint8_t byte) {
  if (byte == 0) return reader->length ? close_frame(reader) : FRAME_NONE;
  if (reader->length < MAX_ENCODED)
    reader->bytes[reader->length++] = byte;
  else
    reader->length = MAX_ENCODED + 1;
  return FRAME_NONE;
}

uint8_t frame_close(uint8_t frame[MAX_FRAME], uint8_t length) {
  uint8_t *body = frame + BODY_AT;
  uint16_t crc = crc16(body, length);
  body[length++] = (uint8_t)crc;
  body[length++] = (uint8_t)(crc >> 8);
  /* COBS in place: every zero becomes the distance to the next, and one code stands before it all. */
  uint8_t end = (uint8_t)(BODY_AT + length), code_at = BODY_AT - 1;
  for (uint8_t at = BODY_AT; at < end; at++) {
    if (frame[at]) continue;
    frame[code_at] = (uint8_t)(at - code_at);
    code_at = at;
  }
  frame[code_at] = (uint8_t)(end - code_at);
  frame[0] = frame[end] = 0;
  return (uint8_t)(end + 1);
}
