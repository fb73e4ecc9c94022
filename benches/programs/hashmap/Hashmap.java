import java.util.Arrays;

public class Hashmap {
    static final class Map {
        private long[] keys, values;
        private int used;

        Map(int capacity) {
            reset(capacity);
        }

        private void reset(int capacity) {
            keys = new long[capacity];
            Arrays.fill(keys, -1);
            values = new long[capacity];
            used = 0;
        }

        private int find(long key) {
            long[] keys = this.keys;
            int mask = keys.length - 1;
            int at = (int) (key * 40503) & mask;
            long found = keys[at];
            while (found != key && found != -1) {
                at = at + 1 & mask;
                found = keys[at];
            }
            return at;
        }

        long get(long key) {
            return values[find(key)];
        }

        void put(long key, long value) {
            int at = find(key);
            values[at] = value;
            if (keys[at] != key) {
                keys[at] = key;
                used++;
                if (used * 2 > keys.length) grow();
            }
        }

        private void grow() {
            long[] keys = this.keys, values = this.values;
            reset(keys.length * 2);
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != -1) put(keys[i], values[i]);
            }
        }

        int size() {
            return used;
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20_000_000;
        Map map = new Map(16);
        long key = 42, most = 0;
        for (int i = 0; i < rounds; i++) {
            key = (key * 211 + 1663) % 7875;
            long count = map.get(key) + 1;
            map.put(key, count);
            if (count > most) most = count;
        }
        System.out.println(map.size());
        System.out.println(most);
    }
}
