/* See child.h.
 * SPDX-License-Identifier: 0BSD */
#include "child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void stop(void)
{
    kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
}

int child_start(char **command)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    child = fork();
    if (child != 0) {
        close(ends[1]);
        return child > 0 && atexit(stop) == 0 ? ends[0] : -1;
    }
    dup2(ends[1], 0);
    dup2(ends[1], 1);
    close(ends[0]);
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}
