#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT 100000

/* Fills the array with numbers of Park and Miller's generator, from the one after `number` on; gives the last. */
static int64_t fill(int64_t *numbers, int64_t number) {
    for (long i = 0; i < COUNT; i++) {
        number = number * 16807 % 2147483647;
        numbers[i] = number;
    }
    return number;
}

/* Puts a number in its place at `at` or below, in a heap of `count`. */
static void sift_down(int64_t *heap, long at, long count, int64_t number) {
    for (;;) {
        long child = 2 * at + 1;
        if (child >= count) break;
        int64_t a = heap[child];
        if (child + 1 < count && heap[child + 1] > a) a = heap[++child];
        if (number >= a) break;
        heap[at] = a;
        at = child;
    }
    heap[at] = number;
}

static void heapsort_numbers(int64_t *numbers, long count) {
    for (long i = count / 2 - 1; i >= 0; i--) sift_down(numbers, i, count, numbers[i]);
    for (long i = count - 1; i > 0; i--) {
        int64_t number = numbers[i];
        numbers[i] = numbers[0];
        sift_down(numbers, 0, i, number);
    }
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 40;
    int64_t *numbers = malloc(COUNT * sizeof *numbers), seed = 42, sum = 0;
    if (!numbers) abort();
    for (long round = 0; round < rounds; round++) {
        seed = fill(numbers, seed);
        heapsort_numbers(numbers, COUNT);
        sum += numbers[0] + numbers[50000] + numbers[99999];
    }
    printf("%lld\n", (long long)sum);
    free(numbers);
    return 0;
}
