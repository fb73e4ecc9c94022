public class Sieve {
    static long sieve(int limit) {
        byte[] composite = new byte[limit];
        long count = 0;
        for (int i = 2; i < limit; i++) {
            if (composite[i] == 0) {
                count++;
                for (long j = (long) i * i; j < limit; j += i) composite[(int) j] = 1;
            }
        }
        return count;
    }

    public static void main(String[] args) {
        long count = 0;
        for (int round = 0; round < 12; round++) count = sieve(8_000_000);
        System.out.println(count);
    }
}
