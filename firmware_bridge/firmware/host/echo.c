/* Every byte back, and nothing else. */
#include <avr/interrupt.h>

#include "serial.h"

int main(void) {
  uint8_t byte = 0;
  serial_init();
  sei();
  for (;;)
    if (serial_take(&byte)) serial_send(&byte, 1);
}
