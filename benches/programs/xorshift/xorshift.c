#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int64_t xorshift(long rounds) {
    uint32_t state = 2463534242u;
    int64_t sum = 0;
    for (long i = 0; i < rounds; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        sum += state & 0xffff;
    }
    return sum;
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 150000000;
    printf("%lld\n", (long long)xorshift(rounds));
    return 0;
}
