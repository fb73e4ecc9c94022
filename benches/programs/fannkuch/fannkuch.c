#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 16

/* Turns the front of q round until 0 comes first; first is its first number, which is not kept up to date in q. */
static int count_flips(int *q, int first) {
    int flips = 1;
    for (;;) {
        int next = q[first];
        if (next == 0) return flips;
        q[first] = first;
        if (first >= 3) {
            int i = 1, j = first - 1;
            do {
                int t = q[i];
                q[i] = q[j];
                q[j] = t;
                i++;
                j--;
            } while (i < j);
        }
        first = next;
        flips++;
    }
}

static int fannkuch(int n, int *most) {
    int p[MOST], q[MOST], s[MOST];
    for (int i = 0; i < n; i++) {
        p[i] = i;
        s[i] = i;
    }
    int sign = 1, sum = 0;
    *most = 0;
    for (;;) {
        int first = p[0];
        if (first != 0) {
            memcpy(q, p, n * sizeof *q);
            int flips = count_flips(q, first);
            if (flips > *most) *most = flips;
            sum += sign * flips;
        }
        if (sign == 1) {
            int t = p[0];
            p[0] = p[1];
            p[1] = t;
            sign = -1;
        } else {
            int t = p[1];
            p[1] = p[2];
            p[2] = t;
            sign = 1;
            for (int i = 2; i < n; i++) {
                int left = s[i];
                if (left != 0) {
                    s[i] = left - 1;
                    break;
                }
                if (i == n - 1) return sum;
                s[i] = i;
                int head = p[0];
                for (int j = 0; j <= i; j++) p[j] = p[j + 1];
                p[i + 1] = head;
            }
        }
    }
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 20, most = 0;
    long total = 0;
    for (int round = 0; round < rounds; round++) {
        int flips;
        total += fannkuch(9, &flips);
        if (flips > most) most = flips;
    }
    printf("%ld\n%d\n", total, most);
    return 0;
}
