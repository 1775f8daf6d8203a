#include <syslog.h>
#include <sys/types.h>
#include <unistd.h>

int work(void);
int given_up;

int main(void) {
  work();
  pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    syslog(LOG_INFO, "child 1"); /* beside the server's thread */
    _exit(0);
  }
  return 0;
}
