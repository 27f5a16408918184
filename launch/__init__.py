"""The `launch` command: profiles, process table, benches, reports."""

import os

# Before numpy loads anywhere: one thread per process, as nodes have them. Sums that are split over threads would make
# a run in one process differ from one in ten.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ.setdefault(_variable, "1")
