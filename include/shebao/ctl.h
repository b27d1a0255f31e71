/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_CTL_H
#define SHEBAO_CLI_CTL_H

/* The whole of shebaoctl; returns its exit status. */
int ctl_main(int argc, char **argv);

#endif
