/* What the firmware needs of its board: Arm's MPS2 with a Cortex-M3 (AN385), which QEMU emulates as mps2-an385.
 * SPDX-License-Identifier: 0BSD */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

void board_init(void (*on_byte)(uint8_t));          /* on_byte: called from the receive interrupt of UART 0 */
size_t board_write(const uint8_t *p, size_t n);     /* to UART 0; how many it took */
uint32_t board_millis(void);
void board_sleep(void);                             /* until an interrupt; call with interrupts off, see board_irq */
void board_irq(int on);

/* For measurements: a clock that calls on_tick from its interrupt every `cycles` of 25 MHz (0: stop), a counter of
 * cycles, and the debugger's console. */
void board_tick(uint32_t cycles, void (*on_tick)(void));
uint32_t board_cycles(void);
void board_print(const char *text, uint32_t number);
void board_exit(int ok) __attribute__((noreturn));

#endif
