int prepare(void) { return 0; }
