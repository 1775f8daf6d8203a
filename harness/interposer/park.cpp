// See the header.
#include "harness/interposer/park.h"

#include <cerrno>
#include <sys/prctl.h>

namespace forklint::harness {
namespace {

constexpr int32_t oneNap = 50;              // microseconds
constexpr int32_t longestPace = 20'000;     // at one place
constexpr int32_t longestWait = 2'000'000;  // for a thread to be parked
constexpr int32_t longestPark = 10'000'000; // should the fork never come

} // namespace

void pace() {
  if (record->armedBy.load(std::memory_order_relaxed) != 0 ||
      record->forks.load(std::memory_order_relaxed) != 0 || currentTid() == record->ownerPid.load())
    return;
  const int keep = errno;
  for (int32_t spent = 0; spent < longestPace && record->armedBy.load() == 0; spent += oneNap) {
    if (record->paceBudget.fetch_sub(oneNap) < oneNap) {
      record->paceBudget.store(0);
      break;
    }
    nap(oneNap);
  }
  errno = keep;
}

void parkIfArmed() {
  const uint32_t forking = record->armedBy.load();
  if (forking == 0) return;
  const int keep = errno;
  uint32_t nobody = 0;
  const uint32_t tid = currentTid();
  if (tid != forking && record->parkedTid.compare_exchange_strong(nobody, tid)) {
    prctl(PR_GET_NAME, record->parkedComm);
    publishHeld();
    record->reached.store(1); // whoever armed goes on from here
    for (int32_t spent = 0; record->armedBy.load() != 0 && spent < longestPark; spent += oneNap)
      nap(oneNap);
  }
  errno = keep;
}

void armAndWait() {
  const int keep = errno;
  record->armedBy.store(currentTid());
  int32_t spent = 0;
  for (; record->reached.load() == 0 && spent < longestWait; spent += oneNap)
    nap(oneNap);
  if (record->reached.load() == 0) record->armedBy.store(0);
  errno = keep;
}

} // namespace forklint::harness
