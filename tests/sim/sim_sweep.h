/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_SWEEP_H
#define SHEBAO_TESTS_SIM_SWEEP_H

#include <stdint.h>

/* All single deaths, and so many pairs (one of each side). 0 when all passed. */
int sim_sweep(int jobs, uint64_t pairs);

#endif
