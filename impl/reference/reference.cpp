// Which double instantiations of the reference algorithms does the library normproof::impl hold?
//
// All of them. The headers suffice for any number type; this file makes the compiler check every template on double.
#include <span>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/batch_norm_training.hpp"
#include "impl/reference/full_norm.hpp"
#include "impl/reference/image_batch_norm.hpp"
#include "impl/reference/layer_norm.hpp"
#include "impl/reference/losses.hpp"
#include "impl/reference/network.hpp"

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

}  // namespace normproof::reference
