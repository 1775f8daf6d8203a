int begin_logging(void) { return 0; }
