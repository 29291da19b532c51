#pragma once

namespace latentgrid::worker {

// Arithmetic whose floats are the same bytes on every x86-64 CPU with AVX2: OpenBLAS keeps to its kernels for Haswell, oneDNN and
// LibTorch to those for AVX2. They look at the environment once, as they are loaded, so the process starts itself anew in
// another one. Does nothing where that has been done. Throws Error if it can't. Our own kernels
// give the same bits on every such CPU anyhow.
void keep_to_portable_instructions(char** argv);

// Throws TaskError unless this process does, and the CPU has what it takes.
void check_portable_instructions();

}  // namespace latentgrid::worker
