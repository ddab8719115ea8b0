// Claim: batch norm with statistics merged over devices is batch norm of one global batch.
//
// Source       NOTE15, "SyncBatchNorm: aggregates statistics across devices so many small per-device batches behave
//              like one global batch"; "unsynchronized multi-device statistics can turn BN's estimation noise into the
//              wrong signal"
// Notation     m samples on K devices; device k holds n_k of them, with mean μ_k and biased variance σ_k²; μ, σ² those
//              of all m; x̂ = (x − μ)/s, s = √(σ² + ε), g = ∂ℓ/∂y, ⟨·⟩ the mean over all m, ⟨·⟩_k over device k
// Hypotheses   s ≠ 0, some device holds a sample. Devices may be empty, and hold different numbers of samples
//
//     forward     μ = Σ_k (n_k/m) μ_k,    σ² = Σ_k (n_k/m) (σ_k² + (μ_k − μ)²)
//     backward    ∂ℓ/∂x = (γ/s)(g − S_1/m − x̂ S_2/m),  S_1 = Σ_k Σ_{i on k} g_i,  S_2 = Σ_k Σ_{i on k} g_i x̂_i
//
// Why. A sum over the batch is the sum of the devices' sums, whatever the parts: so Σ x, Σ g and Σ g x̂ are right if
// every device adds its own and is weighted by its count. Squares about the own mean miss n_k (μ_k − μ)², which Chan's
// merging adds. Averages of averages are right where the parts are equally large; for σ² their means have to agree
// besides.
//
// Sizes        The rows of x lie on the devices in order: batch norm does not know the order of its rows, so these are
//              all partitions.
#include "impl/reference/sync_batch_norm.hpp"

#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/normalizations/merged_statistics.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Aggregation;
using reference::GradientSums;
using Rows = std::vector<int>;                        // of each device
using Partitions = std::vector<Rows> (*)(int batch);  // which are tried, one after the other

// All ways to lay m rows on three devices, empty ones included, and one row on each of m devices.
std::vector<Rows> any_partition(int batch) {
  std::vector<Rows> partitions;
  for (int first = 0; first <= batch; ++first)
    for (int second = 0; first + second <= batch; ++second)
      partitions.push_back({first, second, batch - first - second});
  partitions.push_back(Rows(static_cast<std::size_t>(batch), 1));
  return partitions;
}
// Two devices: equally many rows where m is even, one more on the second where it is odd.
std::vector<Rows> two_devices(int batch) { return {{batch / 2, batch - batch / 2}}; }
// On as many devices as divide m, equally many rows each.
std::vector<Rows> equal_shares(int batch) {
  std::vector<Rows> partitions;
  for (int devices = 2; devices <= batch; ++devices)
    if (batch % devices == 0) partitions.push_back(Rows(static_cast<std::size_t>(devices), batch / devices));
  return partitions;
}

std::vector<Sizes> any_sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2}};
}
std::vector<Sizes> even_sizes() { return {{.batch = 2}, {.batch = 4}, {.batch = 2, .channels = 2}}; }
std::vector<Sizes> even_sizes_from_four() { return {{.batch = 4}, {.batch = 6}, {.batch = 4, .channels = 2}}; }
std::vector<Sizes> odd_sizes() { return {{.batch = 3}, {.batch = 5}}; }
std::vector<Sizes> two_device_sizes() {
  return {{.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 5, .channels = 2}};
}

