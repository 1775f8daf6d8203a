// A class of C++ whose objects have a thread, and functions, bound by pybind11.
#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace py = pybind11;

class Engine {
public:
  explicit Engine(int step) : step(step), worker([this] { work(); }) {
    while (!begun)
      std::this_thread::yield();
  }
  ~Engine() { stop(); }

  void stop() {
    running = false;
    if (worker.joinable()) worker.join();
  }

  long read() {
    std::lock_guard<std::mutex> held(guard);
    return count;
  }

private:
  void work() {
    while (running) {
      std::lock_guard<std::mutex> held(guard);
      count += step;
      begun = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
  }

  int step;
  long count = 0;
  std::atomic<bool> running{true}, begun{false};
  std::mutex guard;
  std::thread worker;
};

static std::mutex totalMutex;
static long total;

static void addSlowly() {
  std::lock_guard<std::mutex> held(totalMutex);
  ++total;
  std::this_thread::sleep_for(std::chrono::seconds(2));
}

static void bindMore(py::module_& module) {
  module.def("add_in_background", [] {
    std::thread(addSlowly).detach();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  });
}

PYBIND11_MODULE(engine, module) {
  bindMore(module);
  module.def("total", [] {
    std::lock_guard<std::mutex> held(totalMutex);
    return total;
  });
  py::class_<Engine>(module, "Engine").def(py::init<int>()).def("stop", &Engine::stop).def("read", &Engine::read);
}
