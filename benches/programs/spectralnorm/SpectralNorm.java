import java.util.Arrays;

public class SpectralNorm {
    static double element(int i, int j) {
        return 1.0 / (((i + j) * (i + j + 1) >> 1) + i + 1);
    }

    static void multiply(double[] v, double[] result) {
        for (int i = 0; i < v.length; i++) {
            double sum = 0;
            for (int j = 0; j < v.length; j++) sum += element(i, j) * v[j];
            result[i] = sum;
        }
    }

    static void multiplyTransposed(double[] v, double[] result) {
        for (int i = 0; i < v.length; i++) {
            double sum = 0;
            for (int j = 0; j < v.length; j++) sum += element(j, i) * v[j];
            result[i] = sum;
        }
    }

    static void multiplyBoth(double[] v, double[] result, double[] between) {
        multiply(v, between);
        multiplyTransposed(between, result);
    }

    static double spectralNorm(int n) {
        double[] u = new double[n], v = new double[n], t = new double[n];
        Arrays.fill(u, 1);
        for (int i = 0; i < 10; i++) {
            multiplyBoth(u, v, t);
            multiplyBoth(v, u, t);
        }
        double vbv = 0, vv = 0;
        for (int i = 0; i < n; i++) {
            vbv += u[i] * v[i];
            vv += v[i] * v[i];
        }
        return Math.sqrt(vbv / vv);
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 1_500;
        System.out.printf("%.9f%n", spectralNorm(n));
    }
}
