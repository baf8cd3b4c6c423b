/* A libmodbus server on a serial line: libmodbus-serial-server PATH. As in its manual, but that no error of a frame ends it. */
#include <errno.h>
#include <modbus/modbus.h>
#include <stdio.h>

enum { REGISTERS = 1000, BAUD = 115200 };

int main(int argc, char **argv) {
  uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
  modbus_t *context = argc == 2 ? modbus_new_rtu(argv[1], BAUD, 'E', 8, 1) : NULL;
  if (!context) return fprintf(stderr, "libmodbus-serial-server PATH\n"), 2;
  modbus_mapping_t *mapping = modbus_mapping_new(0, 0, REGISTERS, 0);
  for (int i = 0; i < REGISTERS; i++) mapping->tab_registers[i] = (uint16_t)(i + 1);
  modbus_set_slave(context, 1);
  if (modbus_connect(context) < 0) return fprintf(stderr, "connect: %s\n", modbus_strerror(errno)), 1;
  printf("listening\n");
  fflush(stdout);
  for (;;) {
    int size = modbus_receive(context, request);
    if (size > 0) modbus_reply(context, request, size, mapping);
    if (size < 0 && (errno == EIO || errno == EBADF)) return 1;
  }
}
