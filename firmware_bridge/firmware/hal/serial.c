#include "serial.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "protocol.h"

/* The Uno's only UART has a number or not, depending on the header's version; the Mega's first has number 0. */
#if defined(USART_RX_vect)
#define RECEIVED USART_RX_vect
#define SENDABLE USART_UDRE_vect
#else
#define RECEIVED USART0_RX_vect
#define SENDABLE USART0_UDRE_vect
#endif

/* Rings of 256 bytes: the uint8_t index wraps by itself. */
static volatile uint8_t rx[256], tx[256];
static volatile uint8_t rx_in, rx_out, tx_in, tx_out;
static volatile uint16_t lost;

void serial_init(void) {
  UCSR0A = _BV(U2X0);
  UBRR0 = F_CPU / 8UL / BAUD - 1;
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

ISR(RECEIVED) {
  uint8_t overrun = UCSR0A & _BV(DOR0);
  uint8_t byte = UDR0;
  if (overrun) lost++;
  if ((uint8_t)(rx_in + 1) == rx_out)
    lost++;
  else
    rx[rx_in++] = byte;
}

ISR(SENDABLE) {
  if (tx_out == tx_in)
    UCSR0B &= (uint8_t)~_BV(UDRIE0);
  else
    UDR0 = tx[tx_out++];
}

bool serial_take(uint8_t *byte) {
  if (rx_out == rx_in) return false;
  *byte = rx[rx_out];
  rx_out++;
  return true;
}

uint16_t serial_lost(void) {
  uint16_t count = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    count = lost;
    lost = 0;
  }
  return count;
}

bool serial_send(const uint8_t *bytes, uint8_t length) {
  uint8_t used = (uint8_t)(tx_in - tx_out);
  if (length > 255 - used) return false;
  while (length--) tx[tx_in++] = *bytes++;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) UCSR0B |= _BV(UDRIE0);
  return true;
}
