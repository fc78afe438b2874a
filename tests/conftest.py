"""Settings of the whole test run."""

import os

# Matrices here are small: a second BLAS thread gains nothing, and on a busy machine costs a factor of 50.
# Snakemake gives every job as many as it has threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