// One formula of a partition for each partition, one after the other.
template <class Of>
Formula for_each(Partitions partitions, Of of) {
  return [=](const Inputs& in) {
    Values all;
    for (const Rows& rows : partitions(in.sizes.batch)) {
      const Values values = of(in, rows);
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  };
}
// What does not depend on the partition, once for each.
template <class Of>
Formula for_each_the_same(Partitions partitions, Of of) {
  return [=](const Inputs& in) {
    const Values values = of(in);
    Values all;
    for (std::size_t k = 0; k < partitions(in.sizes.batch).size(); ++k)
      all.insert(all.end(), values.begin(), values.end());
    return all;
  };
}

struct Statistics {
  Values mean, variance;
};
Statistics aggregated(const Inputs& in, const Rows& rows, Aggregation aggregation) {
  const Array<Number>& x = in("x");
  Statistics out = {Values(static_cast<std::size_t>(x.cols())), Values(static_cast<std::size_t>(x.cols()))};
  reference::sync_statistics<Number>(row_major(x), extents_of(x), rows, aggregation, out.mean, out.variance);
  return out;
}

enum class Which { mean, variance, both };

Values chosen(const Values& mean, const Values& variance, Which which) {
  Values values;
  if (which != Which::variance) values.insert(values.end(), mean.begin(), mean.end());
  if (which != Which::mean) values.insert(values.end(), variance.begin(), variance.end());
  return values;
}

Side merged(std::string words, Partitions partitions, Aggregation aggregation, Which which) {
  return by_reference(std::move(words), for_each(partitions, [=](const Inputs& in, const Rows& rows) {
                        const Statistics all = aggregated(in, rows, aggregation);
                        return chosen(all.mean, all.variance, which);
                      }));
}

Side global_statistics(std::string words, Partitions partitions, Which which) {
  return by_theory(std::move(words), for_each_the_same(partitions, [=](const Inputs& in) {
                     return chosen(entries(theory::mean<Number>(in("x"))),
                                   entries(theory::biased_variance<Number>(in("x"))), which);
                   }));
}

Side output(std::string words, Partitions partitions, Aggregation aggregation) {
  return by_reference(std::move(words), for_each(partitions, [=](const Inputs& in, const Rows& rows) {
                        const Array<Number>& x = in("x");
                        Values y(static_cast<std::size_t>(x.size()));
                        reference::sync_batch_norm_train<Number>(row_major(x), extents_of(x), rows, aggregation,
                                                                 row_major(in("gamma")), row_major(in("beta")),
                                                                 in.scalar("eps"), y);
                        return y;
                      }));
}

Values global_output(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  Array<Number> y = theory::statistics(b).x_hat;
  for (Eigen::Index i = 0; i < y.rows(); ++i)
    for (Eigen::Index j = 0; j < y.cols(); ++j) y(i, j) = b.gamma(j) * y(i, j) + b.beta(j);
  return row_major(y);
}
Side one_global_batch(Partitions partitions) {
  return by_theory("γ x̂ + β, x̂ of all m samples", for_each_the_same(partitions, global_output));
}

// ∂ℓ/∂x, ∂ℓ/∂γ and ∂ℓ/∂β.
Side backward(std::string words, Partitions partitions, GradientSums sums) {
  return by_reference(
      std::move(words), for_each(partitions, [=](const Inputs& in, const Rows& rows) {
        const Array<Number>& x = in("x");
        Values dx(static_cast<std::size_t>(x.size())), dgamma(static_cast<std::size_t>(x.cols())), dbeta(dgamma.size());
        reference::sync_batch_norm_backward<Number>(row_major(x), row_major(in("dy")), extents_of(x), rows, sums,
                                                    row_major(in("gamma")), in.scalar("eps"), dx, dgamma, dbeta);
        dx.insert(dx.end(), dgamma.begin(), dgamma.end());
        dx.insert(dx.end(), dbeta.begin(), dbeta.end());
        return dx;
      }));
}

Values with_parameter_gradients(const theory::TrainingBatch<Number>& b, const Array<Number>& dx) {
  Values values = row_major(dx);
  for (const theory::Vector<Number>& more : {theory::gamma_gradient(b), theory::beta_gradient(b)})
    for (const Number& value : entries(more)) values.push_back(value);
  return values;
}
Values global_gradient(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  return with_parameter_gradients(b, theory::compact_input_gradient(b));
}
Side gradient_of_one_global_batch(Partitions partitions) {
  return by_theory("compact form over all m samples, LI23 (44), (13), (14)",
                   for_each_the_same(partitions, global_gradient));
}

// The compact form with the averages ⟨g⟩ and ⟨g x̂⟩ kept or dropped.
Formula gradient_with(bool mean_of_upstream, bool projection) {
  return for_each_the_same(any_partition, [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    const theory::Vector<Number> sum = theory::beta_gradient(b), sum_x_hat = theory::gamma_gradient(b);
    Array<Number> dx = b.dy;
    for (int i = 0; i < b.batch(); ++i)
      for (int j = 0; j < b.channels(); ++j) {
        if (mean_of_upstream) dx(i, j) -= sum(j) / Number(b.batch());
        if (projection) dx(i, j) -= st.x_hat(i, j) * sum_x_hat(j) / Number(b.batch());
        dx(i, j) = b.gamma(j) / st.s(j) * dx(i, j);
      }
    return with_parameter_gradients(b, dx);
  });
}

// μ and σ² from the two devices' counts, means and variances.
std::vector<theory::PartOfBatch<Number>> parts_of(const Inputs& in, const Rows& rows) {
  std::vector<theory::PartOfBatch<Number>> parts;
  int first = 0;
  for (const int count : rows) {
    parts.push_back(theory::part_of_batch<Number>(in("x"), first, count));
    first += count;
  }
  return parts;
}
Values from_parts(const std::vector<theory::PartOfBatch<Number>>& parts) {
  const theory::MergedStatistics<Number> all = theory::merged_statistics(parts);
  return chosen(entries(all.mean), entries(all.biased_variance), Which::both);
}

// Each device normalizes by its own statistics.
Values unsynchronized_output(const Inputs& in, const Rows& rows) {
  Values y;
  int first = 0;
  for (const int count : rows) {
    Inputs own = in;
    own.set("x", Array<Number>(in("x").middleRows(first, count)));
    for (const Number& value : row_major(reference_batch_norm(own))) y.push_back(value);
    first += count;
  }
  return y;
}

// The rows of the second of two devices are made anew, channel by channel, from both devices' rows.
template <class Make>
Hypothesis second_device(std::string id, std::string sentence, Make make) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) {
    const int start = two_devices(in.sizes.batch)[0][0];
    for (int j = 0; j < in.sizes.channels; ++j) make(in, start, j);
  });
}
// The mean of the rows first … end − 1.
Number mean_of_rows(const Array<Number>& array, int j, int first, int end) {
  Number sum(0);
  for (int i = first; i < end; ++i) sum += array(i, j);
  return sum / Number(end - first);
}

