import java.util.function.LongUnaryOperator;

public class Closure {
    static LongUnaryOperator adder(long amount) {
        return x -> x + amount;
    }

    static LongUnaryOperator scaler(long factor) {
        return x -> x * factor;
    }

    static LongUnaryOperator wrapper(long limit) {
        return x -> x < limit ? x : x % limit;
    }

    // The function that applies one after the other.
    static LongUnaryOperator compose(LongUnaryOperator first, LongUnaryOperator second) {
        return x -> second.applyAsLong(first.applyAsLong(x));
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 8_000_000;
        LongUnaryOperator all = compose(
            compose(compose(scaler(31), adder(17)), compose(wrapper(10_007), adder(5))),
            compose(compose(scaler(7), adder(3)), compose(wrapper(5_003), wrapper(1_009))));
        long x = 0;
        for (int i = 0; i < n; i++) x = all.applyAsLong(x);
        System.out.println(x);
    }
}
