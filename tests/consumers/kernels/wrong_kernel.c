/* What does a kernel look like that differs from the example in one element of each call? The last y is 1 % too
 * large. */
#define normproof_kernels right_kernels
#include "batch_norm_infer.c"
#undef normproof_kernels

static normproof_status run_wrongly(const normproof_call* call) {
  const normproof_status status = run(call);
  const normproof_tensor* y = &call->y;
  if (status == NORMPROOF_OK && y->batch * y->channels * y->spatial > 0) {
    ((float*)y->data)[(y->batch - 1) * y->batch_stride + (y->channels - 1) * y->channel_stride +
                      (y->spatial - 1) * y->spatial_stride] *= 1.01f;
  }
  return status;
}

const normproof_library* normproof_kernels(uint32_t abi_version) {
  static normproof_kernel kernel;
  static normproof_library wrong = {NORMPROOF_ABI_VERSION, 1, &kernel};
  const normproof_library* right = right_kernels(abi_version);
  if (right == NULL) return NULL;
  kernel = right->kernels[0];
  kernel.name = "batch_norm_infer_wrong";
  kernel.run = run_wrongly;
  return &wrong;
}
