// Which experiments of the claim catalogue are there to come?
#include "proofs_checks/cli/experiments.hpp"

namespace normproof::cli {

std::vector<report::Experiment> experiments() {
  return {
      {"batch_of_one_overfits", "LL19 Fig. 1",
       "With batch size 1 the training loss falls and the test loss rises, on the three given samples."},
      {"large_variation_breaks_bn", "LL19 Fig. 3",
       "Logistic regression with BN stalls where the plain one learns (10000 × 1000, 1000 classes, batch 20)."},
      {"unshuffled_batches_break_bn", "LL19 Figs 4, 5",
       "With few labels a batch, FN's test loss beats BN's while the training losses are comparable."},
      {"shuffled_batches_match", "LL19 Figs 7, 8", "On shuffled batches BN and FN agree."},
      {"batch_size_sensitivity", "LL19 Figs 2, 9",
       "FN's limit depends less on the batch size than BN's; the smaller the batch, the worse BN."},
      {"ics_not_reduced", "SAN18 Fig. 3", "The internal covariate shift of BN networks is not smaller."},
      {"noisy_bn_still_trains", "SAN18 Figs 1c, 2",
       "Noise after BN leaves the training speed intact, though its distributions are less stable than the plain "
       "network's; the same noise stops the plain network."},
      {"landscape_is_smoother", "SAN18 Fig. 4",
       "Loss variation, gradient predictiveness and effective β-smoothness along the gradient are better with BN."},
      {"lp_norms_train_as_well", "SAN18 §3.3",
       "ℓ1, ℓ2 and ℓ∞ normalization train as well with a larger distribution shift; ℓ1 beats BN on the deep linear "
       "network."},
      {"bn_widens_learning_rates", "SAN18 §3.1; NOTE15",
       "With BN the largest stable learning rate and the range of initial scales that train are larger."},
      {"sigmoid_trains_with_bn", "NOTE15", "A deep sigmoid network trains with BN and not without."},
      {"bn_noise_regularizes", "NOTE15; WIKI",
       "The conditional variance of one sample's output is O(1/m); its effect on the test loss."},
      {"imagenet_speedup", "NOTE15", "Not checkable on one CPU."},
      {"resnet18_cifar", "LL19 Fig. 2", "Not checkable on one CPU."},
  };
}

}  // namespace normproof::cli
