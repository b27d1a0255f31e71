/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_REGISTRATION_H
#define SHEBAO_CORE_REGISTRATION_H

#include "shebao/unit.h"

/* units.csv repeats the employer's members once per unit number. */
struct registration {
	struct employer employer;
	struct unit unit;
};
extern const struct record_type registration_type;

#endif
