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
