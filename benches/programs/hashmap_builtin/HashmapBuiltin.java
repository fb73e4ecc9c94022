import java.util.HashMap;
import java.util.Map;

public class HashmapBuiltin {
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20_000_000;
        Map<Long, Long> counts = new HashMap<>();
        long key = 42, most = 0;
        for (int i = 0; i < rounds; i++) {
            key = (key * 211 + 1663) % 7875;
            long count = counts.merge(key, 1L, Long::sum);
            if (count > most) most = count;
        }
        System.out.println(counts.size());
        System.out.println(most);
    }
}
