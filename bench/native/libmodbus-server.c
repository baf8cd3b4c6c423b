/* A libmodbus server as its manual shows it: select() over all connections, one modbus_receive and modbus_reply each. */
#include <arpa/inet.h>
#include <errno.h>
#include <modbus/modbus.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REGISTERS = 1000, BACKLOG = 128 };

static modbus_t *context;
static modbus_mapping_t *mapping;
static fd_set open_sockets;
static int highest;

static void accept_connection(int listener) {
  int fd = modbus_tcp_accept(context, &listener);
  if (fd < 0) return;
  FD_SET(fd, &open_sockets);
  if (fd > highest) highest = fd;
}

static void serve(int fd) {
  uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
  modbus_set_socket(context, fd);
  int size = modbus_receive(context, request);
  if (size > 0) modbus_reply(context, request, size, mapping);
  if (size != -1) return;
  close(fd);
  FD_CLR(fd, &open_sockets);
}

static void announce(int listener) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  context = modbus_new_tcp("127.0.0.1", 0);
  mapping = modbus_mapping_new(0, 0, REGISTERS, 0);
  for (int i = 0; i < REGISTERS; i++) mapping->tab_registers[i] = (uint16_t)(i + 1);
  int listener = modbus_tcp_listen(context, BACKLOG);
  if (listener < 0) return fprintf(stderr, "listen: %s\n", modbus_strerror(errno)), 1;
  announce(listener);
  FD_SET(listener, &open_sockets);
  highest = listener;
  for (;;) {
    fd_set ready = open_sockets;
    if (select(highest + 1, &ready, NULL, NULL, NULL) < 0) return 1;
    for (int fd = 0; fd <= highest; fd++) {
      if (!FD_ISSET(fd, &ready)) continue;
      if (fd == listener) accept_connection(listener);
      else serve(fd);
    }
  }
}
