public class Sieve {
    static int sieve(int limit) {
        boolean[] composite = new boolean[limit];
        int count = 0;
        for (int i = 2; i < limit; i++) {
            if (!composite[i]) {
                count++;
                for (long j = (long) i * i; j < limit; j += i) composite[(int) j] = true;
            }
        }
        return count;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 160;
        long sum = 0;
        for (int round = 0; round < rounds; round++) sum += sieve(1_000_000);
        System.out.println(sum);
    }
}
