// What the kernel takes for the deliveries of a relay, by itself: a server without protocol, framing or memory of its own, whose every
// turn is to read what the senders sent and to write all of it to every client with one system call each. A server that writes so can
// deliver no more in a second of its processor time.
//
// usage: floor CLIENTS MESSAGES-UNDER-WAY SECONDS; prints thousands of deliveries per CPU second of the server
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_CORE = 0, LOAD_CORE = 1, EVENTS = 256, WARM_UP = 1 };

// A message of 100 bytes has 104 on the wire: a text frame's head, and from clients a mask.
enum { FRAME = 104 };

static int clients, under_way;
static int *sockets;
static char buffer[1 << 16];

static void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        err(1, "core %d is needed", core);
}

static double clock_now(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void watch(int epoll, int socket) {
    int yes = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0)
        err(1, "epoll_ctl");
}

// Reads until so many bytes have come, over what came before.
static long read_until(int epoll, long got, long needed) {
    struct epoll_event events[EVENTS];
    while (got < needed) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            ssize_t length = recv(events[i].data.fd, buffer, sizeof buffer, 0);
            if (length <= 0)
                exit(0); // the other side is done
            got += length;
        }
    }
    return got - needed;
}

static void write_all(int socket, int length) {
    if (send(socket, buffer, length, MSG_NOSIGNAL) != length)
        errx(1, "a write was not taken whole");
}

// Each of the senders, which are the first clients, sends again when everybody has everything.
static void be_load(struct sockaddr_in address) {
    pin(LOAD_CORE);
    int epoll = epoll_create1(0);
    for (int i = 0; i < clients; i++) {
        sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sockets[i], (struct sockaddr *)&address, sizeof address) != 0)
            err(1, "connect");
        watch(epoll, sockets[i]);
    }
    for (long got = 0;; got = read_until(epoll, got, (long)clients * under_way * FRAME)) {
        for (int i = 0; i < under_way; i++)
            write_all(sockets[i], FRAME);
    }
}

static double be_server(int listener, double seconds) {
    pin(SERVER_CORE);
    int epoll = epoll_create1(0);
    for (int i = 0; i < clients; i++) {
        sockets[i] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        watch(epoll, sockets[i]);
    }
    double began = clock_now(CLOCK_MONOTONIC), used = 0;
    long got = 0, turns = 0;
    while (clock_now(CLOCK_MONOTONIC) - began < WARM_UP + seconds) {
        got = read_until(epoll, got, (long)under_way * FRAME);
        for (int i = 0; i < clients; i++)
            write_all(sockets[i], under_way * FRAME);
        if (turns == 0 && clock_now(CLOCK_MONOTONIC) - began >= WARM_UP)
            used = clock_now(CLOCK_PROCESS_CPUTIME_ID);
        turns += used > 0;
    }
    return (double)turns * clients * under_way / (clock_now(CLOCK_PROCESS_CPUTIME_ID) - used);
}

int main(int argc, char **argv) {
    if (argc != 4)
        errx(2, "usage: floor CLIENTS MESSAGES-UNDER-WAY SECONDS");
    clients = atoi(argv[1]);
    under_way = atoi(argv[2]);
    sockets = calloc(clients, sizeof *sockets);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 4096) != 0)
        err(1, "listen");
    getsockname(listener, (struct sockaddr *)&address, &length);

    pid_t load = fork();
    if (load == 0)
        be_load(address);
    printf("%.0f\n", be_server(listener, atof(argv[3])) / 1000);
    kill(load, SIGKILL);
    wait(NULL);
    return 0;
}
