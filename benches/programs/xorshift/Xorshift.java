public class Xorshift {
    static long xorshift(int rounds) {
        int state = (int) 2463534242L;
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            sum += state & 0xffff;
        }
        return sum;
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 150_000_000;
        System.out.println(xorshift(rounds));
    }
}
