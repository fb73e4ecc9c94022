#include <stdio.h>
#include <stdlib.h>

/* A stage is any object, and the function that sends a number through it. */
struct stage {
    long (*apply)(void *self, long x);
    void *self;
};

struct add {
    long amount;
};

struct scale {
    long factor;
};

/* Keeps numbers below a limit. */
struct wrap {
    long limit;
};

/* Counts what comes by, which it does not change. */
struct count {
    long count;
};

static long apply_add(void *self, long x) {
    return x + ((struct add *)self)->amount;
}

static long apply_scale(void *self, long x) {
    return x * ((struct scale *)self)->factor;
}

static long apply_wrap(void *self, long x) {
    long limit = ((struct wrap *)self)->limit;
    return x < limit ? x : x % limit;
}

static long apply_count(void *self, long x) {
    ((struct count *)self)->count++;
    return x;
}

static long apply_all(const struct stage *stages, int length, long x) {
    for (int i = 0; i < length; i++) x = stages[i].apply(stages[i].self, x);
    return x;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 6000000, x = 0;
    struct add add_17 = {17}, add_5 = {5};
    struct scale scale_31 = {31}, scale_7 = {7};
    struct wrap wrap_10007 = {10007}, wrap_1009 = {1009};
    struct count count = {0};
    struct stage stages[] = {
        {apply_count, &count}, {apply_scale, &scale_31}, {apply_add, &add_17},    {apply_wrap, &wrap_10007},
        {apply_count, &count}, {apply_add, &add_5},      {apply_scale, &scale_7}, {apply_wrap, &wrap_1009},
    };
    for (long i = 0; i < n; i++) x = apply_all(stages, sizeof stages / sizeof *stages, x);
    printf("%ld\n%ld\n", x, count.count);
    return 0;
}
