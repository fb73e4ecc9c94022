public class Mandelbrot {
    static int escape(double cr, double ci) {
        double zr = 0, zi = 0, rr = 0, ii = 0;
        for (int i = 1; i <= 100; i++) {
            zi = 2 * zr * zi + ci;
            zr = rr - ii + cr;
            rr = zr * zr;
            ii = zi * zi;
            if (rr + ii > 4) return i;
        }
        return 100;
    }

    static long mandelbrot(int n) {
        long total = 0;
        for (int y = 0; y < n; y++) {
            double ci = 2.0 * y / n - 1;
            for (int x = 0; x < n; x++) total += escape(2.0 * x / n - 1.5, ci);
        }
        return total;
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 1_800;
        System.out.println(mandelbrot(n));
    }
}
