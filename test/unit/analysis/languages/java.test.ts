import { beforeAll, describe } from 'vitest';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('Java: readers of the input', () => {
  itDerives('java', [
    {
      what: 'a tokenizer that is filled line by line',
      time: 'nlogn O(count·log count)',
      code: `import java.io.*;
import java.util.*;
public class Prices {
    static class Words {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer words;
        String word() {
            while (words == null || !words.hasMoreTokens()) {
                try {
                    words = new StringTokenizer(lines.readLine());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return words.nextToken();
        }
        int number() { return Integer.parseInt(word()); }
    }
    public static void main(String[] args) {
        Words in = new Words();
        int count = in.number();
        Integer[] prices = new Integer[count];
        for (int i = 0; i < count; i++) prices[i] = in.number();
        Arrays.sort(prices);
        System.out.println(prices[0]);
    }
}`,
    },
    {
      what: 'a word that is asked for again after a blank line',
      time: 'linear O(count)',
      code: `import java.io.*;
import java.util.*;
class Total {
    static BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    static StringTokenizer words = new StringTokenizer("");
    static String word() throws IOException {
        if (words.hasMoreTokens()) return words.nextToken();
        words = new StringTokenizer(lines.readLine());
        return word();
    }
    static long number() throws IOException { return Long.parseLong(word()); }
    public static void main(String[] args) throws IOException {
        long count = number(), total = 0;
        for (long i = 0; i < count; i++) total += number();
        System.out.println(total);
    }
}`,
    },
    {
      what: 'numbers put together from bytes of a buffer',
      time: 'quadratic O(columns·rows)',
      code: `import java.io.*;
class Grid {
    static InputStream stream = System.in;
    static byte[] bytes = new byte[4096];
    static int at, filled;
    static int next() throws IOException {
        if (at == filled) {
            at = 0;
            filled = stream.read(bytes, 0, bytes.length);
            if (filled <= 0) return -1;
        }
        return bytes[at++];
    }
    static boolean isDigit(int c) { return c >= '0' && c <= '9'; }
    static int number() throws IOException {
        int c = next();
        while (!isDigit(c) && c != '-') c = next();
        boolean negative = c == '-';
        if (negative) c = next();
        int value = 0;
        do {
            value = value * 10 + (c - '0');
            c = next();
        } while (isDigit(c));
        return negative ? -value : value;
    }
    public static void main(String[] args) throws IOException {
        int rows = number(), columns = number();
        long sum = 0;
        for (int r = 0; r < rows; r++) for (int c = 0; c < columns; c++) sum += number();
        System.out.println(sum);
    }
}`,
    },
    {
      what: 'a word put together from bytes has a length of its own',
      time: 'quadratic O(len(text)²)',
      code: `import java.io.*;
class Pairs {
    private DataInputStream in = new DataInputStream(System.in);
    String word() throws IOException {
        StringBuilder builder = new StringBuilder();
        int c = in.read();
        while (c <= ' ') c = in.read();
        for (; c > ' '; c = in.read()) builder.append((char) c);
        return builder.toString();
    }
    public static void main(String[] args) throws IOException {
        String text = new Pairs().word();
        int equal = 0;
        for (int i = 0; i < text.length(); i++)
            for (int j = 0; j < i; j++) if (text.charAt(i) == text.charAt(j)) equal++;
        System.out.println(equal);
    }
}`,
    },
    {
      what: 'numbers that are read until a zero are all counted',
      time: 'linear',
      code: `import java.io.*;
import java.util.*;
class Until {
    static StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
    static int number() throws IOException { in.nextToken(); return (int) in.nval; }
    static long total() throws IOException {
        long sum = 0;
        int x;
        while ((x = number()) != 0) sum += x;
        return sum;
    }
    public static void main(String[] args) throws IOException { System.out.println(total()); }
}`,
    },
  ]);
});

