public class BinaryTrees {
    static final class Node {
        final Node left, right;

        Node(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        int countNodes() {
            return left == null ? 1 : left.countNodes() + right.countNodes() + 1;
        }
    }

    static Node build(int depth) {
        if (depth <= 0) return new Node(null, null);
        return new Node(build(depth - 1), build(depth - 1));
    }

    static void printLine(int depth, int nodes) {
        System.out.println(depth + " " + nodes);
    }

    public static void main(String[] args) {
        int deepest = args.length > 0 ? Integer.parseInt(args[0]) : 17;
        printLine(deepest + 1, build(deepest + 1).countNodes());
        Node longLived = build(deepest);
        for (int depth = 4; depth <= deepest; depth += 2) {
            int trees = 1 << (deepest - depth + 4), sum = 0;
            for (int i = 0; i < trees; i++) sum += build(depth).countNodes();
            printLine(depth, sum);
        }
        printLine(deepest, longLived.countNodes());
    }
}
