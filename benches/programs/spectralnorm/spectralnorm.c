#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double element(int i, int j) {
    return 1.0 / (((i + j) * (i + j + 1) >> 1) + i + 1);
}

static void multiply(int n, const double *v, double *result) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += element(i, j) * v[j];
        result[i] = sum;
    }
}

static void multiply_transposed(int n, const double *v, double *result) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += element(j, i) * v[j];
        result[i] = sum;
    }
}

static void multiply_both(int n, const double *v, double *result, double *between) {
    multiply(n, v, between);
    multiply_transposed(n, between, result);
}

static double *vector(int n) {
    double *v = malloc(n * sizeof *v);
    if (!v) abort();
    for (int i = 0; i < n; i++) v[i] = 1;
    return v;
}

static double spectral_norm(int n) {
    double *u = vector(n), *v = vector(n), *t = vector(n);
    for (int i = 0; i < 10; i++) {
        multiply_both(n, u, v, t);
        multiply_both(n, v, u, t);
    }
    double vbv = 0, vv = 0;
    for (int i = 0; i < n; i++) {
        vbv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    free(u);
    free(v);
    free(t);
    return sqrt(vbv / vv);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1500;
    printf("%.9f\n", spectral_norm(n));
    return 0;
}
