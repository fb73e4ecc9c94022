#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long sevens;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory) abort();
    return memory;
}

static char *join(char **parts, int count, char between) {
    size_t length = count;
    for (int i = 0; i < count; i++) length += strlen(parts[i]);
    char *text = allocate(length), *end = text;
    for (int i = 0; i < count; i++) {
        if (i > 0) *end++ = between;
        size_t part = strlen(parts[i]);
        memcpy(end, parts[i], part);
        end += part;
    }
    *end = '\0';
    return text;
}

static char *make_list(int first) {
    char *parts[1000];
    for (int i = 0; i < 1000; i++) {
        char buffer[24];
        int length = snprintf(buffer, sizeof buffer, "item%d", first + i);
        char *part = allocate(length + 1);
        memcpy(part, buffer, length + 1);
        if (strcmp(part + length - 1, "7") == 0) sevens++;
        parts[i] = part;
    }
    char *list = join(parts, 1000, ',');
    for (int i = 0; i < 1000; i++) free(parts[i]);
    return list;
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 6500;
    long total = 0;
    for (int round = 0; round < rounds; round++) {
        char *list = make_list(round * 1000);
        total += strlen(list);
        free(list);
    }
    printf("%ld\n%ld\n", total, sevens);
    return 0;
}
