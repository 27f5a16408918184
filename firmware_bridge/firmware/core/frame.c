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

uint8_t frame_build(uint8_t *out, uint8_t *body, uint8_t length) {
  uint16_t crc = crc16(body, length);
  body[length++] = (uint8_t)crc;
  body[length++] = (uint8_t)(crc >> 8);
  uint8_t at = 0, code_at = 1, code = 1;
  out[at++] = 0;
  at++; /* room for the first code */
  for (uint8_t i = 0; i < length; i++) {
    if (body[i]) {
      out[at++] = body[i];
      code++;
    } else {
      out[code_at] = code;
      code_at = at++;
      code = 1;
    }
  }
  out[code_at] = code;
  out[at++] = 0;
  return at;
}
