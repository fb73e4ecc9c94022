public class Quicksort {
    // Fills the array with numbers of Park and Miller's generator, from the one after `number` on; gives the last.
    static long fill(long[] numbers, long number) {
        for (int i = 0; i < numbers.length; i++) {
            number = number * 16807 % 2147483647;
            numbers[i] = number;
        }
        return number;
    }

    // Sorts the numbers from low to high, both included.
    static void quicksort(long[] numbers, int low, int high) {
        while (low < high) {
            long pivot = numbers[(low + high) >>> 1];
            int i = low, j = high;
            do {
                while (numbers[i] < pivot) i++;
                while (numbers[j] > pivot) j--;
                if (i <= j) {
                    long t = numbers[i];
                    numbers[i++] = numbers[j];
                    numbers[j--] = t;
                }
            } while (i <= j);
            // The smaller part by recursion, the larger one in the loop.
            if (j - low < high - i) {
                quicksort(numbers, low, j);
                low = i;
            } else {
                quicksort(numbers, i, high);
                high = j;
            }
        }
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        long[] numbers = new long[100_000];
        long seed = 42, sum = 0;
        for (int round = 0; round < rounds; round++) {
            seed = fill(numbers, seed);
            quicksort(numbers, 0, numbers.length - 1);
            sum += numbers[0] + numbers[50_000] + numbers[99_999];
        }
        System.out.println(sum);
    }
}
