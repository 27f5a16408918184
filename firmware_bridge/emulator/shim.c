/* A board around simavr's processor: bytes on UART 0 at the line's pace, pin edges with their cycle, analogue inputs,
 * resets. It runs exactly as many cycles as asked for (an instruction that crosses the end is paid for by the next
 * call), and never looks at a clock, so a run depends on its inputs alone. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <simavr/avr_adc.h>
#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_timer.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_hex.h>

#define CHANNELS 4
#define RING 65536u /* bytes or edges kept between two calls; a power of two */
#define OPCODE_JUMP_HERE 0xCFFFu
#define UNTOUCHED 0xA5
#define UNTOUCHED_RUN 16u /* bytes in a row that end the stack: some of its own may be untouched too */
#define BITS_PER_BYTE 11u /* as simavr's UART counts them; a line at its 10 would overrun it */
#define RUN_CYCLES 1000u /* at most between two looks at simavr's timers, which are looked at when due in any case */
#define LONGEST_PULSE 80000u /* cycles, 5 ms at 16 MHz */

typedef struct {
  uint64_t cycle;
  uint32_t channel, level;
} edge_t;

typedef struct {
  avr_t *avr;
  avr_irq_t *uart_in;
  uint64_t target, cycles_per_byte;
  uint8_t to_board[RING], from_board[RING];
  uint32_t to_in, to_out, from_in, from_out, edges;
  uint64_t from_cycle;
  edge_t edge[RING];
  uint32_t lost;
  bool sending;
  bool level[CHANNELS];
  uint64_t rise[CHANNELS];
  uint32_t hung_at;
  uint16_t hung_opcode;
} board_t;

typedef struct {
  board_t *board;
  uint32_t channel;
} servo_pin_t;

static void quiet(avr_t *avr, const int level, const char *format, va_list arguments) {
  (void)avr, (void)level, (void)format, (void)arguments;
}

static void no_sleep(avr_t *avr, avr_cycle_count_t cycles) { (void)avr, (void)cycles; }

static void byte_out(avr_irq_t *irq, uint32_t value, void *parameter) {
  (void)irq;
  board_t *board = parameter;
  if (board->from_in - board->from_out == RING)
    board->lost++;
  else
    board->from_board[board->from_in++ % RING] = (uint8_t)value;
}

/* A compare unit moved its pin. (simavr's pins themselves also repeat their port's value whenever any bit of the port
 * is written, which the real pin does not do while the compare unit has it.) A rise after a rise: a reset let it fall. */
static void pin_changed(avr_irq_t *irq, uint32_t value, void *parameter) {
  (void)irq;
  servo_pin_t *pin = parameter;
  board_t *board = pin->board;
  bool level = value & 1;
  if (board->level[pin->channel] == level && !(level && board->avr->cycle - board->rise[pin->channel] > LONGEST_PULSE))
    return;
  if (level) board->rise[pin->channel] = board->avr->cycle;
  board->level[pin->channel] = level;
  if (board->edges == RING)
    board->lost++;
  else
    board->edge[board->edges++] = (edge_t){board->avr->cycle, pin->channel, level};
}

/* One byte of the line arrives; the next one takes its time. */
static avr_cycle_count_t byte_in(avr_t *avr, avr_cycle_count_t when, void *parameter) {
  (void)avr;
  board_t *board = parameter;
  if (board->to_in == board->to_out) {
    board->sending = false;
    return 0;
  }
  avr_raise_irq(board->uart_in, board->to_board[board->to_out++ % RING]);
  return when + board->cycles_per_byte;
}

static avr_cycle_count_t stop_here(avr_t *avr, avr_cycle_count_t when, void *parameter) {
  (void)avr, (void)when, (void)parameter;
  return 0;
}

static avr_irq_t *pin_irq(board_t *board, const char *pin) {
  return avr_io_getirq(board->avr, AVR_IOCTL_IOPORT_GETIRQ((uint32_t)pin[0]), pin[1] - '0');
}

static bool load(avr_t *avr, const char *hex) {
  uint32_t size = 0, start = 0;
  uint8_t *image = read_ihex_file(hex, &size, &start);
  if (!image || start + size > avr->flashend + 1) return false;
  memcpy(avr->flash + start, image, size);
  free(image);
  avr->codeend = start + size;
  avr->reset_pc = avr->pc = start;
  return true;
}

/* Memory holds anything when the power comes on; what it is shows later how far down the stack ever came. */
static void fill_memory(avr_t *avr) { memset(avr->data + avr->ioend + 1, UNTOUCHED, avr->ramend - avr->ioend); }

