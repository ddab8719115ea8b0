// What is written down of measurements while they are made, so that a run that was cut short can go on?
//
// What       DIR/journal/rank-R.jsonl, one file for each process R of a run. Every line is a JSON object. The first is
//            the header, which says for which version, seed and effort the measurements are:
//              {"schema":"normproof.journal.v1","version":"0.1.0","seed":0,"effort":"standard"}
//            and each of the others is one measurement:
//              {"key":"…","numbers":[0.25,"inf"],"digest":"16 hexadecimal digits"}
//            Finite numbers are the shortest decimals that read back as the same double; others are the strings "inf",
//            "-inf" and "nan:" with the sixteen digits of its bits. The digest is FNV-1a, 64 bits, of all the bytes of
//            the line before `,"digest"`.
// Source     FNV-1a: Fowler, Noll & Vo, with their offset basis and prime for 64 bits.
// Assumes    A file has one writer at a time.
// Why        A header is put in place by a rename, and each further line is appended by one write(): a process that is
//            killed leaves at most a last line without its end, and that line is ignored. Anything else that is not as
//            it was written is an error, because a verdict would hang on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/report/file_replacement.hpp"

namespace normproof::measurements {

using Known = std::map<std::string, evidence::Measured>;

struct JournalHeader {
  std::string version;
  std::uint64_t seed = 0;
  std::string effort;
};

struct JournalContents {
  Known known;
  std::size_t cut_lines = 0;  // last lines that were cut short, one a file at most
};

// All the files of DIR/journal. Throws data::FileError where there is none, where one is of another version, seed or
// effort, where a line is not as it was written, and where two lines disagree about one key.
JournalContents read_journals(const std::filesystem::path& directory, const JournalHeader& header);

// The journal can no longer be written to: what has been measured would be lost.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The file that one process writes. Not safe from several threads at once.
class JournalFile {
 public:
  // Throws data::FileError where the file cannot be written. Nothing is overwritten yet.
  JournalFile(const std::filesystem::path& directory, int rank);
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  // A new file in the place of an old one, with these measurements in it. Throws data::FileError.
  void begin(const JournalHeader& header, const Known& carried_over);

  // The file as it is, less a last line that was cut short; a new one where there is none. Throws data::FileError.
  void go_on(const JournalHeader& header);

  void append(const std::string& key, const evidence::Measured& numbers);  // throws JournalError
  void close();

 private:
  void open();

  std::filesystem::path path_;
  std::unique_ptr<report::FileReplacement> replacement_;  // until the file is begun
  int descriptor_ = -1;
};

// Takes away what an earlier run left in DIR/journal. Throws data::FileError.
void remove_journals(const std::filesystem::path& directory);

}  // namespace normproof::measurements
