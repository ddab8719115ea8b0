// What does a kernel make of a case? Prepare, call, judge.
#include "proofs_checks/conformance/run_case.hpp"

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "proofs_checks/conformance/judge.hpp"
#include "proofs_checks/conformance/kernel_call.hpp"
#include "proofs_checks/conformance/relations.hpp"

namespace normproof::conformance {
namespace {

bool has_state_in_f32(const Case& described) {
  const auto in_f32 = [&](OperandId id) { return takes_part(described, id) && described[id].dtype == NORMPROOF_F32; };
  return in_f32(OperandId::fn_mean) || in_f32(OperandId::fn_square);
}

void try_bad_argument(const KernelUnderTest& subject, const Case& described, const InputValues& inputs,
                      CaseResult& result) {
  KernelCall call = call_with_bad_argument(*subject.kernel, described, inputs);
  result.findings = std::move(call.findings);
  result.seconds = call.seconds;
}

// The same call, its numbers those of an everyday one, in memory as allocators give it. What a kernel does not do is a
// matter of shapes, strides, types, operands and scalars: a refusal that looks at the data, or at where they are, hides
// where the kernel is wrong.
Case with_everyday_values(const Case& described) {
  Case everyday = described;
  const Case plain = plain_case(described.op, described[OperandId::x].dtype, described.batch, described.channels,
                                described.spatial, described.seed);
  for (const OperandId id : all_operands()) {
    everyday[id].values = plain[id].values;
    everyday[id].offset = 0;
  }
  return everyday;
}

void look_at_refusal(const KernelUnderTest& subject, const Case& described, CaseResult& result) {
  const Case everyday = with_everyday_values(described);
  if (text(everyday) == text(described)) return;
  const KernelCall call = call_kernel(*subject.kernel, everyday, input_values(everyday), Bits::no);
  if (call.outcome != KernelCall::Outcome::done) return;
  Finding finding;
  finding.kind = Finding::Kind::status;
  finding.words =
      "the kernel refused the call, and takes the same call where the operands have other values or another alignment";
  result.findings.push_back(std::move(finding));
}

CaseResult::Outcome outcome_of(const CaseResult& result) {
  if (!result.findings.empty()) return CaseResult::Outcome::failed;
  if (result.outcome == CaseResult::Outcome::refused) return result.outcome;
  return result.why_not_run.empty() ? CaseResult::Outcome::passed : CaseResult::Outcome::not_run;
}

std::vector<std::int64_t> shape_of(const Case& described, OperandId id) {
  if (!is_tensor(id)) return {described.channels};
  return {described.batch, described.channels, described.spatial};
}

void add_inputs(const Case& described, const InputValues& inputs, std::vector<DumpedOperand>& dumped) {
  for (const OperandId id : all_operands())
    if (takes_part(described, id) && is_read(use_of(described.op, id)))
      dumped.push_back({word(id), shape_of(described, id), inputs[id]});
}

void add_outputs(const MadeCall& made, std::vector<DumpedOperand>& dumped) {
  for (const OperandId id : all_operands())
    if (!made.call.got[id].empty())
      dumped.push_back({std::string(word(id)) + "_got", shape_of(made.described, id), made.call.got[id]});
}

// NaN where nothing is expected.
void add_expectations(const MadeCall& made, std::vector<DumpedOperand>& dumped) {
  for (const JudgedOutput& output : judged_outputs(made.described)) {
    std::vector<double> values, bounds;
    for (const Expectation& expected : made.expectations(output)) {
      const bool open = expected.kind == Expectation::Kind::open;
      values.push_back(open ? std::numeric_limits<double>::quiet_NaN() : expected.value.high());
      bounds.push_back(open ? std::numeric_limits<double>::quiet_NaN() : conforming(expected.bound));
    }
    const std::vector<std::int64_t> shape = shape_of(made.described, output.id);
    dumped.push_back({output.name() + "_expected", shape, std::move(values)});
    dumped.push_back({output.name() + "_bound", shape, std::move(bounds)});
  }
}

}  // namespace

CaseResult run_case(const KernelUnderTest& subject, const Case& described) {
  CaseResult result;
  result.state_in_f32 = has_state_in_f32(described);
  try {
    const InputValues inputs = input_values(described);
    if (described.relation == Relation::bad_argument) {
      try_bad_argument(subject, described, inputs, result);
    } else {
      Trial trial(subject, described, result);
      try_relation(trial, inputs);
      if (result.outcome == CaseResult::Outcome::refused) look_at_refusal(subject, described, result);
    }
  } catch (const NoMemory& error) {
    result.why_not_run = error.what();
  }
  result.outcome = outcome_of(result);
  return result;
}

std::vector<DumpedOperand> operands_of(const KernelUnderTest& subject, const Case& described) {
  std::vector<DumpedOperand> dumped;
  const InputValues inputs = input_values(described);
  add_inputs(described, inputs, dumped);
  if (described.relation == Relation::bad_argument) return dumped;
  CaseResult result;
  Trial trial(subject, described, result);
  const std::unique_ptr<MadeCall> made = trial.make(described, inputs, Bits::no);
  if (!made) return dumped;
  add_outputs(*made, dumped);
  add_expectations(*made, dumped);
  return dumped;
}

}  // namespace normproof::conformance
