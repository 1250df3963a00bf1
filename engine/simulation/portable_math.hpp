#pragma once

/// Logarithm and exponential from additions, multiplications and divisions alone. The C library's may differ in the
/// last bit from machine to machine, and one bit decides who comes first; IEEE 754 arithmetic does not.
namespace kindred::simulation {

/// Natural logarithm of a positive, finite number; relative error below 1e-14.
double log_of(double x);

/// e to the power of x for |x| < 700; relative error below 1e-14.
double exp_of(double x);

}  // namespace kindred::simulation
