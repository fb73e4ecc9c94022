#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *left, *right;
};

static struct node *build(int depth) {
    struct node *node = malloc(sizeof *node);
    if (!node) abort();
    node->left = depth > 0 ? build(depth - 1) : NULL;
    node->right = depth > 0 ? build(depth - 1) : NULL;
    return node;
}

static int count_nodes(const struct node *node) {
    return node->left ? count_nodes(node->left) + count_nodes(node->right) + 1 : 1;
}

static void release(struct node *node) {
    if (!node) return;
    release(node->left);
    release(node->right);
    free(node);
}

static int count_and_release(struct node *node) {
    int nodes = count_nodes(node);
    release(node);
    return nodes;
}

int main(int argc, char **argv) {
    int deepest = argc > 1 ? atoi(argv[1]) : 17;
    printf("%d %d\n", deepest + 1, count_and_release(build(deepest + 1)));
    struct node *long_lived = build(deepest);
    for (int depth = 4; depth <= deepest; depth += 2) {
        int trees = 1 << (deepest - depth + 4), sum = 0;
        for (int i = 0; i < trees; i++) sum += count_and_release(build(depth));
        printf("%d %d\n", depth, sum);
    }
    printf("%d %d\n", deepest, count_and_release(long_lived));
    return 0;
}
