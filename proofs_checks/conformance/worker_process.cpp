// How is a worker started, asked, watched and ended?
#include "proofs_checks/conformance/worker_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <regex>
#include <system_error>
#include <utility>

#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

constexpr const char* environment_variable = "NORMPROOF_WORKER_ENV";
constexpr int descriptor_in_worker = STDERR_FILENO + 1;
constexpr std::size_t most_print_bytes = 1 << 15;              // of what was printed, the end is kept
constexpr std::size_t most_line_bytes = std::size_t{1} << 30;  // no worker means a longer line
constexpr std::size_t most_last_lines = 3;
constexpr std::size_t most_last_bytes = 400;

[[noreturn]] void fail(std::string_view what, int reason) {
  throw WorkerError(fmt::format("a worker cannot be started: {}: {}", what, std::generic_category().message(reason)));
}

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Has a worker had its time? Seconds in which other work on the machine kept it from running do not count: it has when
// the limit has passed and its processors' time has reached it too, or stands nearly still, as of one that waits for
// what does not come. All numbers empirical: a share of 2 % is what a fifty-fold overload leaves.
class Patience {
 public:
  Patience(pid_t process, Seconds limit) : process_(process), limit_(limit) {}

  bool is_over() {
    // Most answers come at once, and asking the system how long the worker ran takes a part of that.
    if (!looked_ && Clock::now() - start_ < std::min<Seconds>(interval, limit_)) return false;
    const Look look = {Clock::now(), used()};
    if (!std::exchange(looked_, true)) {
      mark_ = {start_, look.used};
      used_before_ = look.used;
    }
    const Seconds waited = look.when - start_;
    if (waited < limit_) {
      if (limit_ - waited > window) mark_ = look;
      return false;
    }
    if (look.used - used_before_ >= limit_ || waited >= most_times * limit_) return true;
    if (look.when - mark_.when < window) return false;
    const bool stands_still = look.used - mark_.used < least_share * Seconds(look.when - mark_.when);
    mark_ = look;
    return stands_still;
  }

  std::chrono::milliseconds next_look() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit_ - Seconds(Clock::now() - start_));
    return std::clamp(left, std::chrono::milliseconds(1), interval);
  }

 private:
  struct Look {
    Clock::time_point when;
    Seconds used{};
  };
  static constexpr std::chrono::milliseconds interval{50};
  static constexpr Seconds window{1};
  static constexpr double least_share = 0.02, most_times = 50;

  // Of all its threads; the limit where the system does not tell.
  Seconds used() const {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process_, &clock) != 0 || clock_gettime(clock, &time) != 0) return limit_;
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  pid_t process_;
  Seconds limit_;
  Clock::time_point start_ = Clock::now();
  bool looked_ = false;
  Seconds used_before_{};  // at the first look
  Look mark_;
};

class DescriptorPair {
 public:
  ~DescriptorPair() {
    for (const int end : ends)
      if (end >= 0) close(end);
  }
  int take(std::size_t k) { return std::exchange(ends[k], -1); }
  std::array<int, 2> ends = {-1, -1};
};

std::string name_of(std::string_view entry) { return std::string(entry.substr(0, entry.find('='))); }

std::vector<std::string> environment_with(const std::vector<std::string>& further) {
  std::vector<std::string> all = further;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string name = name_of(*entry);
    const bool replaced =
        std::any_of(further.begin(), further.end(), [&](const std::string& other) { return name_of(other) == name; });
    if (!replaced) all.emplace_back(*entry);
  }
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string status_words(int status) {
  if (WIFEXITED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  const char* const name = sigabbrev_np(WTERMSIG(status));
  return name == nullptr ? fmt::format("signal {}", WTERMSIG(status)) : fmt::format("SIG{}", name);
}

}  // namespace

WorkerCommand worker_command(const std::string& library) {
  WorkerCommand command;
  command.words = {"/proc/self/exe", std::string(worker_verb)};
  command.library = library;
  const char* const further =
      std::getenv(environment_variable);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
  std::string_view rest = further == nullptr ? "" : further;
  while (!rest.empty()) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    const std::string_view entry = rest.substr(0, blank);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
    if (entry.empty()) continue;
    if (entry.find('=') == 0 || entry.find('=') == std::string_view::npos)
      throw WorkerError(fmt::format("{}: expected NAME=VALUE, found {}", environment_variable, entry));
    command.environment.emplace_back(entry);
  }
  return command;
}

WorkerProcess::WorkerProcess(const WorkerCommand& command) {
  DescriptorPair socket;
  DescriptorPair prints;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, socket.ends.data()) != 0) fail("socketpair", errno);
  if (pipe2(prints.ends.data(), O_CLOEXEC) != 0) fail("pipe", errno);
  for (const int own : {socket.ends[0], prints.ends[0]}) fcntl(own, F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, prints.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, prints.ends[1], STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket.ends[1], descriptor_in_worker);
  posix_spawn_file_actions_addclosefrom_np(&actions,
                                           descriptor_in_worker + 1);  // what else this process has is not its
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t by_default;
  sigemptyset(&by_default);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&by_default, signal);
  posix_spawnattr_setsigdefault(&attributes, &by_default);

  std::vector<std::string> words = command.words;
  words.push_back(std::to_string(descriptor_in_worker));
  words.push_back(command.library);
  std::vector<std::string> environment = environment_with(command.environment);
  const int error = posix_spawn(&process_, words[0].c_str(), &actions, &attributes, pointers_to(words).data(),
                                pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    process_ = -1;
    fail(words[0], error);
  }
  socket_ = socket.take(0);
  prints_ = prints.take(0);
}

