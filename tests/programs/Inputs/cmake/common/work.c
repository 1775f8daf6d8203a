/* Each program has its own `prepare`. */
int prepare(void);

int work(void) { return prepare(); }
