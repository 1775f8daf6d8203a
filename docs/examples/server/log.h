#pragma once
#include <string>

// Begins the thread that writes the log.
void startLog();

// Hands a line to the thread.
void log(const std::string& line);
