#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static long sieve(long limit) {
    bool *composite = calloc(limit, sizeof *composite);
    if (!composite) abort();
    long count = 0;
    for (long i = 2; i < limit; i++) {
        if (!composite[i]) {
            count++;
            for (long j = i * i; j < limit; j += i) composite[j] = true;
        }
    }
    free(composite);
    return count;
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 160;
    long sum = 0;
    for (long round = 0; round < rounds; round++) sum += sieve(1000000);
    printf("%ld\n", sum);
    return 0;
}
