/* Links over file descriptors on POSIX: see at_posix.h.
 * SPDX-License-Identifier: 0BSD */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "at_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct { unsigned long baud; speed_t speed; } speeds[] = {
    { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
#ifdef B57600
    { 57600, B57600 },
#endif
#ifdef B115200
    { 115200, B115200 },
#endif
#ifdef B230400
    { 230400, B230400 },
#endif
#ifdef B460800
    { 460800, B460800 },
#endif
#ifdef B921600
    { 921600, B921600 },
#endif
};

static int set_raw(int fd, speed_t speed)
{
    struct termios t;
    if (tcgetattr(fd, &t) != 0) return -1;
    t.c_iflag = IGNBRK;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = (t.c_cflag & ~(tcflag_t)(CSIZE | PARENB | CSTOPB)) | CS8 | CLOCAL | CREAD;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    if (cfsetispeed(&t, speed) != 0 || cfsetospeed(&t, speed) != 0) return -1;
    return tcsetattr(fd, TCSANOW, &t);
}

int at_posix_open(const char *path, unsigned long baud)
{
    size_t i, n = sizeof speeds / sizeof *speeds;
    int fd, error;
    for (i = 0; i < n && speeds[i].baud != baud; i++) continue;
    if (i == n) {
        errno = EINVAL;
        return -1;
    }
    fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || set_raw(fd, speeds[i].speed) == 0) return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static size_t port_write(void *ctx, const uint8_t *p, size_t n)
{
    at_posix *io = (at_posix *)ctx;
    ssize_t taken = write(io->out, p, n);
    if (taken >= 0) return (size_t)taken;
    if (!would_block()) io->ended = io->broken = true;
    return 0;
}

static uint32_t port_now(void *ctx)
{
    struct timespec t;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)((uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u);
}

/* Read what has come, unless bytes still wait for the link. */
static void receive(at_posix *io)
{
    ssize_t n;
    if (io->n > 0) return;
    n = read(io->in, io->bytes, sizeof io->bytes);
    io->at = 0;
    if (n > 0) io->n = (size_t)n;
    else if (n == 0 || !would_block()) io->ended = true;
}

static void feed(at_posix *io)
{
    size_t taken = io->n > 0 ? at_feed(io->link, io->bytes + io->at, io->n) : 0;
    io->at += taken;
    io->n -= taken;
}

static int at_most(int ms, uint32_t due)
{
    if (due > INT_MAX) return ms;
    return ms < 0 || (int)due < ms ? (int)due : ms;
}

/* Wait for the descriptors. Bytes that the link did not take are offered again in a while: what it
 * waits for may be its user, who is no descriptor. */
static void sleep_until(at_posix *io, int ms)
{
    struct pollfd fds[2];
    fds[0].fd = io->n > 0 || io->ended ? -1 : io->in;
    fds[0].events = POLLIN;
    fds[1].fd = at_wants_write(io->link) ? io->out : -1;
    fds[1].events = POLLOUT;
    fds[0].revents = fds[1].revents = 0;
    if (io->n > 0) ms = at_most(ms, 10);
    if (io->ended && ms < 0 && fds[1].fd < 0) ms = 0;
    if (poll(fds, 2, ms) > 0 && fds[0].revents != 0) receive(io);
}

static uint32_t turn(at_posix *io, int ms)
{
    feed(io);
    sleep_until(io, at_most(ms, at_poll(io->link)));
    feed(io);
    return at_poll(io->link);
}

static void port_wait(void *ctx, uint32_t ms)
{
    at_posix *io = (at_posix *)ctx;
    (void)turn(io, at_most(-1, ms));
}

void at_posix_init(at_posix *io, at_port *port, int in, int out)
{
    at_port mine = { port_write, port_now, port_wait, NULL, NULL };
    memset(io, 0, sizeof *io);
    io->in = in;
    io->out = out;
    mine.ctx = io;
    *port = mine;
    (void)fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
    (void)fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
}

void at_posix_link(at_posix *io, at_link *link)
{
    io->link = link;
}

bool at_posix_turn(at_posix *io, int ms)
{
    size_t waiting = io->n;
    uint32_t due = turn(io, ms);
    if (!io->ended) return true;
    if (!io->broken && (io->n < waiting || due < UINT32_MAX || at_wants_write(io->link)))
        return true;            /* nothing more comes, but what has come is not done */
    at_lost(io->link);
    return false;
}
