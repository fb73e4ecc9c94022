public class Interface {
    interface Stage {
        long apply(long x);
    }

    interface Resettable {
        void reset();
    }

    static final class Add implements Stage {
        private final long amount;

        Add(long amount) {
            this.amount = amount;
        }

        @Override
        public long apply(long x) {
            return x + amount;
        }
    }

    static final class Scale implements Stage {
        private final long factor;

        Scale(long factor) {
            this.factor = factor;
        }

        @Override
        public long apply(long x) {
            return x * factor;
        }
    }

    // Keeps numbers below a limit.
    static final class Wrap implements Stage {
        private final long limit;

        Wrap(long limit) {
            this.limit = limit;
        }

        @Override
        public long apply(long x) {
            return x < limit ? x : x % limit;
        }
    }

    // Counts what comes by, which it does not change.
    static final class Count implements Resettable, Stage {
        private long count;

        Count() {
            reset();
        }

        @Override
        public void reset() {
            count = 0;
        }

        @Override
        public long apply(long x) {
            count++;
            return x;
        }
    }

    static long applyAll(Stage[] stages, long x) {
        for (Stage stage : stages) x = stage.apply(x);
        return x;
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 6_000_000;
        Count count = new Count();
        Stage[] stages = {
            count, new Scale(31), new Add(17), new Wrap(10_007), count, new Add(5), new Scale(7), new Wrap(1_009),
        };
        long x = 0;
        for (int i = 0; i < n; i++) x = applyAll(stages, x);
        System.out.println(x);
        System.out.println(count.count);
    }
}
