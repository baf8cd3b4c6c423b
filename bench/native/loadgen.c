/*
 * Load generator: keeps a fixed number of requests in progress on each of many connections and counts the replies.
 * Usage: loadgen PORT CONNECTIONS OUTSTANDING FUNCTION REGISTERS WARM_UP_MS MEASURE_MS SERVER_PID
 * FUNCTION is 3 (read) or 16 (write) for as many holding registers from address 0 on. Register n holds n + 1, and is written so.
 * Every reply is checked byte for byte, but for its transaction id, which must be one that is still awaited.
 * The time of a reply runs from the write of its request to the read that brings it.
 * Prints one line of JSON. A server that loses replies or stops answering ends in a reason, never in a hang.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ = 3, WRITE = 16, MAX_READ = 125, MAX_WRITE = 123, MAX_ADU = 260, MAX_OUTSTANDING = 64, MAX_CONNECTIONS = 1024 };
enum { EXCEPTION_SIZE = 9, SILENCE_MS = 1000, INPUT_SIZE = 65536, MAX_LATENCY_US = 1000000 };

struct connection {
  int fd;
  int in_progress;
  size_t have;
  uint16_t awaited[MAX_OUTSTANDING]; /* by slot, the low 6 bits of a transaction id; 0 = none */
  double sent[MAX_OUTSTANDING];      /* when, by slot */
  uint8_t input[MAX_ADU];            /* a reply that is split over two reads */
};

struct snapshot {
  double wall, own_cpu, server_cpu, busy;
  unsigned long replies;
};

static struct connection connections[MAX_CONNECTIONS];
static int connection_count, outstanding, server_pid, epoll_fd;
static unsigned long replies;
static unsigned latencies[MAX_LATENCY_US + 1]; /* how many replies took so many microseconds; the last: or longer */
static uint16_t sequence = 1;
/* The request that is sent and the reply that is expected, both but for the transaction id. */
static uint8_t request[MAX_ADU], expected_reply[MAX_ADU];
static size_t request_size, reply_size;

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("{\"ok\":false,\"reason\":\"");
  vprintf(format, arguments);
  printf("\"}\n");
  va_end(arguments);
  exit(0);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double own_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* User and system time of all the server's threads: fields 14 and 15; field 2, the name, may itself contain spaces. */
static double server_cpu(void) {
  char path[64], line[1024];
  unsigned long user, system;
  snprintf(path, sizeof path, "/proc/%d/stat", server_pid);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(line, sizeof line, file)) fail("the server has ended");
  fclose(file);
  char *after_name = strrchr(line, ')');
  if (!after_name || sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
    fail("%s could not be read", path);
  return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

/* Seconds that cores 0 and 1, the server's and ours, were not idle: what neither of us used was other programs'. */
static double busy_cores(void) {
  char line[512];
  unsigned long user, nice, system, idle, wait, irq, soft, stolen, sum = 0;
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, "cpu0 ", 5) != 0 && strncmp(line, "cpu1 ", 5) != 0) continue;
    if (sscanf(line + 5, "%lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &soft, &stolen) == 8)
      sum += user + nice + system + irq + soft + stolen;
  }
  fclose(file);
  return (double)sum / sysconf(_SC_CLK_TCK);
}

static struct snapshot take_snapshot(void) {
  return (struct snapshot){now(), own_cpu(), server_cpu(), busy_cores(), replies};
}

