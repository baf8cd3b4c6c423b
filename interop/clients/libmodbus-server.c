/*
 * A libmodbus server of one unit, for RTU on a serial line with even parity.
 * Usage: libmodbus-server PATH BAUD UNIT VALUE...; the values are those of its holding registers, from 0 on
 * Prints "ready" when it serves, and ends with its line.
 */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH = 1, BAUD, UNIT, VALUES, LATE = 5 };

static char **arguments;

static int fail(const char *what) { return fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno)), 1; }

static modbus_t *create_context(void) {
  modbus_t *context = modbus_new_rtu(arguments[PATH], atoi(arguments[BAUD]), 'E', 8, 1);
  if (!context) exit(fail("no context"));
  if (modbus_set_slave(context, atoi(arguments[UNIT])) < 0) exit(fail("unit"));
  modbus_set_byte_timeout(context, LATE, 0);
  return context;
}

/* After a request to another station libmodbus waits for that one's reply, which is not heard on four wires: begins anew. */
static modbus_t *begin_anew(modbus_t *context) {
  modbus_t *other = create_context();
  modbus_set_socket(other, modbus_get_socket(context));
  modbus_free(context);
  return other;
}

static modbus_mapping_t *create_mapping(char **values, int count) {
  modbus_mapping_t *mapping = modbus_mapping_new(0, 0, count, 0);
  for (int i = 0; mapping && i < count; i++) mapping->tab_registers[i] = (uint16_t)atoi(values[i]);
  return mapping;
}

static int is_lost(void) { return errno == EBADF || errno == EIO || errno == ECONNRESET; }

static void serve(modbus_t *context, modbus_mapping_t *mapping) {
  uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
  for (;;) {
    int size = modbus_receive(context, request);
    if (size > 0) modbus_reply(context, request, size, mapping);
    if (size == 0) context = begin_anew(context);
    if (size < 0 && is_lost()) break;
    if (size < 0) modbus_flush(context);
  }
  modbus_close(context);
  modbus_free(context);
}

int main(int argc, char **argv) {
  if (argc < VALUES) return fprintf(stderr, "libmodbus-server PATH BAUD UNIT VALUE...\n"), 2;
  arguments = argv;
  modbus_mapping_t *mapping = create_mapping(argv + VALUES, argc - VALUES);
  if (!mapping) return fail("no registers");
  modbus_t *context = create_context();
  if (modbus_connect(context) < 0) return fail("connect");
  puts("ready");
  fflush(stdout);
  serve(context, mapping);
  modbus_mapping_free(mapping);
  return 0;
}