static void connect(board_t *board, const char *servo_pins) {
  static const uint32_t flags = 0; /* neither print what is sent nor sleep while it is awaited */
  avr_ioctl(board->avr, AVR_IOCTL_UART_SET_FLAGS('0'), (void *)&flags);
  board->uart_in = avr_io_getirq(board->avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
  avr_irq_register_notify(avr_io_getirq(board->avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), byte_out, board);
  for (uint32_t i = 0; i < CHANNELS; i++) {
    servo_pin_t *pin = calloc(1, sizeof *pin);
    *pin = (servo_pin_t){board, i};
    const char *name = servo_pins + 2 * i;
    uint32_t timer = AVR_IOCTL_TIMER_GETIRQ((uint32_t)name[0]);
    avr_irq_register_notify(avr_io_getirq(board->avr, timer, TIMER_IRQ_OUT_COMP + (name[1] - 'A')), pin_changed, pin);
  }
}

/* Returns a board with `hex` flashed, or NULL. `servo_pins` names timers and compare units like "1A1B2A2B". */
board_t *board_new(const char *processor, const char *hex, const char *servo_pins, uint32_t hz, uint32_t baud) {
  avr_global_logger_set(quiet);
  board_t *board = calloc(1, sizeof *board);
  board->avr = avr_make_mcu_by_name(processor);
  if (!board->avr) return NULL;
  avr_init(board->avr);
  board->avr->log = 0;
  board->avr->frequency = hz;
  board->avr->vcc = board->avr->avcc = board->avr->aref = 5000;
  board->avr->sleep = no_sleep;
  board->avr->run_cycle_limit = RUN_CYCLES;
  board->cycles_per_byte = BITS_PER_BYTE * (hz / baud);
  if (!load(board->avr, hex)) return NULL;
  for (uint8_t i = 0; i < EXTINT_COUNT; i++) /* else a low pin that could interrupt is looked at in every cycle */
    avr_extint_set_strict_lvl_trig(board->avr, i, 0);
  fill_memory(board->avr);
  connect(board, servo_pins);
  return board;
}

void board_free(board_t *board) {
  avr_terminate(board->avr);
  free(board->avr);
  free(board);
}

/* Runs `cycles` more. Returns 0, or 1 when the processor stopped for good. */
int board_run(board_t *board, uint64_t cycles) {
  avr_t *avr = board->avr;
  board->target += cycles;
  if (board->target <= avr->cycle) return 0;
  avr_cycle_timer_register(avr, board->target - avr->cycle, stop_here, board);
  while (avr->cycle < board->target) {
    int state = avr_run(avr);
    if (state == cpu_Done || state == cpu_Crashed) return 1;
  }
  return 0;
}

uint64_t board_cycle(board_t *board) { return board->avr->cycle; }
/* Returns the most bytes the stack ever had. */
uint32_t board_stack(board_t *board) {
  const avr_t *avr = board->avr;
  uint32_t run = 0, at = avr->ramend;
  while (at > avr->ioend && run < UNTOUCHED_RUN) run = avr->data[at--] == UNTOUCHED ? run + 1 : 0;
  return avr->ramend - at - run;
}

uint32_t board_lost(board_t *board) { return board->lost; }

/* Puts bytes on the line to the board. Returns how many found room. */
uint32_t board_send(board_t *board, const uint8_t *bytes, uint32_t count) {
  uint32_t taken = 0;
  while (taken < count && board->to_in - board->to_out < RING) board->to_board[board->to_in++ % RING] = bytes[taken++];
  if (taken && !board->sending) {
    board->sending = true;
    avr_cycle_timer_register(board->avr, board->cycles_per_byte, byte_in, board);
  }
  return taken;
}

uint32_t board_receive(board_t *board, uint8_t *bytes, uint32_t room) {
  uint32_t count = 0;
  while (count < room && board->from_out != board->from_in) bytes[count++] = board->from_board[board->from_out++ % RING];
  return count;
}

/* Moves the edges since the last call to `edges`; returns how many. */
uint32_t board_edges(board_t *board, edge_t *edges, uint32_t room) {
  uint32_t count = board->edges < room ? board->edges : room;
  memcpy(edges, board->edge, count * sizeof *edges);
  memmove(board->edge, board->edge + count, (board->edges - count) * sizeof *edges);
  board->edges -= count;
  return count;
}

void board_analog(board_t *board, uint32_t input, uint32_t millivolts) {
  avr_raise_irq(avr_io_getirq(board->avr, AVR_IOCTL_ADC_GETIRQ, (int)input), millivolts);
}

/* A switch holds the pin: what the program writes to its pull-up does not move it. */
void board_pin(board_t *board, const char *pin, uint32_t level) {
  uint8_t mask = (uint8_t)(1u << (pin[1] - '0'));
  avr_ioport_external_t held = {.name = pin[0], .mask = mask, .value = level ? mask : 0};
  avr_ioctl(board->avr, AVR_IOCTL_IOPORT_SET_EXTERNAL(pin[0]), &held);
  avr_raise_irq(pin_irq(board, pin), level);
}

/* Resets the processor. What was on the line is gone; `brown_out` sets the flag that the processor's detector sets. */
void board_reset(board_t *board, uint32_t brown_out) {
  uint64_t cycle = board->avr->cycle;
  avr_reset(board->avr);
  board->avr->cycle = cycle;
  if (brown_out) avr_regbit_set(board->avr, board->avr->reset_flags.borf);
  board->to_out = board->to_in;
  board->sending = false;
  for (uint32_t i = 0; i < CHANNELS; i++)
    if (board->level[i]) {
      board->level[i] = false;
      if (board->edges < RING) board->edge[board->edges++] = (edge_t){cycle, i, 0};
    }
}

/* Makes the instruction that comes next jump to itself, as a program does that has lost its way. */
void board_hang(board_t *board) {
  avr_t *avr = board->avr;
  board->hung_at = avr->pc;
  memcpy(&board->hung_opcode, avr->flash + avr->pc, 2);
  uint16_t opcode = OPCODE_JUMP_HERE;
  memcpy(avr->flash + avr->pc, &opcode, 2);
}

void board_heal(board_t *board) { memcpy(board->avr->flash + board->hung_at, &board->hung_opcode, 2); }
