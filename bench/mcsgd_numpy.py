#!/usr/bin/env python3
"""How many replica-steps per second does numpy reach on the two-layer problem of mcsgd_throughput?

The operations are those of proofs_checks/simulation/two_layer.hpp, in float64, vectorised over replicas, each written
into memory that is kept; the Gaussian noise is a numpy Generator's, drawn for many steps at a time. One process, one
thread. Printed for several numbers of replicas, for one and for two samples a step, with the best of each.

usage: mcsgd_numpy.py [REPLICA_STEPS_PER_TRIAL]
"""

import sys
import time

try:
    import numpy
except ImportError:
    sys.exit("mcsgd_numpy.py: needs numpy for this Python (Debian: python3-numpy, then /usr/bin/python3)")

A1, B1, C1, D1 = 1.0, 0.5, 0.3, 0.1
A2, B2, C2, D2 = 0.8, 0.7, 0.2, -0.1
MEAN, STANDARD_DEVIATION = 0.5, 1.0
START = (1.0, -1.0, 0.0, 0.0)
ALPHA_POWER, GAMMA_POWER, GAMMA_0 = 0.4, 0.8, 0.2
NOISE_DRAWN_AT_A_TIME = 16384  # numbers: 128 kB, within the second cache
TRIALS = 3


def affine(a, w, b, x, c, y, d, out, scratch):
    """out = a w + b x + c y + d."""
    numpy.multiply(w, a, out=out)
    numpy.multiply(x, b, out=scratch)
    out += scratch
    numpy.multiply(y, c, out=scratch)
    out += scratch
    out += d


def run(replicas, steps, samples, generator):
    w1, w2, e1, e2 = (numpy.full(replicas, value) for value in START)
    x, r, update, scratch = (numpy.empty(replicas) for _ in range(4))
    k = numpy.arange(steps, dtype=numpy.float64)
    alphas = ((k + 1) ** -ALPHA_POWER).tolist()
    rates = (GAMMA_0 * (k + 2) ** -GAMMA_POWER).tolist()
    rows = max(1, NOISE_DRAWN_AT_A_TIME // (replicas * samples)) * samples
    noise = numpy.empty((rows, replicas))
    row = rows
    for alpha, rate in zip(alphas, rates):
        if row == rows:
            generator.standard_normal(out=noise)
            noise *= STANDARD_DEVIATION
            noise += MEAN
            row = 0
        xi, xi_oracle = noise[row], noise[row + samples - 1]
        row += samples
        # ê₁ sees ê₂ from before the step.
        affine(A2, w2, B2, xi, C2, e2, D2, x, scratch)
        numpy.multiply(xi, alpha, out=update)
        e2 *= 1 - alpha
        e2 += update
        x *= alpha
        e1 *= 1 - alpha
        e1 += x
        affine(A2, w2, B2, xi_oracle, C2, e2, D2, x, scratch)
        affine(A1, w1, B1, x, C1, e1, D1, r, scratch)
        numpy.multiply(r, A1, out=update)
        update *= rate
        w1 -= update
        numpy.multiply(r, B1, out=update)
        update *= A2
        numpy.multiply(r, C1, out=scratch)
        scratch *= A2
        update += scratch
        update *= rate
        w2 -= update
    return w1, w2, e1, e2


def main():
    replica_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
    for samples in (1, 2):
        best = (0.0, 0, "")
        for bits in (numpy.random.PCG64, numpy.random.SFC64):
            generator = numpy.random.Generator(bits(7))
            for replicas in (256, 512, 1024, 2048, 4096, 8192, 16384, 65536):
                steps = max(1, replica_steps // replicas)
                fastest = float("inf")
                for _ in range(TRIALS):
                    begin = time.perf_counter()
                    run(replicas, steps, samples, generator)
                    fastest = min(fastest, time.perf_counter() - begin)
                rate = replicas * steps / fastest
                best = max(best, (rate, replicas, bits.__name__))
                print(f"samples {samples}  {bits.__name__}  replicas {replicas:6d}  {rate / 1e6:7.1f} M replica-steps/s")
        print(f"samples {samples}  best: {best[0] / 1e6:.1f} M replica-steps/s ({best[2]}, {best[1]} replicas)")


if __name__ == "__main__":
    main()