Hypothesis device_means_agree() {
  return second_device("device_means_agree", "μ_1 = μ_2", [](Inputs& in, int start, int j) {
    Array<Number> x = in("x");
    const Number shift = mean_of_rows(x, j, 0, start) - mean_of_rows(x, j, start, in.sizes.batch);
    for (int i = start; i < in.sizes.batch; ++i) x(i, j) += shift;
    in.set("x", x);
  });
}
// x_{h+i} := 2 μ_1 − x_i: the first device's rows, reflected about their mean.
Hypothesis device_statistics_agree() {
  return second_device("device_statistics_agree", "μ_1 = μ_2 and σ_1² = σ_2²", [](Inputs& in, int start, int j) {
    Array<Number> x = in("x");
    const Number mean = mean_of_rows(x, j, 0, start);
    for (int i = 0; i < start; ++i) x(start + i, j) = Number(2) * mean - x(i, j);
    in.set("x", x);
  });
}
// g on the second device is moved by a + b (x − μ_2), so that both averages become those of the first.
Hypothesis device_gradients_agree() {
  return second_device("device_gradients_agree", "⟨g⟩_1 = ⟨g⟩_2 and ⟨g x⟩_1 = ⟨g x⟩_2",
                       [](Inputs& in, int start, int j) {
                         const Array<Number>& x = in("x");
                         Array<Number> dy = in("dy"), product = dy, square = dy;
                         const int m = in.sizes.batch;
                         const Number shift = mean_of_rows(dy, j, 0, start) - mean_of_rows(dy, j, start, m);
                         for (int i = start; i < m; ++i) dy(i, j) += shift;
                         const Number mean = mean_of_rows(x, j, start, m);
                         for (int i = 0; i < m; ++i) {
                           product(i, j) = dy(i, j) * x(i, j);
                           square(i, j) = (x(i, j) - mean) * (x(i, j) - mean);
                         }
                         const Number tilt = (mean_of_rows(product, j, 0, start) - mean_of_rows(product, j, start, m)) /
                                             mean_of_rows(square, j, start, m);
                         for (int i = start; i < m; ++i) dy(i, j) += tilt * (x(i, j) - mean);
                         in.set("dy", dy);
                       });
}

}  // namespace