static void open_connection(struct connection *c, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  int on = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect: %s", strerror(errno));
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

/* Writes one request per free slot, all in one segment, as clients that pipeline do. */
static void fill_slots(struct connection *c) {
  uint8_t out[MAX_OUTSTANDING * MAX_ADU];
  size_t size = 0;
  double time = now();
  for (int slot = 0; slot < outstanding; slot++) {
    if (c->awaited[slot]) continue;
    sequence = sequence >= 1023 ? 1 : sequence + 1;
    uint16_t id = (uint16_t)(sequence << 6 | slot);
    memcpy(out + size, request, request_size);
    out[size] = id >> 8;
    out[size + 1] = id & 0xff;
    size += request_size;
    c->awaited[slot] = id;
    c->sent[slot] = time;
    c->in_progress++;
  }
  if (size && send(c->fd, out, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send: %s", strerror(errno));
}

static void accept_reply(struct connection *c, const uint8_t *reply, double time) {
  uint16_t id = (uint16_t)(reply[0] << 8 | reply[1]);
  int slot = id & (MAX_OUTSTANDING - 1);
  if (c->awaited[slot] != id || id == 0) fail("a reply with transaction id %u, which nobody awaits", id);
  if (memcmp(reply + 2, expected_reply + 2, reply_size - 2) != 0)
    fail("a wrong reply: length %u, unit %u, function %u, byte count %u", reply[4] << 8 | reply[5], reply[6], reply[7], reply[8]);
  c->awaited[slot] = 0;
  c->in_progress--;
  double us = (time - c->sent[slot]) * 1e6;
  latencies[us < MAX_LATENCY_US ? (int)us : MAX_LATENCY_US]++;
  replies++;
}

static void read_replies(struct connection *c) {
  static uint8_t buffer[INPUT_SIZE + MAX_ADU];
  memcpy(buffer, c->input, c->have);
  ssize_t got = recv(c->fd, buffer + c->have, INPUT_SIZE, 0);
  if (got == 0) fail("the server closed a connection");
  if (got < 0) fail("recv: %s", strerror(errno));
  size_t size = c->have + (size_t)got, at = 0;
  double time = now();
  for (; size - at >= EXCEPTION_SIZE; at += reply_size) {
    if (buffer[at + 7] & 0x80) fail("a reply with exception %u", buffer[at + 8]);
    if (size - at < reply_size) break;
    accept_reply(c, buffer + at, time);
  }
  c->have = size - at;
  memcpy(c->input, buffer + at, c->have);
}

/* Milliseconds within which a share of the replies came. */
static double latency_ms(double share, unsigned long count) {
  unsigned long seen = 0;
  int us = 0;
  while (us < MAX_LATENCY_US && (seen += latencies[us]) < share * (double)count) us++;
  return us / 1e3;
}

static int in_progress(void) {
  int sum = 0;
  for (int i = 0; i < connection_count; i++) sum += connections[i].in_progress;
  return sum;
}

/* Serves the sockets until `end`, asking anew for each reply while `asking`, else until nothing is awaited. */
static void run_until(double end, int asking) {
  struct epoll_event events[MAX_CONNECTIONS];
  double last_reply = now();
  while (now() < end && (asking || in_progress() > 0)) {
    int ready = epoll_wait(epoll_fd, events, MAX_CONNECTIONS, 50);
    if (ready > 0) last_reply = now();
    else if (now() - last_reply > SILENCE_MS / 1e3) return;
    for (int i = 0; i < ready; i++) {
      read_replies(events[i].data.ptr);
      if (asking) fill_slots(events[i].data.ptr);
    }
  }
}

/* Puts a header, its length field set to what follows, in front of data that ends with as many registers. */
static size_t put_frame(uint8_t *frame, int function, const uint8_t *data, size_t length, int registers) {
  size_t at = 8 + length, size = at + 2 * (size_t)registers;
  frame[5] = (uint8_t)(size - 6);
  frame[6] = 1;
  frame[7] = (uint8_t)function;
  memcpy(frame + 8, data, length);
  for (int i = 0; i < registers; i++) frame[at + 1 + 2 * (size_t)i] = (uint8_t)(i + 1);
  return size;
}

static void prepare_frames(int function, int registers) {
  const uint8_t range[5] = {0, 0, 0, (uint8_t)registers, (uint8_t)(2 * registers)};
  if (function == READ) {
    request_size = put_frame(request, function, range, 4, 0);
    reply_size = put_frame(expected_reply, function, range + 4, 1, registers);
  } else {
    request_size = put_frame(request, function, range, 5, registers);
    reply_size = put_frame(expected_reply, function, range, 4, 0);
  }
}

int main(int argc, char **argv) {
  if (argc != 9)
    return fprintf(stderr, "loadgen PORT CONNECTIONS OUTSTANDING FUNCTION REGISTERS WARM_UP_MS MEASURE_MS SERVER_PID\n"), 2;
  int port = atoi(argv[1]);
  int function = atoi(argv[4]), registers = atoi(argv[5]);
  double warm_up = atof(argv[6]) / 1e3, measure = atof(argv[7]) / 1e3;
  connection_count = atoi(argv[2]);
  outstanding = atoi(argv[3]);
  server_pid = atoi(argv[8]);
  if (connection_count < 1 || connection_count > MAX_CONNECTIONS) fail("connections: 1..%d", MAX_CONNECTIONS);
  if (outstanding < 1 || outstanding > MAX_OUTSTANDING) fail("outstanding: 1..%d", MAX_OUTSTANDING);
  if (function != READ && function != WRITE) fail("function: %d or %d", READ, WRITE);
  int most = function == READ ? MAX_READ : MAX_WRITE;
  if (registers < 1 || registers > most) fail("registers: 1..%d", most);
  prepare_frames(function, registers);
  epoll_fd = epoll_create1(0);
  for (int i = 0; i < connection_count; i++) open_connection(&connections[i], port);
  for (int i = 0; i < connection_count; i++) fill_slots(&connections[i]);
  run_until(now() + warm_up, 1);
  memset(latencies, 0, sizeof latencies);
  struct snapshot before = take_snapshot();
  run_until(now() + measure, 1);
  struct snapshot after = take_snapshot();
  unsigned long count = after.replies - before.replies;
  double median = latency_ms(0.5, count), p99 = latency_ms(0.99, count);
  run_until(now() + SILENCE_MS / 1e3, 0);
  int lost = in_progress();
  if (lost > 0) fail("%d of %d replies never came", lost, connection_count * outstanding);
  double server = after.server_cpu - before.server_cpu, own = after.own_cpu - before.own_cpu;
  double others = after.busy - before.busy - server - own;
  printf("{\"ok\":true,\"replies\":%lu,\"seconds\":%.6f,\"serverCpuSeconds\":%.3f,\"loadgenCpuSeconds\":%.6f,"
         "\"otherCpuSeconds\":%.3f,\"medianMs\":%.3f,\"p99Ms\":%.3f}\n",
         count, after.wall - before.wall, server, own, others > 0 ? others : 0, median, p99);
  return 0;
}
