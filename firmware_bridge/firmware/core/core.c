#include "core.h"

#include <string.h>

#include "limits.h"
#include "steps.h"

void core_init(core_t *core, uint8_t board, uint16_t reset_faults) {
  memset(core, 0, sizeof *core);
  core->board = board;
  control_init(&core->control, reset_faults);
}

static void send(core_t *core, uint8_t type, const void *payload, uint8_t size) {
  uint8_t frame[MAX_FRAME];
  header_t header = {type, core->seq++};
  memcpy(frame + BODY_AT, &header, HEADER_SIZE);
  memcpy(frame + BODY_AT + HEADER_SIZE, payload, size);
  if (!hal_send(frame, frame_close(frame, (uint8_t)(HEADER_SIZE + size)))) core->unsent++;
}

static void send_info(core_t *core, uint8_t index) {
  const calibrate_t *calibration = &core->control.joints[index].calibration;
  const joint_limits_t *limits = &joint_limits[index];
  joint_info_t info = {.joint = index,
                       .position_min = limits->min,
                       .position_max = limits->max,
                       .rate_max = limits->rate,
                       .pulse_min_us = PULSE_MIN_US,
                       .pulse_max_us = PULSE_MAX_US,
                       .centre_us = calibration->centre_us,
                       .us_per_rad = calibration->us_per_rad,
                       .range_min = calibration->range_min,
                       .range_max = calibration->range_max,
                       .feedback_centre_mv = calibration->feedback_centre_mv,
                       .feedback_mv_per_rad = calibration->feedback_mv_per_rad};
  send(core, TYPE_JOINT_INFO, &info, sizeof info);
}

static void send_telemetry(core_t *core, uint32_t now_us) {
  const control_t *control = &core->control;
  telemetry_t t = {.device_us = now_us,
                   .state = control->state,
                   .faults = control->faults,
                   .stuck_joints = control->stuck_joints,
                   .supply_mv = control->supply_mv,
                   .loop_us = core->loop_us,
                   .accepted = core->accepted,
                   .bad_frames = core->bad_frames,
                   .rejected = core->rejected,
                   .late = core->late,
                   .lost_bytes = core->lost_bytes,
                   .unsent = core->unsent};
  for (uint8_t i = 0; i < JOINTS; i++) {
    t.commanded[i] = joint_position(&control->joints[i]);
    t.measured[i] = control->joints[i].measured;
    t.temperature[i] = UNKNOWN_TEMPERATURE; /* hobby servos do not say */
  }
  core->loop_us = 0;
  send(core, TYPE_TELEMETRY, &t, sizeof t);
}

static bool newer(uint16_t seq, uint16_t than) { return (int16_t)(uint16_t)(seq - than) > 0; }

static void hello(core_t *core, uint16_t seq, const uint8_t *payload) {
  hello_t said;
  memcpy(&said, payload, sizeof said);
  welcome_t welcome = {PROTOCOL_VERSION, said.session, core->board, JOINTS};
  core->in_session = said.protocol == PROTOCOL_VERSION;
  core->command_seq = core->setpoint_seq = seq;
  control_new_session(&core->control);
  send(core, TYPE_WELCOME, &welcome, sizeof welcome);
}

static uint8_t describe(core_t *core, const uint8_t *payload) {
  if (payload[0] >= JOINTS) return STATUS_BAD_VALUE;
  send_info(core, payload[0]);
  return STATUS_OK;
}

static uint8_t setpoint(core_t *core, uint16_t seq, const uint8_t *payload, uint32_t now_us) {
  setpoint_t wanted;
  memcpy(&wanted, payload, sizeof wanted);
  uint8_t status = newer(seq, core->setpoint_seq) ? control_setpoint(&core->control, &wanted, now_us) : STATUS_TOO_OLD;
  if (status == STATUS_OK || status == STATUS_CLAMPED) core->setpoint_seq = seq;
  if (status == STATUS_TOO_OLD || status == STATUS_TOO_FAR) core->late++;
  return status;
}

