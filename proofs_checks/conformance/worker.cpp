// How does a process of its own run cases, so that a kernel can take nothing along but that process?
#include "proofs_checks/conformance/worker.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "impl/kernels/builtin.hpp"
#include "proofs_checks/conformance/fault_report.hpp"
#include "proofs_checks/conformance/filled_allocations.hpp"
#include "proofs_checks/conformance/memory.hpp"
#include "proofs_checks/conformance/run_case.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"

namespace normproof::conformance {
namespace {

enum Status { done = 0, wrong_call = 2 };

// For the connection, so that a kernel that writes to the descriptor it guesses next does not meet it.
constexpr int high_descriptor = 200;

// Lines from and to the supervisor.
class LineSocket {
 public:
  explicit LineSocket(int descriptor) : descriptor_(descriptor) {}

  std::optional<std::string> read() {
    while (true) {
      const std::size_t end = received_.find('\n');
      if (end != std::string::npos) {
        std::string line = received_.substr(0, end);
        received_.erase(0, end + 1);
        return line;
      }
      constexpr std::size_t most = 1 << 16;
      char bytes[most];
      const ssize_t count = recv(descriptor_, bytes, most, 0);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return std::nullopt;
      received_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  int descriptor_;
  std::string received_;
};

CaseResult not_run(std::string why) {
  CaseResult result;
  result.why_not_run = std::move(why);
  return result;
}

std::string answer(const std::vector<const normproof_kernel*>& library, const Request& asked) {
  const auto found = std::find_if(library.begin(), library.end(),
                                  [&](const normproof_kernel* kernel) { return asked.kernel == kernel->name; });
  if (found == library.end()) return result_line(not_run("no kernel is called " + asked.kernel));
  const KernelUnderTest subject{*found, library, true};
  try {
    const Case described = parse_case(asked.case_text);
    if (asked.kind == Request::Kind::operands) return operands_line(operands_of(subject, described));
    return result_line(run_case(subject, described));
  } catch (const CaseError& error) {
    return result_line(not_run(error.what()));
  } catch (const NoMemory& error) {
    return result_line(not_run(error.what()));
  } catch (const std::exception& error) {
    return threw_line(error.what());
  } catch (...) {
    return threw_line("an exception that is no std::exception");
  }
}

// What a kernel prints is whole up to the line in which it dies.
void print_by_lines() {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  std::setvbuf(stderr, nullptr, _IONBF, 0);
}

// What one case frees the next one takes: pages that go back to the system and come again cost more than judging them.
void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int from_the_heap = 32 << 20, kept = 1 << 30;  // bytes; the first is the most that glibc accepts
  mallopt(M_MMAP_THRESHOLD, from_the_heap);
  mallopt(M_TRIM_THRESHOLD, kept);
#endif
}

int serve(int descriptor, const std::string& library_name) {
  LineSocket supervisor(descriptor);
  LoadedLibrary library;
  try {
    library = library_name == builtin_word ? LoadedLibrary{checked_kernels(kernels::builtin_library())}
                                           : load_library(library_name);
  } catch (const std::exception& error) {
    supervisor.write(library_error_line(error.what()));
    return done;
  }
  std::vector<ListedKernel> list;
  for (const normproof_kernel* kernel : library.kernels) {
    list.push_back(listed(*kernel));
    list.back().loading_changed = library.environment_change;
  }
  if (!supervisor.write(listing_line(list))) return done;
  report_faults_to(descriptor);
  while (const std::optional<std::string> line = supervisor.read()) {
    const std::optional<Request> asked = request(*line);
    if (!supervisor.write(asked ? answer(library.kernels, *asked) : result_line(not_run("no such request")))) break;
  }
  return done;
}

}  // namespace

int work(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) return wrong_call;
  const std::string& number = arguments[0];
  int descriptor = -1;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), descriptor);
  if (error != std::errc() || end != number.data() + number.size() || fcntl(descriptor, F_GETFD) < 0) return wrong_call;
  const int out_of_the_way = fcntl(descriptor, F_DUPFD_CLOEXEC, high_descriptor);
  if (out_of_the_way < 0) return wrong_call;
  close(descriptor);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a kernel that hangs does not outlive the run
  const rlimit no_core_files{0, 0};
  setrlimit(RLIMIT_CORE, &no_core_files);
  print_by_lines();
  keep_freed_memory();
  fill_allocations_of_kernels();
  const int status = serve(out_of_the_way, arguments[1]);
  // Not exit(): destructors and handlers of the library are not what is tested.
  std::fflush(nullptr);
  _exit(status);
}

}  // namespace normproof::conformance
