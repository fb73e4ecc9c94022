#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct map {
    int64_t *keys, *values;
    size_t capacity, used;
};

static void reset(struct map *map, size_t capacity) {
    map->keys = malloc(capacity * sizeof *map->keys);
    map->values = calloc(capacity, sizeof *map->values);
    if (!map->keys || !map->values) abort();
    for (size_t i = 0; i < capacity; i++) map->keys[i] = -1;
    map->capacity = capacity;
    map->used = 0;
}

static size_t find(const struct map *map, int64_t key) {
    size_t mask = map->capacity - 1, at = (size_t)(key * 40503) & mask;
    while (map->keys[at] != key && map->keys[at] != -1) at = (at + 1) & mask;
    return at;
}

static int64_t get(const struct map *map, int64_t key) {
    return map->values[find(map, key)];
}

static void grow(struct map *map);

static void put(struct map *map, int64_t key, int64_t value) {
    size_t at = find(map, key);
    map->values[at] = value;
    if (map->keys[at] != key) {
        map->keys[at] = key;
        map->used++;
        if (map->used * 2 > map->capacity) grow(map);
    }
}

static void grow(struct map *map) {
    struct map old = *map;
    reset(map, old.capacity * 2);
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.keys[i] != -1) put(map, old.keys[i], old.values[i]);
    }
    free(old.keys);
    free(old.values);
}

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 20000000;
    struct map map;
    reset(&map, 16);
    int64_t key = 42, most = 0;
    for (long i = 0; i < rounds; i++) {
        key = (key * 211 + 1663) % 7875;
        int64_t count = get(&map, key) + 1;
        put(&map, key, count);
        if (count > most) most = count;
    }
    printf("%zu\n%lld\n", map.used, (long long)most);
    free(map.keys);
    free(map.values);
    return 0;
}