describe('Java: what is called', () => {
  itDerives('java', [
    {
      what: 'a task that a thread with a larger stack runs',
      time: 'quadratic O(n²)',
      code: `import java.util.*;
public class Table implements Runnable {
    public static void main(String[] args) { new Thread(null, new Table(), "", 1 << 27).start(); }
    public void run() {
        int n = new Scanner(System.in).nextInt();
        long sum = 0;
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) sum += i ^ j;
        System.out.println(sum);
    }
}`,
    },
    {
      what: 'a class that is a thread itself',
      time: 'linear O(n)',
      code: `import java.util.*;
public class Worker extends Thread {
    public static void main(String[] args) { new Worker().start(); }
    @Override public void run() {
        int n = new Scanner(System.in).nextInt();
        while (n > 0) n--;
        System.out.println(n);
    }
}`,
    },
    {
      what: 'methods of the library that are named like those around them',
      time: 'linear O(n)',
      code: `import java.io.*;
import java.util.*;
public class Printer {
    private final PrintWriter writer = new PrintWriter(System.out);
    void println(int value) { writer.println(value); }
    void close() { writer.close(); }
    public static void main(String[] args) {
        Printer printer = new Printer();
        int n = new Scanner(System.in).nextInt();
        for (int i = 0; i < n; i++) printer.println(i);
        printer.close();
    }
}`,
    },
    {
      what: 'questions to one set are all counted',
      time: 'nlogn',
      code: `import java.util.*;
public class Places {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int count = in.nextInt();
        TreeSet<Integer> taken = new TreeSet<>();
        while (count-- > 0) {
            int at = in.nextInt();
            Integer next = taken.ceiling(at);
            taken.add(at);
            System.out.println(next);
        }
    }
}`,
    },
    {
      what: 'a helper outside of the part that reads, and an answer on the way out',
      time: 'linear O(count)',
      code: `class Odd {
    public static void main(String[] args) {
        int count = nextInt();
        int first = nextInt();
        for (int i = 1; i < count; i++) {
            int next = nextInt();
            if (((next ^ first) & 1) == 1) {
                System.out.println(i);
                return;
            }
        }
    }
}`,
    },
    {
      what: 'cases with a set of their own count as one',
      time: 'nlogn',
      code: `import java.util.*;
public class Cases {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int cases = in.nextInt();
        while (cases-- > 0) {
            int n = in.nextInt();
            TreeSet<Integer> seen = new TreeSet<>();
            for (int i = 0; i < n; i++) seen.add(in.nextInt());
            System.out.println(seen.size());
        }
    }
}`,
    },
  ]);
});

describe('Java: numbers', () => {
  itDerives('java', [
    {
      what: 'a search among all answers that a machine number holds',
      time: 'nlogn',
      code: `class Speed {
    int slowest(int[] piles, long hours) {
        int low = 1, high = 1_000_000_000;
        while (low < high) {
            int middle = low + (high - low) / 2;
            long needed = 0;
            for (int pile : piles) needed += (pile + middle - 1) / middle;
            if (needed <= hours) high = middle; else low = middle + 1;
        }
        return low;
    }
}`,
    },
    {
      what: 'a table that a static block fills, and a class by its full name',
      time: 'logn O(log n)',
      code: `class Spelled {
    private static final java.util.Map<Integer, String> names = new java.util.HashMap<>();
    static {
        names.put(0, "nil");
        names.put(1, "one");
    }
    int letters(int n) {
        int count = 0;
        for (; n > 0; n /= 2) for (char letter : java.util.Objects.requireNonNull(names.get(n % 2)).toCharArray()) count += letter;
        return count;
    }
}`,
    },
    {
      what: 'digits of a number made a text by adding nothing, over all numbers',
      time: 'nlogn O(n·log n)',
      code: `class Digits {
    int sum(int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) for (char digit : (i + "").toCharArray()) sum += digit - '0';
        return sum;
    }
}`,
    },
    {
      what: 'as many places as a number has bits',
      time: 'logn O(log n)',
      code: `class Bits {
    int count(int n) {
        int length = Integer.SIZE - Integer.numberOfLeadingZeros(n), count = 0;
        for (int i = 0; i < length; i++) count += n >> i & 1;
        return count;
    }
}`,
    },
    {
      what: 'the same with a limit of the type',
      time: 'logn O(log range)',
      code: `class Root {
    int root(int x) {
        int low = 0, high = Integer.MAX_VALUE;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (middle * middle >= x) high = middle; else low = middle + 1;
        }
        return low;
    }
}`,
    },
  ]);
});

describe('Java: collectors', () => {
  itDerives('java', [
    {
      what: 'a set that a stream is collected into is asked in constant time',
      time: 'linear O(len(first) + len(second))',
      code: `import java.util.*;
import java.util.stream.*;
class Common {
    int count(int[] first, int[] second) {
        Set<Integer> known = Arrays.stream(first).boxed().collect(Collectors.toSet());
        int common = 0;
        for (int each : second) if (known.contains(each)) common++;
        return common;
    }
}`,
    },
    {
      what: 'words grouped by their sorted letters',
      time: 'n2logn',
      code: `import java.util.*;
import java.util.stream.*;
class Groups {
    Collection<List<String>> of(String[] words) {
        return Arrays.stream(words).collect(Collectors.groupingBy(word -> {
            char[] letters = word.toCharArray();
            Arrays.sort(letters);
            return new String(letters);
        })).values();
    }
}`,
    },
  ]);
});
