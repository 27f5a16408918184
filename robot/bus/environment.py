"""Environment under which numeric libraries give the same bits in every process, on any number of cores.

One thread each: nodes share the cores, and sums that are split over threads depend on how many there are. OpenCV goes
without Intel's primitives, whose exact distance transform depends on where in memory the image happens to lie.
"""

from __future__ import annotations

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "OPENCV_IPP": "disabled",
    "OPENCV_LOG_LEVEL": "ERROR",  # it warns of the line above in every process
}
