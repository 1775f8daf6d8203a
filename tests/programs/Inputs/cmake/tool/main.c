#include <syslog.h>
#include <sys/types.h>
#include <unistd.h>

int work(void);
void loop(void (*handler)(void));

static void on_request(void) {
  if (fork() == 0) {
    syslog(LOG_INFO, "child 2"); /* no thread in this program */
    _exit(0);
  }
}

int main(void) {
  work();
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    syslog(LOG_INFO, "child 1"); /* no thread in this program */
    _exit(0);
  }
  loop(on_request);
  return 0;
}
