// How is a worker started, asked, watched and ended?
//
// posix_spawn of the program itself, never fork: a fork after an OpenMP region hangs. The worker leads a process group
// of its own, so that Ctrl-C reaches the supervisor alone and that what a kernel starts ends with it. Its standard
// output and error come through a pipe, of which the end is kept: a sanitizer's report, an assertion's message.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace normproof::conformance {

struct WorkerCommand {
  std::vector<std::string> words;        // the program and what comes before the descriptor
  std::vector<std::string> environment;  // NAME=VALUE, besides and over the supervisor's own
  std::string library;                   // an absolute path, or --builtin
};

// The program that runs now, and the library; further environment from NORMPROOF_WORKER_ENV, entries separated by
// blanks. Throws WorkerError for an entry without a name.
WorkerCommand worker_command(const std::string& library);

// A worker cannot be started, or its environment is no environment.
class WorkerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct WorkerAnswer {
  enum class Kind { line, died, timed_out, interrupted } kind = Kind::line;
  std::string line;
  // died: how, "SIGSEGV at a NULL pointer", "exit status 3", with what it said last where it said something.
  std::string words;
};

class WorkerProcess {
 public:
  using Seconds = std::chrono::duration<double>;

  explicit WorkerProcess(const WorkerCommand& command);  // throws WorkerError
  ~WorkerProcess();                                      // ends it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // The next line from it. Whatever is not a line ends the worker. `interrupted` may be null. The limit is of time in
  // which it could run: on a machine with other work it may take longer.
  WorkerAnswer read(Seconds limit, const std::atomic<bool>* interrupted);
  // Sends a line and reads the answer, within one limit.
  WorkerAnswer ask(std::string_view line, Seconds limit, const std::atomic<bool>* interrupted);

  bool alive() const { return process_ > 0; }

 private:
  using Clock = std::chrono::steady_clock;

  bool take_line(std::string& line);
  bool receive();     // false at the end of the socket
  void take_print();  // what the kernel printed
  WorkerAnswer exchange(std::string_view unsent, Seconds limit, const std::atomic<bool>* interrupted);
  WorkerAnswer death();
  void end();  // kills, waits, closes

  pid_t process_ = -1;
  int socket_ = -1, prints_ = -1;
  std::string received_, printed_, fault_;
};

// The last words of a program that died: the lines of a sanitizer that say what and where, else the last ones; without
// addresses and process numbers, which differ from run to run.
std::string last_words(std::string_view printed);

}  // namespace normproof::conformance
