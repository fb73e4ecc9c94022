#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

struct handler {
    jmp_buf place;
    long code;
};

/* Jumps to the handler if n is odd, depth frames further down. */
static long descend(struct handler *handler, int depth, long n) {
    if (depth == 0) {
        if (n % 2 != 0) {
            handler->code = n;
            longjmp(handler->place, 1);
        }
        return n;
    }
    return descend(handler, depth - 1, n) + 1;
}

/* What comes back, or the code of the failure doubled. */
static long attempt(long n) {
    struct handler handler;
    if (setjmp(handler.place) == 0) return descend(&handler, 8, n);
    return handler.code * 2;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 7000000, sum = 0;
    for (long i = 0; i < n; i++) sum += attempt(i);
    printf("%ld\n", sum);
    return 0;
}
