// What each thread holds, and which part this process takes in the run. Guarantees: no allocation, no lock
// and no waiting in any of these; a table that is full means that a lock goes unnamed, never that a program
// waits.
#pragma once

#include "harness/interposer/record.h"

#include <ctime>

namespace forklint::harness {

/// Null: this process takes no part.
extern WatchRecord* record;
/// The record, in the child of the directed fork: there it only notes what it asks for.
extern WatchRecord* childRecord;

uint32_t currentTid();
void nap(long microseconds);

void noteTaken(const void* lock, LockKind kind, const void* caller);
/// A semaphore may be posted by a thread that did not take it: then the taker's entry goes.
void noteReleased(const void* lock);
/// Fills the record with what the calling thread holds.
void publishHeld();
/// The calling thread is the only one of a new process: it holds nothing that was noted.
void forgetAll();

} // namespace forklint::harness