WorkerProcess::~WorkerProcess() { end(); }

void WorkerProcess::end() {
  if (process_ > 0) {
    kill(-process_, SIGKILL);
    kill(process_, SIGKILL);  // where it has not become the leader of its group yet
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  process_ = -1;
  for (int* descriptor : {&socket_, &prints_}) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
  }
}

void WorkerProcess::take_print() {
  if (prints_ < 0) return;
  std::array<char, 1 << 12> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by what is read
  while (true) {
    const ssize_t count = ::read(prints_, bytes.data(), bytes.size());
    if (count <= 0) return;
    printed_.append(bytes.data(), static_cast<std::size_t>(count));
    if (printed_.size() > 2 * most_print_bytes) printed_.erase(0, printed_.size() - most_print_bytes);
  }
}

bool WorkerProcess::receive() {
  std::array<char, 1 << 14> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by what is received
  while (true) {
    const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0 || received_.size() > most_line_bytes) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < bytes.size()) return true;  // nothing is left, or poll() says so
  }
}

// A line that is no last word before a fault.
bool WorkerProcess::take_line(std::string& line) {
  while (true) {
    const std::size_t end = received_.find('\n');
    if (end == std::string::npos) return false;
    line = received_.substr(0, end);
    received_.erase(0, end + 1);
    if (line.rfind(fault_word, 0) != 0) return true;
    fault_ = line.substr(fault_word.size());
  }
}

WorkerAnswer WorkerProcess::death() {
  // It may have closed its socket and live on: what does not answer any more is ended.
  int status = 0;
  pid_t waited = 0;
  const auto patience = Clock::now() + std::chrono::seconds(1);
  while ((waited = waitpid(process_, &status, WNOHANG)) == 0 && Clock::now() < patience) {
    take_print();
    std::array<pollfd, 1> idle = {{{prints_, POLLIN, 0}}};
    poll(idle.data(), idle.size(), 1);
  }
  take_print();
  WorkerAnswer answer;
  answer.kind = WorkerAnswer::Kind::died;
  answer.words = waited == process_ ? status_words(status) : "closed its connection and lived on";
  if (waited == process_) {
    kill(-process_, SIGKILL);  // what it started
    process_ = -1;
  }
  if (!fault_.empty()) answer.words += " " + report::one_line(fault_);
  const std::string words = last_words(printed_);
  if (!words.empty()) answer.words += "; it said: " + words;
  end();
  return answer;
}

WorkerAnswer WorkerProcess::exchange(std::string_view unsent, Seconds limit, const std::atomic<bool>* interrupted) {
  if (!alive()) return {WorkerAnswer::Kind::died, "", "it was not alive"};
  WorkerAnswer answer;
  Patience patience(process_, limit);
  while (true) {
    if (interrupted != nullptr && interrupted->load()) {
      end();
      return {WorkerAnswer::Kind::interrupted, "", ""};
    }
    if (patience.is_over()) {
      take_print();
      end();
      return {WorkerAnswer::Kind::timed_out, "", ""};
    }
    while (!unsent.empty()) {
      const ssize_t count = send(socket_, unsent.data(), unsent.size(), MSG_NOSIGNAL);
      if (count <= 0) break;
      unsent.remove_prefix(static_cast<std::size_t>(count));
    }
    const short wanted = static_cast<short>(unsent.empty() ? POLLIN : POLLIN | POLLOUT);
    std::array<pollfd, 2> watched = {{{socket_, wanted, 0}, {prints_, POLLIN, 0}}};
    if (poll(watched.data(), watched.size(), static_cast<int>(patience.next_look().count())) <= 0) continue;
    if (watched[1].revents != 0) take_print();
    if ((watched[0].revents & ~POLLOUT) == 0) continue;
    const bool open = receive();
    if (take_line(answer.line)) return answer;
    if (!open) return death();
  }
}

WorkerAnswer WorkerProcess::read(Seconds limit, const std::atomic<bool>* interrupted) {
  return ask("", limit, interrupted);
}

WorkerAnswer WorkerProcess::ask(std::string_view line, Seconds limit, const std::atomic<bool>* interrupted) {
  take_print();  // of earlier calls
  printed_.clear();
  return exchange(line, limit, interrupted);
}

std::string last_words(std::string_view printed) {
  std::vector<std::string> all;
  while (!printed.empty()) {
    const std::size_t end = std::min(printed.find('\n'), printed.size());
    const std::string line = report::one_line(printed.substr(0, end));
    printed.remove_prefix(std::min(end + 1, printed.size()));
    if (line.find_first_not_of(' ') != std::string::npos) all.push_back(line);
  }
  std::vector<std::string> telling;
  for (const std::string& line : all) {
    for (const char* mark : {"ERROR: ", "runtime error: ", "SUMMARY: ", "WARNING: ThreadSanitizer"}) {
      if (line.find(mark) == std::string::npos) continue;
      telling.push_back(line);
      break;
    }
  }
  const std::vector<std::string>& chosen = telling.empty() ? all : telling;
  std::string words;
  const std::size_t first = chosen.size() > most_last_lines ? chosen.size() - most_last_lines : 0;
  for (std::size_t k = first; k < chosen.size(); ++k) words += (words.empty() ? "" : " / ") + chosen[k];
  static const std::regex address("0x[0-9a-fA-F]+");
  static const std::regex process("==[0-9]+==");
  words = std::regex_replace(std::regex_replace(words, address, "0x…"), process, "");
  return report::cut(words, most_last_bytes);
}

}  // namespace normproof::conformance
