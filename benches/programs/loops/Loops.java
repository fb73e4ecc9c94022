public class Loops {
    static int triples(int n) {
        int count = 0;
        for (int a = 1; a <= n; a++) {
            for (int b = a; b <= n; b++) {
                int sum = a * a + b * b;
                for (int c = b; c <= n; c++) {
                    if (c * c == sum) count++;
                }
            }
        }
        return count;
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 1_300;
        System.out.println(triples(n));
    }
}