static uint8_t clear_faults(core_t *core, const uint8_t *payload) {
  clear_faults_t wanted;
  memcpy(&wanted, payload, sizeof wanted);
  return control_clear(&core->control, wanted.faults);
}

static uint8_t calibrate(core_t *core, const uint8_t *payload) {
  calibrate_t wanted;
  memcpy(&wanted, payload, sizeof wanted);
  uint8_t status = control_calibrate(&core->control, &wanted);
  if (status == STATUS_OK) send_info(core, wanted.joint);
  return status;
}

/* Commands are done once, however often their frame comes. */
static uint8_t command(core_t *core, const header_t *header, const uint8_t *payload) {
  if (!newer(header->seq, core->command_seq)) return STATUS_REPEATED;
  core->command_seq = header->seq;
  switch (header->type) {
    case TYPE_ENABLE: return payload[0] > 1 ? STATUS_BAD_VALUE : control_enable(&core->control, payload[0]);
    case TYPE_CLEAR_FAULTS: return clear_faults(core, payload);
    default: return calibrate(core, payload);
  }
}

static int8_t payload_size(uint8_t type) {
  switch (type) {
    case TYPE_HELLO: return sizeof(hello_t);
    case TYPE_PING: return 0;
    case TYPE_DESCRIBE: return sizeof(describe_t);
    case TYPE_CALIBRATE: return sizeof(calibrate_t);
    case TYPE_ENABLE: return sizeof(enable_t);
    case TYPE_CLEAR_FAULTS: return sizeof(clear_faults_t);
    case TYPE_SETPOINT: return sizeof(setpoint_t);
    default: return -1;
  }
}

static uint8_t perform(core_t *core, const header_t *header, const uint8_t *payload, uint32_t now_us) {
  switch (header->type) {
    case TYPE_PING: return STATUS_OK;
    case TYPE_DESCRIBE: return describe(core, payload);
    case TYPE_SETPOINT: return setpoint(core, header->seq, payload, now_us);
    default: return command(core, header, payload);
  }
}

static uint8_t judge(core_t *core, const header_t *header, int8_t size) {
  int8_t wanted = payload_size(header->type);
  if (wanted < 0) return STATUS_UNKNOWN_TYPE;
  if (size != wanted) return STATUS_BAD_LENGTH;
  return core->in_session || header->type == TYPE_HELLO ? STATUS_OK : STATUS_NO_SESSION;
}

static void take(core_t *core, const uint8_t *body, int8_t length, uint32_t now_us) {
  header_t header;
  if (length < HEADER_SIZE) {
    core->bad_frames++;
    return;
  }
  core->accepted++;
  memcpy(&header, body, HEADER_SIZE);
  uint8_t status = judge(core, &header, (int8_t)(length - HEADER_SIZE));
  if (status == STATUS_OK && header.type == TYPE_HELLO) {
    hello(core, header.seq, body + HEADER_SIZE);
    return;
  }
  if (status == STATUS_OK) status = perform(core, &header, body + HEADER_SIZE, now_us);
  if (status > STATUS_REPEATED) core->rejected++;
  ack_t ack = {header.seq, status, now_us};
  send(core, TYPE_ACK, &ack, sizeof ack);
}

void core_receive(core_t *core, uint8_t byte, uint32_t now_us) {
  int8_t length = frame_take(&core->reader, byte);
  if (length == FRAME_BAD) core->bad_frames++;
  if (length > 0) take(core, core->reader.bytes, length, now_us);
}

void core_step(core_t *core, uint32_t now_us, const inputs_t *inputs) {
  control_step(&core->control, now_us, inputs);
  if (++core->telemetry_steps < STEPS_PER_TELEMETRY) return;
  core->telemetry_steps = 0;
  if (core->in_session) send_telemetry(core, now_us);
}
