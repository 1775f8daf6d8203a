#include <sys/types.h>
#include <syslog.h>
#include <unistd.h>

int begin_logging(void);

int main(void) {
  begin_logging();
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    syslog(LOG_INFO, "child"); /* in one of the programs beside a thread */
    _exit(0);
  }
  return 0;
}
