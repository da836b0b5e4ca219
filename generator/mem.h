/* Memory that is there: talloc calls that never return NULL. When there is none left, the program
 * says so and ends with exit code 70; no caller has to check.
 * SPDX-License-Identifier: MIT */
#ifndef MEM_H
#define MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

/* What every allocation of the generator goes through: `p` itself, or the end of the program. */
void *mem_check(void *p);
__attribute__((noreturn)) void mem_fail(void);
/* Make jansson's allocations end the program too. */
void mem_init(void);

#define mem_new(ctx, type) ((type *)mem_check(talloc_zero((ctx), type)))
#define mem_array(ctx, type, n) ((type *)mem_check(talloc_zero_array((ctx), type, (unsigned)(n))))
#define mem_grow(ctx, p, type, n) \
    ((type *)mem_check(talloc_realloc((ctx), (p), type, (unsigned)(n))))

char *mem_string(const void *ctx, const char *text);
char *mem_bytes(const void *ctx, const char *bytes, size_t len);        /* a NUL is added */
__attribute__((format(printf, 2, 3)))
char *mem_printf(const void *ctx, const char *format, ...);
char *mem_vprintf(const void *ctx, const char *format, va_list);
/* What vsnprintf does, for formats of %s, %u, %zu and %d alone and texts that fit, several times as
 * fast. Returns how many bytes; no NUL is added. SIZE_MAX: it is not that simple. */
size_t mem_format(char *to, size_t room, const char *format, va_list);

/* uthash: its tables come from here too, and last until mem_done. */
void *mem_table(size_t n);
void mem_done(void);
#undef uthash_fatal
#undef uthash_malloc
#undef uthash_free
#define uthash_fatal(text) mem_fail()
#define uthash_malloc(n) mem_table(n)
#define uthash_free(p, n) talloc_free(p)

#endif
