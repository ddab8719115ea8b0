// Which double instantiations of the reference algorithms does the library normproof::impl hold?
//
// All of them. The headers suffice for any number type; this file makes the compiler check every template on double.
#include <span>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/batch_norm_training.hpp"
#include "impl/reference/batch_renorm.hpp"
#include "impl/reference/compositional.hpp"
#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/deep_batch_norm.hpp"
#include "impl/reference/descent.hpp"
#include "impl/reference/full_norm.hpp"
#include "impl/reference/image_batch_norm.hpp"
#include "impl/reference/internal_covariate_shift.hpp"
#include "impl/reference/layer_norm.hpp"
#include "impl/reference/losses.hpp"
#include "impl/reference/lp_norm.hpp"
#include "impl/reference/mcsgd.hpp"
#include "impl/reference/network.hpp"
#include "impl/reference/normalizations.hpp"
#include "impl/reference/sync_batch_norm.hpp"

namespace normproof::reference {

using In = std::span<const double>;
using Out = std::span<double>;

template double activation<double>(Activation, const double&);
template double activation_slope<double>(Activation, const double&);

template void batch_mean<double>(In, Extents, Out);
template void batch_variance<double>(In, Extents, In, Out);
template double batch_variance_printed_norm<double>(In, Extents, In);
template void batch_variance_from_squares<double>(In, Extents, Out);
template void normalize<double>(In, Extents, In, In, const double&, Out);
template void scale_shift<double>(In, Extents, In, In, Out);
template void batch_norm_train<double>(In, Extents, In, In, const double&, Out);
template void batch_norm_infer<double>(In, Extents, In, In, In, In, const double&, Out);
template void batch_norm_infer_folded<double>(In, Extents, In, In, In, In, const double&, Out);
template struct RunningStatistics<double>;
template void batch_norm_layer_train<double>(In, Extents, const double&, const double&, RunningStatistics<double>&,
                                             Out);
template void batch_norm_layer_infer<double>(In, Extents, const double&, const RunningStatistics<double>&, Out);
template void backward_x_hat<double>(In, Extents, In, Out);
template void backward_variance<double>(In, In, Extents, In, In, const double&, Out);
template void backward_mean<double>(In, In, Extents, In, In, const double&, In, Out);
template void backward_input<double>(In, In, Extents, In, In, const double&, In, In, Out);
template void backward_gamma<double>(In, In, Extents, Out);
template void backward_beta<double>(In, Extents, Out);
template void batch_norm_backward<double>(In, In, Extents, In, const double&, Out, Out, Out);

template RunningStatistics<double> population_statistics<double>(In, int, Extents);
template void batch_norm_population_infer<double>(In, Extents, const RunningStatistics<double>&, In, In, const double&,
                                                  Out);

template void layer_norm<double>(In, Extents, In, In, const double&, Out);
template void group_norm<double>(In, FeatureMaps, int, In, In, const double&, Out);
template void instance_norm<double>(In, FeatureMaps, In, In, const double&, Out);
template void rms_norm<double>(In, Extents, In, const double&, Out);
template void scale_norm<double>(In, Extents, const double&, Out);
template void weight_norm_layer<double>(In, Extents, In, In, In, Out);

template struct RunningDeviation<double>;
template struct Corrections<double>;
template struct CorrectionRange<double>;
template void batch_deviation<double>(In, Extents, In, const double&, Out);
template Corrections<double> renorm_corrections<double>(In, In, const RunningDeviation<double>&,
                                                        const CorrectionRange<double>&);
template void renorm_output<double>(In, Extents, In, In, In, In, const double&, Out);
template void renorm_update<double>(In, In, const double&, RunningDeviation<double>&);
template void batch_renorm_train<double>(In, Extents, const CorrectionRange<double>&, const double&, In, In,
                                         const double&, RunningDeviation<double>&, Out);
template void batch_renorm_infer<double>(In, Extents, const RunningDeviation<double>&, In, In, Out);
template void batch_renorm_backward<double>(In, In, Extents, In, In, In, const double&, Out, Out, Out);

template struct DeviceStatistics<double>;
template DeviceStatistics<double> device_statistics<double>(In, Extents, std::size_t, int);
template void chan_merge<double>(DeviceStatistics<double>&, const DeviceStatistics<double>&);
template void sync_statistics<double>(In, Extents, std::span<const int>, Aggregation, Out, Out);
template void sync_batch_norm_train<double>(In, Extents, std::span<const int>, Aggregation, In, In, const double&, Out);
template void sync_batch_norm_backward<double>(In, In, Extents, std::span<const int>, GradientSums, In, const double&,
                                               Out, Out, Out);

template void image_batch_norm_train<double>(In, ImageExtents, ImageStrides, In, In, const double&, Out);

template struct FullNormState<double>;
template FullNormState<double> make_full_norm_state<double>(Extents, FullNormReading::Statistics);
template void full_norm_update<double>(In, Extents, FullNormReading::Statistics, const double&, FullNormState<double>&);
template void full_norm_output<double>(In, Extents, FullNormReading::Statistics, const FullNormState<double>&,
                                       const double&, Out);
template void full_norm_forward<double>(In, Extents, FullNormReading::Statistics, const double&, const double&,
                                        FullNormState<double>&, Out);
template void full_norm_backward<double>(In, In, Extents, const FullNormState<double>&, const double&, FullNormReading,
                                         Out);

template std::vector<double> log_sum_exp_fold<double>(In);
template double loss_value<double>(Loss, In, In);
template void loss_gradient<double>(Loss, In, In, Out);

template struct Network<double>;
template std::vector<LayerState<double>> make_network_state<double>(const Network<double>&);
template NetworkTrace<double> network_trace<double>(const Network<double>&, In, int, const double&);
template NetworkTrace<double> network_train_trace<double>(const Network<double>&, std::vector<LayerState<double>>&, In,
                                                          int, const double&, const double&);
template std::vector<double> network_forward<double>(const Network<double>&, In, int, const double&);
template std::vector<double> network_forward_given<double>(const Network<double>&,
                                                           const std::vector<LayerState<double>>&, In, int,
                                                           const double&);
template double mean_loss<double>(Loss, In, In, int);
template std::vector<double> mean_loss_gradient<double>(Loss, In, In, int);
template double network_objective<double>(const Network<double>&, In, In, int, const double&, Loss);
template double network_objective_over_minibatches<double>(const Network<double>&, In, In, int, int, const double&,
                                                           Loss);
template NetworkGradient<double> network_backward_from<double>(const Network<double>&, const NetworkTrace<double>&, In,
                                                               const double&);
template NetworkGradient<double> network_backward<double>(const Network<double>&, In, In, int, const double&, Loss);

template struct LpNormState<double>;
template LpNormState<double> lp_norm_state<double>(In, LpNormReading);
template void lp_norm_train<double>(In, Extents, In, In, LpNormReading, Out);
template void lp_norm_backward<double>(In, In, Extents, In, LpNormReading, Out);

template struct StepBatch<double>;
template Network<double> simultaneous_update<double>(const Network<double>&, const StepBatch<double>&, const double&);
template Network<double> one_by_one_update<double>(const Network<double>&, const StepBatch<double>&, const double&);
template Network<double> with_preceding_layers_updated<double>(const Network<double>&, const Network<double>&, int);
template GradientPair<double> layer_gradients<double>(const Network<double>&, const Network<double>&, int,
                                                      const StepBatch<double>&);
template std::vector<double> gradient_as_printed_by_li23<double>(const Network<double>&, const Network<double>&, int,
                                                                 int, const StepBatch<double>&);
template double squared_shift<double>(const GradientPair<double>&);
template double internal_covariate_shift<double>(const GradientPair<double>&);
template double gradient_cosine<double>(const GradientPair<double>&);

using Layers = std::span<const CompositionalLayer<double>>;
using Lists = std::span<const std::vector<double>>;
template struct CompositionalLayer<double>;
template std::vector<double> expected_statistic<double>(const CompositionalLayer<double>&,
                                                        const FunctionOnData<double>&);
template FunctionOnData<double> apply_operator<double>(const CompositionalLayer<double>&, In,
                                                       const FunctionOnData<double>&);
template FunctionOnData<double> compose<double>(Layers, Lists, std::size_t, FunctionOnData<double>);
template std::vector<std::vector<double>> exact_statistics<double>(Layers, Lists, const FunctionOnData<double>&);
template double compositional_objective<double>(Layers, Lists, const FunctionOnData<double>&);
template std::vector<double> compose_estimated<double>(Layers, Lists, Lists, std::size_t, std::vector<double>);
template std::vector<double> estimated_statistic<double>(Layers, Lists, Lists, std::size_t, const std::vector<double>&);
template std::vector<double> value_and_square<double>(In);
template CompositionalLayer<double> compositional_full_norm_layer<double>(int, int, Activation, Root, const double&);
template CompositionalLayer<double> compositional_loss<double>(int, Loss);

template struct LayerDerivatives<double>;
template struct CompositionalProblem<double>;
template struct OracleSample<double>;
template std::vector<double> row_times<double>(In, In, std::size_t);
template void update_estimates<double>(const CompositionalProblem<double>&, const LayerSamples&, const double&,
                                       std::vector<std::vector<double>>&);
template std::vector<std::vector<double>> inputs_of_layers<double>(const CompositionalProblem<double>&, Lists, int);
template std::vector<std::vector<double>> oracle_gradient<double>(const CompositionalProblem<double>&, Lists,
                                                                  const OracleSamples&, FactorsAfter);
template void mcsgd_step<double>(CompositionalProblem<double>&, std::vector<std::vector<double>>&, const LayerSamples&,
                                 const OracleSamples&, const double&, const double&, FactorsAfter);

template struct DescentRates<double>;
template std::vector<std::vector<double>> compositional_gradient<double>(const CompositionalProblem<double>&,
                                                                         std::vector<std::vector<double>>&);
template CompositionalProblem<double> on_minibatch<double>(const CompositionalProblem<double>&, const SampleIndices&);
template std::vector<std::vector<double>> descent_gradient<double>(const CompositionalProblem<double>&,
                                                                   std::vector<std::vector<double>>&,
                                                                   const DescentSamples&, const double&, Method);
template void descent_step<double>(CompositionalProblem<double>&, std::vector<std::vector<double>>&,
                                   const DescentSamples&, const DescentRates<double>&, Method);

template double nonlinearity<double>(const Nonlinearity&, const double&);
template double nonlinearity_slope<double>(const Nonlinearity&, const double&);
template std::vector<double> deep_normalized<double>(In, Extents);
template std::vector<double> deep_layer_forward<double>(const Nonlinearity&, In, Extents);
template std::vector<double> deep_normalized_backward<double>(In, In, Extents);
template std::vector<double> deep_layer_backward<double>(const Nonlinearity&, In, In, Extents);
template DeepTrace<double> deep_forward<double>(const DeepNetwork<double>&, In, int);
template DeepGradient<double> deep_backward<double>(const DeepNetwork<double>&, const DeepTrace<double>&, In);

}  // namespace normproof::reference
