/* MPS2 AN385: vectors, start, UART 0, clocks. "Application Note AN385", tables 3-2 and 3-3; "Cortex-M System Design Kit",
 * chapter 4 (APB timer and UART).
 * SPDX-License-Identifier: 0BSD */
#include "board.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define TIMER0 0x40000000u
#define TIMER1 0x40001000u
#define UART0 0x40004000u
#define UART_DATA REG(UART0 + 0x0)
#define UART_STATE REG(UART0 + 0x4)
#define UART_CTRL REG(UART0 + 0x8)
#define UART_INTCLEAR REG(UART0 + 0xc)
#define UART_BAUDDIV REG(UART0 + 0x10)
#define TIMER_CTRL(t) REG((t) + 0x0)
#define TIMER_VALUE(t) REG((t) + 0x4)
#define TIMER_RELOAD(t) REG((t) + 0x8)
#define TIMER_INTCLEAR(t) REG((t) + 0xc)
#define SYSTICK_CTRL REG(0xe000e010u)
#define SYSTICK_RELOAD REG(0xe000e014u)
#define NVIC_ENABLE REG(0xe000e100u)

enum { CLOCK_HZ = 25000000, UART_FULL = 1 << 1, UART_TX_FULL = 1 << 0, TX_RX_RXIRQ = 1 | 2 | 8, IRQ_UART0 = 0, IRQ_TIMER0 = 8 };

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;
int main(void);

static void (*byte_came)(uint8_t);
static void (*ticked)(void);

void board_reset(void);
void board_reset(void)
{
    uint32_t *to = &data_start, *from = &data_load;
    while (to < &data_end) *to++ = *from++;
    for (to = &bss_start; to < &bss_end; to++) *to = 0;
    board_exit(main() == 0);
}

static void fault(void) { board_exit(0); }
static void systick(void) { }        /* only wakes the loop: an emulator may skip some */

static void uart_received(void)
{
    UART_INTCLEAR = 2;
    while (UART_STATE & UART_FULL) byte_came((uint8_t)UART_DATA);
}

static void timer_ticked(void)
{
    TIMER_INTCLEAR(TIMER0) = 1;
    ticked();
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16 + 9])(void) = {
    (void (*)(void))(uintptr_t)&stack_top, board_reset, fault, fault, fault, fault, fault,
    [11] = fault, [14] = fault, [15] = systick,
    [16 + IRQ_UART0] = uart_received, [16 + IRQ_TIMER0] = timer_ticked,
};

void board_init(void (*on_byte)(uint8_t))
{
    byte_came = on_byte;
    SYSTICK_RELOAD = CLOCK_HZ / 1000 - 1;
    SYSTICK_CTRL = 7;
    UART_BAUDDIV = CLOCK_HZ / 921600;
    UART_CTRL = TX_RX_RXIRQ;
    NVIC_ENABLE = 1u << IRQ_UART0;
}

size_t board_write(const uint8_t *p, size_t n)
{
    size_t i;
    for (i = 0; i < n && !(UART_STATE & UART_TX_FULL); i++) UART_DATA = p[i];
    return i;
}

void board_sleep(void) { __asm__ volatile("wfi"); }

void board_irq(int on)
{
    if (on) __asm__ volatile("cpsie i" ::: "memory");
    else __asm__ volatile("cpsid i" ::: "memory");
}

void board_tick(uint32_t cycles, void (*on_tick)(void))
{
    ticked = on_tick;
    TIMER_CTRL(TIMER0) = 0;
    if (cycles == 0) return;
    TIMER_RELOAD(TIMER0) = TIMER_VALUE(TIMER0) = cycles - 1;
    TIMER_CTRL(TIMER0) = 9;         /* run, with interrupt */
    NVIC_ENABLE = 1u << IRQ_TIMER0;
}

uint32_t board_cycles(void)
{
    if (TIMER_CTRL(TIMER1) == 0) {
        TIMER_RELOAD(TIMER1) = TIMER_VALUE(TIMER1) = UINT32_MAX;
        TIMER_CTRL(TIMER1) = 1;
    }
    return UINT32_MAX - TIMER_VALUE(TIMER1);
}

uint32_t board_millis(void)
{
    static uint32_t millis, seen;       /* cycles it stands for */
    uint32_t passed = (board_cycles() - seen) / (CLOCK_HZ / 1000);
    seen += passed * (CLOCK_HZ / 1000);
    return millis += passed;
}

/* ---- semihosting: "Semihosting for AArch32 and AArch64", SYS_WRITE0, SYS_EXIT ---- */
static void semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_print(const char *text, uint32_t number)
{
    char digits[12], *p = digits + sizeof digits;
    *--p = '\0';
    *--p = '\n';
    do *--p = (char)('0' + number % 10); while (number /= 10);
    semihost(4, text);
    semihost(4, p);
}

void board_exit(int ok)
{
    semihost(0x18, (const void *)(uintptr_t)(ok ? 0x20026u : 0x20024u));
    for (;;) continue;
}
