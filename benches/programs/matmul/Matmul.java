public class Matmul {
    static double[][] make(int n) {
        double[][] rows = new double[n][n];
        double scale = 1.0 / n;
        for (int i = 0; i < n; i++) {
            double[] row = rows[i];
            for (int j = 0; j < n; j++) row[j] = scale * (i - j) * (i + j);
        }
        return rows;
    }

    static double[][] transpose(double[][] a) {
        int n = a.length;
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] row = rows[i];
            for (int j = 0; j < n; j++) row[j] = a[j][i];
        }
        return rows;
    }

    static double[][] multiply(double[][] a, double[][] b) {
        int n = a.length;
        double[][] columns = transpose(b), rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] row = a[i], result = rows[i];
            for (int j = 0; j < n; j++) {
                double[] column = columns[j];
                double sum = 0;
                for (int k = 0; k < n; k++) sum += row[k] * column[k];
                result[j] = sum;
            }
        }
        return rows;
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        System.out.printf("%.6f%n", multiply(make(n), make(n))[n / 2][n / 2]);
    }
}
