/*
 * A libmodbus client that is told what to do, a line a time: the name of a libmodbus function and its numbers.
 * Usage: libmodbus-client HOST PORT, or libmodbus-client PATH BAUD for RTU on a serial line with even parity
 * Answers "ok" with what the function returned in its buffers, or "error" with what modbus_strerror says.
 */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBERS = 2100, MAX_LINE = 16384, LATE = 5 };

static modbus_t *context;
static int checksum; /* bytes of it behind the PDU */
static int numbers[MAX_NUMBERS], count;
static uint8_t bits[MODBUS_MAX_READ_BITS];
static uint16_t registers[MODBUS_MAX_READ_REGISTERS];
static uint8_t bytes[MODBUS_TCP_MAX_ADU_LENGTH];

static void finish(int result) {
  printf(result < 0 ? "error %s\n" : "ok\n", modbus_strerror(errno));
}

static void finish_bits(int result) {
  if (result < 0) return finish(result);
  printf("ok ");
  for (int i = 0; i < result; i++) putchar('0' + bits[i]);
  putchar('\n');
}

static void finish_registers(int result) {
  if (result < 0) return finish(result);
  printf("ok");
  for (int i = 0; i < result; i++) printf(" %u", registers[i]);
  putchar('\n');
}

static void finish_bytes(int result, const uint8_t *from) {
  if (result < 0) return finish(result);
  printf("ok ");
  for (int i = 0; i < result; i++) printf("%02x", from[i]);
  putchar('\n');
}

static void read_bits(void) { finish_bits(modbus_read_bits(context, numbers[0], numbers[1], bits)); }
static void read_input_bits(void) { finish_bits(modbus_read_input_bits(context, numbers[0], numbers[1], bits)); }
static void read_registers(void) { finish_registers(modbus_read_registers(context, numbers[0], numbers[1], registers)); }
static void read_input_registers(void) {
  finish_registers(modbus_read_input_registers(context, numbers[0], numbers[1], registers));
}
static void write_bit(void) { finish(modbus_write_bit(context, numbers[0], numbers[1])); }
static void write_register(void) { finish(modbus_write_register(context, numbers[0], (uint16_t)numbers[1])); }
static void mask_write_register(void) {
  finish(modbus_mask_write_register(context, numbers[0], (uint16_t)numbers[1], (uint16_t)numbers[2]));
}

static void write_bits(void) {
  for (int i = 1; i < count; i++) bits[i - 1] = (uint8_t)numbers[i];
  finish(modbus_write_bits(context, numbers[0], count - 1, bits));
}

static void copy_registers(uint16_t *to, int from) {
  for (int i = from; i < count; i++) to[i - from] = (uint16_t)numbers[i];
}

static void write_registers(void) {
  copy_registers(registers, 1);
  finish(modbus_write_registers(context, numbers[0], count - 1, registers));
}

/* Numbers: where to write, where to read, how many to read, what to write. */
static void write_and_read_registers(void) {
  uint16_t written[MODBUS_MAX_WR_WRITE_REGISTERS];
  copy_registers(written, 3);
  finish_registers(
      modbus_write_and_read_registers(context, numbers[0], count - 3, written, numbers[1], numbers[2], registers));
}

/* Orders: ABCD, CDAB, BADC, DCBA. */
static float (*const get_float[])(const uint16_t *) = {
    modbus_get_float_abcd,
    modbus_get_float_cdab,
    modbus_get_float_badc,
    modbus_get_float_dcba,
};

/* Numbers: table (3 or 4), address, how many registers. */
static int read_table(int quantity) {
  if (numbers[0] == 3) return modbus_read_input_registers(context, numbers[1], quantity, registers);
  return modbus_read_registers(context, numbers[1], quantity, registers);
}

/* Numbers: table, address, order. */
static void read_float(void) {
  if (read_table(2) < 0) return finish(-1);
  printf("ok %.9g\n", get_float[numbers[2]](registers));
}

/*
 * Numbers: address, thousandths. The order is CDAB: libmodbus 3.1.6 swaps the bytes of each register where it writes a
 * float in an order of the caller's choice (modbus_set_float_abcd writes BADC).
 */
static void write_float(void) {
  modbus_set_float((float)numbers[1] / 1000, registers);
  finish(modbus_write_registers(context, numbers[0], 2, registers));
}

/* Numbers: table, address. */
static void read_int32(void) {
  if (read_table(2) < 0) return finish(-1);
  printf("ok %d\n", MODBUS_GET_INT32_FROM_INT16(registers, 0));
}
static void read_int64(void) {
  if (read_table(4) < 0) return finish(-1);
  printf("ok %lld\n", (long long)MODBUS_GET_INT64_FROM_INT16(registers, 0));
}

