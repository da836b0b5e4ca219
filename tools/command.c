/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store.h"

/* -1: errno. */
static pid_t start(const char *const *argv, int out, int unused)
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (unused >= 0) posix_spawn_file_actions_addclose(&actions, unused);
    int error =
        posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -1 : pid;
}

static int finish(pid_t pid)
{
    int status;
    if (pid < 0) return COMMAND_NOT_FOUND;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int command_run(const char *const *argv)
{
    return finish(start(argv, STDERR_FILENO, -1));
}

static char *read_all(int fd)
{
    size_t size = 4096, n = 0;
    char *text = store_memory(size + 1);
    for (;;) {
        ssize_t got = read(fd, text + n, size - n);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        n += (size_t)got;
        if (n < size) continue;
        char *larger = store_memory(2 * size + 1);
        memcpy(larger, text, n);
        free(text);
        text = larger;
        size *= 2;
    }
}

char *command_output(const char *const *argv, int *status)
{
    int ends[2];
    *status = -1;
    if (pipe(ends) != 0) return NULL;
    pid_t pid = start(argv, ends[1], ends[0]);
    close(ends[1]);
    char *text = read_all(ends[0]);
    close(ends[0]);
    *status = finish(pid);
    return text;
}
