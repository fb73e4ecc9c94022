public class Strings {
    static long sevens;

    static String makeList(int first) {
        String[] parts = new String[1000];
        for (int i = 0; i < 1000; i++) {
            String part = "item" + (first + i);
            if (part.substring(part.length() - 1).equals("7")) sevens++;
            parts[i] = part;
        }
        return String.join(",", parts);
    }

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 6_500;
        long total = 0;
        for (int round = 0; round < rounds; round++) total += makeList(round * 1000).length();
        System.out.println(total);
        System.out.println(sevens);
    }
}
