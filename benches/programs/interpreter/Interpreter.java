public class Interpreter {
    static final int HALT = 0, PUSH = 1, LOAD = 2, STORE = 3, ADD = 4, MULTIPLY = 5, REMAINDER = 6, LESS = 7, JUMP = 8, JUMP_IF_ZERO = 9;

    // Operations and their arguments: i = 0; a = 0; while (i < turns) { a = (a * 3 + i) % 1000003; i = i + 1 }; a
    static final int[] OPERATIONS = {
        LOAD, PUSH, LESS, JUMP_IF_ZERO,
        LOAD, PUSH, MULTIPLY, LOAD, ADD, PUSH, REMAINDER, STORE,
        LOAD, PUSH, ADD, STORE, JUMP,
        LOAD, HALT,
    };

    static long[] arguments(long turns) {
        return new long[] {
            0, turns, 0, 17,
            1, 3, 0, 0, 0, 1_000_003, 0, 1,
            0, 1, 0, 0, 0,
            1, 0,
        };
    }

    // Runs the code; gives what is left on the stack.
    static long execute(int[] operations, long[] arguments) {
        long[] stack = new long[16], variables = new long[4];
        int pc = 0, top = -1;
        while (true) {
            int operation = operations[pc];
            long argument = arguments[pc];
            pc++;
            switch (operation) {
                case PUSH -> stack[++top] = argument;
                case LOAD -> stack[++top] = variables[(int) argument];
                case STORE -> variables[(int) argument] = stack[top--];
                case ADD -> {
                    long b = stack[top--];
                    stack[top] += b;
                }
                case MULTIPLY -> {
                    long b = stack[top--];
                    stack[top] *= b;
                }
                case REMAINDER -> {
                    long b = stack[top--];
                    stack[top] %= b;
                }
                case LESS -> {
                    long b = stack[top--];
                    stack[top] = stack[top] < b ? 1 : 0;
                }
                case JUMP -> pc = (int) argument;
                case JUMP_IF_ZERO -> {
                    if (stack[top--] == 0) pc = (int) argument;
                }
                case HALT -> {
                    return stack[top];
                }
                default -> throw new IllegalStateException();
            }
        }
    }

    public static void main(String[] args) {
        int turns = args.length > 0 ? Integer.parseInt(args[0]) : 5_000_000;
        System.out.println(execute(OPERATIONS, arguments(turns)));
    }
}
