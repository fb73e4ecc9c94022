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

/* Sorts the numbers from low to high, both included. */
static void quicksort(int64_t *numbers, long low, long high) {
    while (low < high) {
        int64_t pivot = numbers[(low + high) / 2];
        long i = low, j = high;
        do {
            while (numbers[i] < pivot) i++;
            while (numbers[j] > pivot) j--;
            if (i <= j) {
                int64_t t = numbers[i];
                numbers[i++] = numbers[j];
                numbers[j--] = t;
            }
        } while (i <= j);
        /* The smaller part by recursion, the larger one in the loop. */
        if (j - low < high - i) {
            quicksort(numbers, low, j);
            low = i;
        } else {
            quicksort(numbers, i, high);
            high = j;
        }
    }
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 60;
    int64_t *numbers = malloc(COUNT * sizeof *numbers), seed = 42, sum = 0;
    if (!numbers) abort();
    for (long round = 0; round < rounds; round++) {
        seed = fill(numbers, seed);
        quicksort(numbers, 0, COUNT - 1);
        sum += numbers[0] + numbers[50000] + numbers[99999];
    }
    printf("%lld\n", (long long)sum);
    free(numbers);
    return 0;
}