Claim sync_bn_is_global_bn() {
  return {
      .title = "Batch norm with statistics merged over devices is batch norm of one global batch",
      .sources = {{"NOTE15", "Improvement directions: SyncBatchNorm; Assumptions that did not hold up, second item"}},
      .notation =
          "m samples on K devices, n_k of them on device k with mean μ_k and biased variance σ_k²; μ, σ² those of "
          "all m; x̂ = (x − μ)/s, s = √(σ² + ε), g = ∂ℓ/∂y; ⟨·⟩ the mean over all m, ⟨·⟩_k over device k",
      .why =
          "Sums over the batch are sums of the devices' sums. Σ_{i on k} (x_i − μ)² = n_k σ_k² + n_k (μ_k − μ)², "
          "so the counts, means and variances of the devices determine μ and σ²; with these every x̂ is that of "
          "the global batch. The gradient needs Σ g and Σ g x̂ besides, two more such sums.",
      .explain =
          "NOTE15 says that SyncBatchNorm \"aggregates statistics across devices so many small per-device batches "
          "behave like one global batch\". Which statistics, and aggregated how? If each device sends its count, "
          "its mean and its sum of squared deviations, and these are merged by Chan's formula, output and "
          "gradients are exactly those of one batch, for every partition, very unequal shards and empty devices "
          "included. Sums of x and of x² do as well (in exact arithmetic). In the backward pass Σ g and Σ g x̂ "
          "have to be summed over the devices too.\n"
          "Averaging the devices' means and variances is not enough. Put 1 on one device and −1 on another: both "
          "variances are 0, so is their average, and the variance of the batch is 1: what is missing is the spread "
          "of the means. The mean of the means is right if all devices hold equally many samples, or if their "
          "means happen to agree; with equal shards the mean of the variances is right just where the means agree. "
          "With local averages of g and g x̂ the forward pass is that of the global batch and the gradient is not "
          "its derivative.",
      .readings = at_these_sizes_only({
          {.id = "printed_note15__forward",
           .statement = "with (n, μ, M2) merged by Chan's formula every y is that of one global batch, any partition",
           .inputs = training_batch(),
           .sizes = any_sizes(),
           .left = output("y, statistics merged device after device", any_partition, Aggregation::chan),
           .right = one_global_batch(any_partition),
           .why = "Up to three devices, empty ones among them, and one sample a device."},
          {.id = "printed_note15__forward__moments",
           .statement = "with Σ x and Σ x² summed over the devices every y is that of one global batch",
           .inputs = training_batch(),
           .sizes = any_sizes(),
           .left = output("y, σ² = Σ x²/m − (Σ x/m)²", any_partition, Aggregation::moments),
           .right = one_global_batch(any_partition),
           .why = "Exactly so. In floating point this form loses digits where |μ| is large against σ."},
          {.id = "printed_note15__backward",
           .statement = "with Σ g and Σ g x̂ summed over the devices ∂ℓ/∂x, ∂ℓ/∂γ and ∂ℓ/∂β are those of one batch",
           .inputs = training_batch(),
           .sizes = any_sizes(),
           .left = backward("∂ℓ/∂x, ∂ℓ/∂γ, ∂ℓ/∂β device by device", any_partition, GradientSums::global),
           .right = gradient_of_one_global_batch(any_partition)},
          {.id = "total_variance",
           .statement = "μ = Σ (n_k/m) μ_k and σ² = Σ (n_k/m) σ_k² + Σ_{k<l} (n_k n_l/m²)(μ_k − μ_l)², two devices",
           .inputs = training_batch(),
           .sizes = two_device_sizes(),
           .left = by_reference("μ and σ² of all m samples, LI23 Algorithm 1",
                                [](const Inputs& in) {
                                  return chosen(reference_mean(in("x")), reference_variance(in("x")), Which::both);
                                }),
           .right = by_theory("from counts, means and variances of the devices",
                              for_each(two_devices, [](const Inputs& in,
                                                       const Rows& rows) { return from_parts(parts_of(in, rows)); })),
           .why = "Counts, means and variances are all that a device needs to send."},
          {.id = "total_variance__any_partition",
           .statement = "μ = Σ (n_k/m) μ_k and σ² = Σ (n_k/m) σ_k² + Σ_{k<l} (n_k n_l/m²)(μ_k − μ_l)², any partition",
           .inputs = training_batch(),
           .sizes = any_sizes(),
           .left = merged("μ and σ², merged by Chan's formula", any_partition, Aggregation::chan, Which::both),
           .right =
               by_theory("Σ (n_k/m) μ_k and Σ (n_k/m) σ_k² + Σ_{k<l} (n_k n_l/m²)(μ_k − μ_l)²",
                         for_each(any_partition,
                                  [](const Inputs& in, const Rows& rows) { return from_parts(parts_of(in, rows)); }))},
          {.id = "averaged__forward",
           .statement = "with the devices' means and variances averaged every y is that of one global batch",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left = output("y, the mean of the μ_k and the mean of the σ_k²", equal_shares, Aggregation::equal_weights),
           .right = one_global_batch(equal_shares),
           .why = "Equal shards, and still false: averaged__variance__equal_shards says what is missing."},
          {.id = "averaged__mean__equal_shards",
           .statement = "(1/K) Σ μ_k = μ where all n_k are equal",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left = merged("the mean of the devices' means", equal_shares, Aggregation::equal_weights, Which::mean),
           .right = global_statistics("μ of all m samples", equal_shares, Which::mean),
           .why = "All weights n_k/m are 1/K then."},
          {.id = "averaged__mean__unequal_shards",
           .statement = "(1/K) Σ μ_k = μ for unequal n_k",
           .inputs = training_batch(),
           .sizes = odd_sizes(),
           .left = merged("the mean of the devices' means", two_devices, Aggregation::equal_weights, Which::mean),
           .right = global_statistics("μ of all m samples", two_devices, Which::mean),
           .why = "Samples of the smaller shard count for more. Right iff Σ (1/K − n_k/m) μ_k = 0."},
          {.id = "averaged__mean__means_agree",
           .statement = "(1/K) Σ μ_k = μ for unequal n_k where the device means agree",
           .inputs = training_batch(),
           .sizes = two_device_sizes(),
           .hypotheses = {device_means_agree()},
           .left = merged("the mean of the devices' means", two_devices, Aggregation::equal_weights, Which::mean),
           .right = global_statistics("μ of all m samples", two_devices, Which::mean),
           .why = "For two devices of unequal n_k this condition is necessary too."},
          {.id = "averaged__variance__equal_shards",
           .statement = "(1/K) Σ σ_k² = σ² where all n_k are equal",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left =
               merged("the mean of the devices' variances", equal_shares, Aggregation::equal_weights, Which::variance),
           .right = global_statistics("σ² of all m samples", equal_shares, Which::variance),
           .why = "The variance of the device means is missing (averaged__variance__plus_spread)."},
          {.id = "averaged__variance__plus_spread",
           .statement = "(1/K) Σ σ_k² + (1/K) Σ (μ_k − μ)² = σ² where all n_k are equal",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left = by_reference("mean of the variances plus variance of the means",
                                for_each(equal_shares,
                                         [](const Inputs& in, const Rows& rows) {
                                           Values variance = aggregated(in, rows, Aggregation::equal_weights).variance;
                                           Array<Number> means(static_cast<Eigen::Index>(rows.size()), in("x").cols());
                                           const auto parts = parts_of(in, rows);
                                           for (Eigen::Index k = 0; k < means.rows(); ++k)
                                             for (Eigen::Index j = 0; j < means.cols(); ++j)
                                               means(k, j) = parts[static_cast<std::size_t>(k)].mean(j);
                                           const Values spread = reference_variance(means);
                                           for (std::size_t j = 0; j < spread.size(); ++j) variance[j] += spread[j];
                                           return variance;
                                         })),
           .right = global_statistics("σ² of all m samples", equal_shares, Which::variance)},
          {.id = "averaged__variance__means_agree",
           .statement = "(1/2)(σ_1² + σ_2²) = σ² where n_1 = n_2 and μ_1 = μ_2",
           .inputs = training_batch(),
           .sizes = even_sizes_from_four(),
           .hypotheses = {device_means_agree()},
           .left =
               merged("the mean of the devices' variances", two_devices, Aggregation::equal_weights, Which::variance),
           .right = global_statistics("σ² of all m samples", two_devices, Which::variance),
           .why = "With equal shards this condition is necessary too: the spread of the means is a sum of squares. "
                  "Two single samples that agree have variance 0 on both sides."},
          {.id = "averaged__variance__unequal_shards",
           .statement = "(1/2)(σ_1² + σ_2²) = σ² for unequal n_k, μ_1 = μ_2",
           .inputs = training_batch(),
           .sizes = odd_sizes(),
           .hypotheses = {device_means_agree()},
           .left =
               merged("the mean of the devices' variances", two_devices, Aggregation::equal_weights, Which::variance),
           .right = global_statistics("σ² of all m samples", two_devices, Which::variance),
           .why = "The weights n_k/m are needed even where the means agree."},
          {.id = "unsynchronized__forward",
           .statement = "each device's own batch norm is that of the global batch",
           .inputs = training_batch(),
           .sizes = even_sizes_from_four(),
           .left =
               by_reference("LI23 Algorithm 1 on each of two devices", for_each(two_devices, unsynchronized_output)),
           .right = one_global_batch(two_devices),
           .why = "\"Unsynchronized multi-device statistics\": each device has its own μ_k and σ_k²."},
          {.id = "unsynchronized__forward__statistics_agree",
           .statement = "each device's own batch norm is that of the global batch where all have one μ and one σ²",
           .inputs = training_batch(),
           .sizes = even_sizes_from_four(),
           .hypotheses = {device_statistics_agree()},
           .left =
               by_reference("LI23 Algorithm 1 on each of two devices", for_each(two_devices, unsynchronized_output)),
           .right = one_global_batch(two_devices),
           .why = "Then σ² = σ_k², as the means have no spread."},
          {.id = "backward__local_averages",
           .statement = "with ⟨g⟩_k and ⟨g x̂⟩_k of each device alone the gradients are those of one global batch",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left = backward("(γ/s)(g − ⟨g⟩_k − x̂ ⟨g x̂⟩_k) on device k", two_devices, GradientSums::local),
           .right = gradient_of_one_global_batch(two_devices),
           .why = "Every sample moves μ and σ² of all devices, so each gradient needs the sums over all of them."},
          {.id = "backward__local_averages__gradients_agree",
           .statement = "with ⟨g⟩_k and ⟨g x̂⟩_k of each device alone, equal on both devices, the gradients are those "
                        "of one global batch",
           .inputs = training_batch(),
           .sizes = even_sizes_from_four(),
           .hypotheses = {device_gradients_agree()},
           .left = backward("(γ/s)(g − ⟨g⟩_k − x̂ ⟨g x̂⟩_k) on device k", two_devices, GradientSums::local),
           .right = gradient_of_one_global_batch(two_devices),
           .why = "Averages that agree are the average over all. Where γ ≠ 0 and a device holds two different "
                  "samples the condition is necessary: 1 and x̂ are then independent on it."},
          {.id = "backward__averaged__equal_shards",
           .statement =
               "with ⟨g⟩_k and ⟨g x̂⟩_k averaged over the devices the gradients are those of one batch, n_k equal",
           .inputs = training_batch(),
           .sizes = even_sizes(),
           .left = backward("averages of averages", equal_shares, GradientSums::device_averages),
           .right = gradient_of_one_global_batch(equal_shares),
           .why = "g and g x̂ enter by their means alone, and x̂ is already the global one."},
          {.id = "backward__averaged__unequal_shards",
           .statement =
               "with ⟨g⟩_k and ⟨g x̂⟩_k averaged over the devices the gradients are those of one batch, n_k unequal",
           .inputs = training_batch(),
           .sizes = odd_sizes(),
           .left = backward("averages of averages", two_devices, GradientSums::device_averages),
           .right = gradient_of_one_global_batch(two_devices),
           .why = "Sums add up as they are; averages have to be weighted by n_k/m."},
      }),
      .mutants =
          {
              {.id = "forgets_eps",
               .reading = "printed_note15__forward",
               .words = "(x − μ)/σ with the merged μ and σ²",
               .agrees_when = eps_is_zero(),
               .right = for_each_the_same(any_partition,
                                          [](const Inputs& in) {
                                            Inputs without = in;
                                            without.set("eps", Number(0));
                                            return global_output(without);
                                          })},
              {.id = "forgets_the_spread_of_the_means",
               .reading = "total_variance",
               .words = "σ² = Σ (n_k/m) σ_k²",
               .agrees_when = device_means_agree(),
               .right = for_each(two_devices,
                                 [](const Inputs& in, const Rows& rows) {
                                   const auto parts = parts_of(in, rows);
                                   const Number m(in.sizes.batch);
                                   Values variance;
                                   for (int j = 0; j < in.sizes.channels; ++j)
                                     variance.push_back(Number(rows[0]) / m * parts[0].biased_variance(j) +
                                                        Number(rows[1]) / m * parts[1].biased_variance(j));
                                   return chosen(entries(theory::merged_statistics(parts).mean), variance, Which::both);
                                 })},
              {.id = "equal_weights",
               .reading = "total_variance",
               .words = "1/2 for n_k/m",
               .agrees_when = {.id = "equal_shards", .sentence = "n_1 = n_2"},
               .right = for_each(two_devices,
                                 [](const Inputs& in, const Rows& rows) {
                                   auto parts = parts_of(in, rows);
                                   for (auto& part : parts) part.count = 1;
                                   return from_parts(parts);
                                 }),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4}, {.batch = 4, .channels = 2}}},
              {.id = "drops_the_mean_of_the_upstream",
               .reading = "printed_note15__backward",
               .words = "(γ/s)(g − x̂ S_2/m)",
               .agrees_when = upstream_is_centred(),
               .right = gradient_with(false, true)},
              {.id = "drops_the_projection",
               .reading = "printed_note15__backward",
               .words = "(γ/s)(g − S_1/m)",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = gradient_with(true, false),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}}},
          },
  };
}

}  // namespace normproof::claims
