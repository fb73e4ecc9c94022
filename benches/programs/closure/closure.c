#include <stdio.h>
#include <stdlib.h>

/* A function and what it has captured: a number, or two other functions. */
struct closure {
    long (*call)(const struct closure *self, long x);
    union {
        long number;
        struct {
            const struct closure *first, *second;
        };
    };
};

static long call(const struct closure *closure, long x) {
    return closure->call(closure, x);
}

static long add(const struct closure *self, long x) {
    return x + self->number;
}

static long scale(const struct closure *self, long x) {
    return x * self->number;
}

static long wrap(const struct closure *self, long x) {
    return x < self->number ? x : x % self->number;
}

static long apply_both(const struct closure *self, long x) {
    return call(self->second, call(self->first, x));
}

static struct closure *make(long (*call)(const struct closure *, long)) {
    struct closure *closure = malloc(sizeof *closure);
    if (!closure) abort();
    closure->call = call;
    return closure;
}

static const struct closure *capture(long (*call)(const struct closure *, long), long number) {
    struct closure *closure = make(call);
    closure->number = number;
    return closure;
}

/* The function that applies one after the other. */
static const struct closure *compose(const struct closure *first, const struct closure *second) {
    struct closure *closure = make(apply_both);
    closure->first = first;
    closure->second = second;
    return closure;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 8000000, x = 0;
    const struct closure *all = compose(
        compose(compose(capture(scale, 31), capture(add, 17)), compose(capture(wrap, 10007), capture(add, 5))),
        compose(compose(capture(scale, 7), capture(add, 3)), compose(capture(wrap, 5003), capture(wrap, 1009))));
    for (long i = 0; i < n; i++) x = call(all, x);
    printf("%ld\n", x);
    return 0;
}
