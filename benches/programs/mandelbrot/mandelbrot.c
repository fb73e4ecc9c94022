#include <stdio.h>
#include <stdlib.h>

static int escape(double cr, double ci) {
    double zr = 0, zi = 0, rr = 0, ii = 0;
    for (int i = 1; i <= 100; i++) {
        zi = 2 * zr * zi + ci;
        zr = rr - ii + cr;
        rr = zr * zr;
        ii = zi * zi;
        if (rr + ii > 4) return i;
    }
    return 100;
}

static long mandelbrot(int n) {
    long total = 0;
    for (int y = 0; y < n; y++) {
        double ci = 2.0 * y / n - 1;
        for (int x = 0; x < n; x++) total += escape(2.0 * x / n - 1.5, ci);
    }
    return total;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1800;
    printf("%ld\n", mandelbrot(n));
    return 0;
}