/* Numbers: address, value. */
static void write_int32(void) {
  MODBUS_SET_INT32_TO_INT16(registers, 0, numbers[1]);
  finish(modbus_write_registers(context, numbers[0], 2, registers));
}

static void report_slave_id(void) { finish_bytes(modbus_report_slave_id(context, sizeof bytes, bytes), bytes); }
static void set_slave(void) { finish(modbus_set_slave(context, numbers[0])); }
/* Number: milliseconds. */
static void set_response_timeout(void) {
  finish(modbus_set_response_timeout(context, (uint32_t)numbers[0] / 1000, (uint32_t)numbers[0] % 1000 * 1000));
}

/* Numbers: a unit and a PDU, byte by byte, which libmodbus sends as it is; answers the unit and PDU of the reply. */
static void send_raw_request(void) {
  uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
  for (int i = 0; i < count; i++) request[i] = (uint8_t)numbers[i];
  if (modbus_send_raw_request(context, request, count) < 0) return finish(-1);
  int size = modbus_receive_confirmation(context, bytes);
  int header = modbus_get_header_length(context) - 1;
  finish_bytes(size < 0 ? size : size - header - checksum, bytes + header);
}

/*
 * Numbers: how many requests to send before the first reply is read, and how many registers there are to read in turn.
 * libmodbus gives all raw requests the same transaction id: only their order tells the replies apart.
 */
static void pipeline(void) {
  int header = modbus_get_header_length(context);
  for (int i = 0; i < numbers[0]; i++) {
    const uint8_t request[] = {1, 3, 0, (uint8_t)(i % numbers[1]), 0, 1};
    if (modbus_send_raw_request(context, request, sizeof request) < 0) return finish(-1);
  }
  for (int i = 0; i < numbers[0]; i++) {
    int size = modbus_receive_confirmation(context, bytes);
    if (size < 0) return finish(size);
    if (size != header + 4 || bytes[header + 3] != 20 + i % numbers[1]) {
      printf("error reply %d is not that of request %d\n", i, i);
      return;
    }
  }
  printf("ok %d\n", numbers[0]);
}

static const struct {
  const char *name;
  int least;
  void (*run)(void);
} commands[] = {
    {"read_bits", 2, read_bits},
    {"read_input_bits", 2, read_input_bits},
    {"read_registers", 2, read_registers},
    {"read_input_registers", 2, read_input_registers},
    {"write_bit", 2, write_bit},
    {"write_bits", 2, write_bits},
    {"write_register", 2, write_register},
    {"write_registers", 2, write_registers},
    {"mask_write_register", 3, mask_write_register},
    {"write_and_read_registers", 4, write_and_read_registers},
    {"read_float", 3, read_float},
    {"write_float", 2, write_float},
    {"read_int32", 2, read_int32},
    {"read_int64", 2, read_int64},
    {"write_int32", 2, write_int32},
    {"report_slave_id", 0, report_slave_id},
    {"set_slave", 1, set_slave},
    {"set_response_timeout", 1, set_response_timeout},
    {"send_raw_request", 2, send_raw_request},
    {"pipeline", 2, pipeline},
};

static void parse_numbers(void) {
  char *word;
  for (count = 0; count < MAX_NUMBERS && (word = strtok(NULL, " \n")); count++) numbers[count] = (int)strtol(word, NULL, 0);
}

static void perform(char *line) {
  char *name = strtok(line, " \n");
  parse_numbers();
  for (size_t i = 0; name && i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(commands[i].name, name) == 0 && count >= commands[i].least) return commands[i].run();
  }
  printf("error no such command\n");
}

static void create_context(const char *place, int number) {
  if (*place != '/') {
    context = modbus_new_tcp(place, number);
    return;
  }
  context = modbus_new_rtu(place, number, 'E', 8, 1);
  checksum = 2;
}

int main(int argc, char **argv) {
  static char line[MAX_LINE];
  if (argc != 3) return fprintf(stderr, "libmodbus-client HOST PORT | PATH BAUD\n"), 2;
  create_context(argv[1], atoi(argv[2]));
  modbus_set_slave(context, 1);
  modbus_set_response_timeout(context, LATE, 0);
  if (modbus_connect(context) < 0) return fprintf(stderr, "connect: %s\n", modbus_strerror(errno)), 1;
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  printf("ready\n");
  while (fgets(line, sizeof line, stdin)) perform(line);
  modbus_close(context);
  modbus_free(context);
  return 0;
}
