// What does a program answer that a test starts?
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {

struct Answer {
  int status = -1;  // -1: a signal ended it
  std::string out, err;
};

// One at a time, with nothing on its standard input.
class StartedProgram {
 public:
  pid_t start(std::vector<std::string> words, std::vector<std::string> further_environment = {}) const {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    constexpr mode_t mode = 0600;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode);
    std::vector<char*> environment;  // of two entries for one name the first counts
    for (std::string& entry : further_environment) environment.push_back(entry.data());
    for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
    environment.push_back(nullptr);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t child = 0;
    const int error = posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(error, 0) << "cannot start " << words[0];
    return error == 0 ? child : -1;
  }

  Answer finish(pid_t child) const {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return {};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, data::contents(out_), data::contents(err_)};
  }

  Answer run(std::vector<std::string> words, std::vector<std::string> further_environment = {}) const {
    return finish(start(std::move(words), std::move(further_environment)));
  }

 private:
  data::TemporaryFolder streams_;
  std::string out_ = (streams_.path() / "out").string();
  std::string err_ = (streams_.path() / "err").string();
};

}  // namespace normproof::cli
