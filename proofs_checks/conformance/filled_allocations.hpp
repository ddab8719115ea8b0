// Is memory that a kernel gets from malloc() 0 by chance?
//
// What       While a FilledAllocations lives, malloc() fills what it gives, and what is given back, with bytes that are
//            no small number in any format: a kernel that takes scratch memory for 0 would go by where pages are fresh.
//            Only in a process that said so: the allocator belongs to all of it. Around the kernel's calls alone, for
//            filling the validator's own memory costs more than it shows.
// Threads    Several may live at once; filling ends with the last.
#pragma once

namespace normproof::conformance {

// From now on, in this process.
void fill_allocations_of_kernels();

class FilledAllocations {
 public:
  FilledAllocations();
  ~FilledAllocations();
  FilledAllocations(const FilledAllocations&) = delete;
  FilledAllocations& operator=(const FilledAllocations&) = delete;
};

}  // namespace normproof::conformance
