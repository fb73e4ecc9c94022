public class Heapsort {
    // Fills the array with numbers of Park and Miller's generator, from the one after `number` on; gives the last.
    static long fill(long[] numbers, long number) {
        for (int i = 0; i < numbers.length; i++) {
            number = number * 16807 % 2147483647;
            numbers[i] = number;
        }
        return number;
    }

    // Puts a number in its place at `at` or below, in a heap of `count`.
    static void siftDown(long[] heap, int at, int count, long number) {
        while (true) {
            int child = 2 * at + 1;
            if (child >= count) break;
            long a = heap[child];
            int other = child + 1;
            if (other < count) {
                long b = heap[other];
                if (b > a) {
                    child = other;
                    a = b;
                }
            }
            if (number >= a) break;
            heap[at] = a;
            at = child;
        }
        heap[at] = number;
    }

    static void heapsort(long[] numbers) {
        int count = numbers.length;
        for (int i = count / 2 - 1; i >= 0; i--) siftDown(numbers, i, count, numbers[i]);
        for (int i = count - 1; i > 0; i--) {
            long number = numbers[i];
            numbers[i] = numbers[0];
            siftDown(numbers, 0, i, number);
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 40;
        long[] numbers = new long[100_000];
        long seed = 42, sum = 0;
        for (int round = 0; round < rounds; round++) {
            seed = fill(numbers, seed);
            heapsort(numbers);
            sum += numbers[0] + numbers[50_000] + numbers[99_999];
        }
        System.out.println(sum);
    }
}
