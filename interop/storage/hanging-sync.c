/* Loaded ahead of the C library: while the file HANG_FILE is there, no sync ends, as with a disk that is away. */
#include <stdlib.h>
#include <unistd.h>

static int hang(void) {
  const char *file = getenv("HANG_FILE");
  while (file != NULL && access(file, F_OK) == 0) usleep(10000);
  return 0;
}

int fsync(int descriptor) {
  (void)descriptor;
  return hang();
}

int fdatasync(int descriptor) {
  (void)descriptor;
  return hang();
}
