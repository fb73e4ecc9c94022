public class Fannkuch {
    static long total;
    static int most;

    // Turns the front of q round until 0 comes first; first is its first number, which is not kept up to date in q.
    static int countFlips(int[] q, int first) {
        int flips = 1;
        while (true) {
            int next = q[first];
            if (next == 0) return flips;
            q[first] = first;
            if (first >= 3) {
                int i = 1, j = first - 1;
                do {
                    int t = q[i];
                    q[i] = q[j];
                    q[j] = t;
                    i++;
                    j--;
                } while (i < j);
            }
            first = next;
            flips++;
        }
    }

    static void fannkuch(int n) {
        int[] p = new int[n], q = new int[n], s = new int[n];
        for (int i = 0; i < n; i++) {
            p[i] = i;
            s[i] = i;
        }
        int sign = 1, sum = 0, most = 0;
        permutations:
        while (true) {
            int first = p[0];
            if (first != 0) {
                for (int i = 1; i < n; i++) q[i] = p[i];
                int flips = countFlips(q, first);
                if (flips > most) most = flips;
                sum += sign * flips;
            }
            if (sign == 1) {
                int t = p[0];
                p[0] = p[1];
                p[1] = t;
                sign = -1;
            } else {
                int t = p[1];
                p[1] = p[2];
                p[2] = t;
                sign = 1;
                for (int i = 2; i < n; i++) {
                    int left = s[i];
                    if (left != 0) {
                        s[i] = left - 1;
                        break;
                    }
                    if (i == n - 1) break permutations;
                    s[i] = i;
                    int head = p[0];
                    for (int j = 0; j <= i; j++) p[j] = p[j + 1];
                    p[i + 1] = head;
                }
            }
        }
        Fannkuch.total += sum;
        Fannkuch.most = Math.max(Fannkuch.most, most);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        for (int round = 0; round < rounds; round++) fannkuch(9);
        System.out.println(total);
        System.out.println(most);
    }
}
