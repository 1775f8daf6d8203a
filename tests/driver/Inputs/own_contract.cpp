#include <cstdlib>
#include <unistd.h>

void report_safe(const char* text, size_t length) {
  void* copy = malloc(length);
  write(2, text, length);
  free(copy);
}

void* allocate_thread_safe(size_t size) { return malloc(size); }
