// Directed parking: while a thread is about to fork, the first other one that comes by with a lock in its
// hands stays where it is until the fork is over. A buffered stream holds its lock around its write(2), so
// parking there serves too. Before that, other threads are held up a little each time they come by: a thread
// that would be over before the main thread gets as far as its fork is still there then.
#pragma once

#include "harness/interposer/held.h"

namespace forklint::harness {

/// Before a place of the kind that the run parks at; waits a while for the fork to be near.
void pace();
/// At such a place. Returns after the fork where this thread was chosen, else at once.
void parkIfArmed();
/// In the thread that forks: waits up to two seconds until another thread is parked.
void armAndWait();

inline bool parksAt(ParkAt place) { return record && record->parkAt == place; }

} // namespace forklint::harness
