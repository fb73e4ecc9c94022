#include <stdio.h>
#include <stdlib.h>

static double **allocate(int n) {
    double **rows = malloc(n * sizeof *rows);
    if (!rows) abort();
    for (int i = 0; i < n; i++) {
        rows[i] = malloc(n * sizeof **rows);
        if (!rows[i]) abort();
    }
    return rows;
}

static void release(double **rows, int n) {
    for (int i = 0; i < n; i++) free(rows[i]);
    free(rows);
}

static double **make(int n) {
    double **rows = allocate(n), scale = 1.0 / n;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) rows[i][j] = scale * (i - j) * (i + j);
    }
    return rows;
}

static double **transpose(double **a, int n) {
    double **rows = allocate(n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) rows[i][j] = a[j][i];
    }
    return rows;
}

static double **multiply(double **a, double **b, int n) {
    double **columns = transpose(b, n), **rows = allocate(n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            const double *row = a[i], *column = columns[j];
            double sum = 0;
            for (int k = 0; k < n; k++) sum += row[k] * column[k];
            rows[i][j] = sum;
        }
    }
    release(columns, n);
    return rows;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 600;
    double **a = make(n), **b = make(n), **product = multiply(a, b, n);
    printf("%.6f\n", product[n / 2][n / 2]);
    release(a, n);
    release(b, n);
    release(product, n);
    return 0;
}
