public class Exceptions {
    static final class Failure extends RuntimeException {
        final long code;

        Failure(long code) {
            this.code = code;
        }
    }

    // Throws a failure if n is odd, depth frames further down.
    static long descend(int depth, long n) {
        if (depth == 0) {
            if (n % 2 != 0) throw new Failure(n);
            return n;
        }
        return descend(depth - 1, n) + 1;
    }

    // What comes back, or the code of the failure doubled.
    static long attempt(long n) {
        try {
            return descend(8, n);
        } catch (Failure failure) {
            return failure.code * 2;
        }
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 7_000_000;
        long sum = 0;
        for (int i = 0; i < n; i++) sum += attempt(i);
        System.out.println(sum);
    }
}
