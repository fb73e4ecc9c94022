#include <stdio.h>
#include <stdlib.h>

static int triples(int n) {
    int count = 0;
    for (int a = 1; a <= n; a++) {
        for (int b = a; b <= n; b++) {
            int sum = a * a + b * b;
            for (int c = b; c <= n; c++) {
                if (c * c == sum) count++;
            }
        }
    }
    return count;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1300;
    printf("%d\n", triples(n));
    return 0;
}
