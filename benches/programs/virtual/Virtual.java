public class Virtual {
    static abstract class Expression {
        abstract double evaluate(double x);
    }

    static final class Constant extends Expression {
        private final double value;

        Constant(double value) {
            this.value = value;
        }

        @Override
        double evaluate(double x) {
            return value;
        }
    }

    static final class Variable extends Expression {
        @Override
        double evaluate(double x) {
            return x;
        }
    }

    static final class Sum extends Expression {
        private final Expression left, right;

        Sum(Expression left, Expression right) {
            this.left = left;
            this.right = right;
        }

        @Override
        double evaluate(double x) {
            return left.evaluate(x) + right.evaluate(x);
        }
    }

    static final class Product extends Expression {
        private final Expression left, right;

        Product(Expression left, Expression right) {
            this.left = left;
            this.right = right;
        }

        @Override
        double evaluate(double x) {
            return left.evaluate(x) * right.evaluate(x);
        }
    }

    // 1 + x (2 + x (3 + …)) to the degree given.
    static Expression polynomial(int degree) {
        Expression result = new Constant(degree + 1);
        for (int value = degree; value >= 1; value--) {
            result = new Sum(new Constant(value), new Product(new Variable(), result));
        }
        return result;
    }

    public static void main(String[] args) {
        int n = args.length > 0 ? Integer.parseInt(args[0]) : 1_500_000;
        Expression expression = polynomial(12);
        double sum = 0;
        for (int i = 0; i < n; i++) sum += expression.evaluate((double) i / n);
        System.out.printf("%.6f%n", sum);
    }
}
