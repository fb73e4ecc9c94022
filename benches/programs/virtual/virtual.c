#include <stdio.h>
#include <stdlib.h>

struct expression;

struct methods {
    double (*evaluate)(const struct expression *self, double x);
};

struct expression {
    const struct methods *methods;
};

static double evaluate(const struct expression *expression, double x) {
    return expression->methods->evaluate(expression, x);
}

struct constant {
    struct expression base;
    double value;
};

struct variable {
    struct expression base;
};

struct binary {
    struct expression base;
    struct expression *left, *right;
};

static double evaluate_constant(const struct expression *self, double x) {
    (void)x;
    return ((const struct constant *)self)->value;
}

static double evaluate_variable(const struct expression *self, double x) {
    (void)self;
    return x;
}

static double evaluate_sum(const struct expression *self, double x) {
    const struct binary *sum = (const struct binary *)self;
    return evaluate(sum->left, x) + evaluate(sum->right, x);
}

static double evaluate_product(const struct expression *self, double x) {
    const struct binary *product = (const struct binary *)self;
    return evaluate(product->left, x) * evaluate(product->right, x);
}

static const struct methods constant_methods = {evaluate_constant}, variable_methods = {evaluate_variable},
                            sum_methods = {evaluate_sum}, product_methods = {evaluate_product};

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory) abort();
    return memory;
}

static struct expression *constant(double value) {
    struct constant *constant = allocate(sizeof *constant);
    constant->base.methods = &constant_methods;
    constant->value = value;
    return &constant->base;
}

static struct expression *variable(void) {
    struct variable *variable = allocate(sizeof *variable);
    variable->base.methods = &variable_methods;
    return &variable->base;
}

static struct expression *binary(const struct methods *methods, struct expression *left, struct expression *right) {
    struct binary *binary = allocate(sizeof *binary);
    binary->base.methods = methods;
    binary->left = left;
    binary->right = right;
    return &binary->base;
}

/* 1 + x (2 + x (3 + …)) to the degree given. */
static struct expression *polynomial(int degree) {
    struct expression *result = constant(degree + 1);
    for (int value = degree; value >= 1; value--) {
        result = binary(&sum_methods, constant(value), binary(&product_methods, variable(), result));
    }
    return result;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1500000;
    struct expression *expression = polynomial(12);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += evaluate(expression, (double)i / n);
    printf("%.6f\n", sum);
    return 0;
}
