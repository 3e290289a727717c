package shop.warehouse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Decides which shelf holds which boxes. */
public final class ShelfPlanner {
    private ShelfPlanner() {}

    public record Box(String item, int height) {}

    /** Puts each box, tallest first, on the first shelf where it still fits. */
    public static List<List<Box>> plan(List<Box> boxes, int shelfHeight) {
        List<Box> tallestFirst = new ArrayList<>(boxes);
        tallestFirst.sort(Comparator.comparingInt(Box::height).reversed());
        List<List<Box>> shelves = new ArrayList<>();
        List<Integer> free = new ArrayList<>();
        for (Box box : tallestFirst) {
            int place = 0;
            while (place < shelves.size() && free.get(place) < box.height()) {
                place++;
            }
            if (place == shelves.size()) {
                shelves.add(new ArrayList<>());
                free.add(shelfHeight);
            }
            shelves.get(place).add(box);
            free.set(place, free.get(place) - box.height());
        }
        return shelves;
    }

    /** The greatest height, at most {@code limit}, that a stack of some of the boxes can have. */
    public static int bestStack(int[] heights, int limit) {
        boolean[] reachable = new boolean[limit + 1];
        reachable[0] = true;
        for (int height : heights) {
            for (int sum = limit; sum >= height; sum--) {
                reachable[sum] |= reachable[sum - height];
            }
        }
        int best = limit;
        while (!reachable[best]) {
            best--;
        }
        return best;
    }

    /** Sorts a copy by insertion; the lists are nearly sorted already. */
    public static int[] sorted(int[] heights) {
        int[] result = Arrays.copyOf(heights, heights.length);
        for (int i = 1; i < result.length; i++) {
            int height = result[i];
            int j = i;
            while (j > 0 && result[j - 1] > height) {
                result[j] = result[j - 1];
                j--;
            }
            result[j] = height;
        }
        return result;
    }
}
