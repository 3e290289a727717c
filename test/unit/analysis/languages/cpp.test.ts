import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeComplexity } from '../../../../src/analysis/index';
import { itDerives } from '../../../support/complexity';
import { useInstalledGrammars } from '../../../support/grammars';

beforeAll(useInstalledGrammars);

describe('C++', () => {
  itDerives('cpp', [
    {
      what: 'an iterator that a loop moves to the end',
      time: 'linear O(len(text))',
      code: `int digits(const string& text) {
    int count = 0;
    auto at = text.begin();
    while (at != text.end()) {
        if (isdigit(*at)) count++;
        ++at;
    }
    return count;
}`,
    },
    {
      what: 'loops that macros stand for',
      time: 'cubic O(n³)',
      code: `#include <iostream>
#define each(i, from, to) \\
    for (int i = (from); i < (to); ++i)
#define upto(i, n) each(i, 0, n)
#define square(x) ((x) * (x))
using namespace std;
int d[400][400];
int main() {
    int n;
    cin >> n;
    upto(k, n) upto(i, n)
        each(j, 0, min(n,
                       square(n)))
            d[i][j] = min(d[i][j], d[i][k] + d[k][j]); // each(i, 0, n) in a comment
    cout << "each(i, 0, n)" << d[0][0];
}`,
    },
    {
      what: 'a reader of several numbers at once',
      time: 'quadratic O(m·n)',
      code: `#include <cstdio>
#include <cctype>
template <typename T> void take(T &x) {
    char c = getchar();
    while (!isdigit(c)) c = getchar();
    for (x = 0; isdigit(c); c = getchar()) x = x * 10 + (c - '0');
}
template <typename T, typename... Rest> void take(T &x, Rest &...rest) { take(x); take(rest...); }
int main() {
    int n, m;
    take(n, m);
    long long sum = 0;
    for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) sum += i * j;
    printf("%lld", sum);
}`,
    },
    {
      what: 'numbers that a function reads into its reference parameter',
      time: 'quadratic',
      code: `#include <cstdio>
void take(int &value) {
    value = 0;
    char c = getchar();
    while (c < '0' || c > '9') c = getchar();
    while (c >= '0' && c <= '9') { value = value * 10 + (c - '0'); c = getchar(); }
}
int main() {
    int count;
    take(count);
    long long pairs = 0;
    for (int i = 0; i < count; i++) for (int j = i; j < count; j++) pairs += i ^ j;
    printf("%lld", pairs);
}`,
    },
    {
      what: 'an unordered_map that is asked once per item',
      time: 'linear O(len(values))',
      code: `class Pairs {
public:
    vector<int> find(vector<int>& values, int goal) {
        unordered_map<int, int> seen;
        for (int at = 0; at < (int) values.size(); ++at) {
            if (auto it = seen.find(goal - values[at]); it != seen.end()) return {it->second, at};
            seen[values[at]] = at;
        }
        return {};
    }
};`,
    },
    {
      what: 'a map in its place',
      time: 'nlogn',
      code: `int distinct(const vector<int>& values) {
    map<int, int> count;
    for (int value : values) ++count[value];
    return count.size();
}`,
    },
    {
      what: 'std::sort over iterators, with a lambda',
      time: 'nlogn O(len(values)·log(len(values)))',
      code: `#include <algorithm>
int closest(std::vector<int>& values) {
    std::sort(values.begin(), values.end(), [](int a, int b) { return a > b; });
    int best = INT_MAX;
    for (std::size_t i = 1; i < values.size(); i++) best = std::min(best, values[i - 1] - values[i]);
    return best;
}`,
    },
    {
      what: 'sort over pointers into an array',
      time: 'nlogn',
      code: `#include <bits/stdc++.h>
using namespace std;
const int N = 100005;
int a[N];
int main() {
    int n;
    cin >> n;
    for (int i = 0; i < n; i++) cin >> a[i];
    sort(a, a + n);
    cout << a[0] << endl;
}`,
    },
    {
      what: 'ranges::sort and ranges::max',
      time: 'nlogn',
      code: `int widest(vector<int> values) {
    ranges::sort(values);
    return ranges::max(values) - values.front();
}`,
    },
    {
      what: 'lower_bound on a vector',
      time: 'logn',
      code: `int place(vector<int>& sorted, int wanted) {
    return lower_bound(sorted.begin(), sorted.end(), wanted) - sorted.begin();
}`,
    },
    {
      what: 'distance over a set',
      time: 'linear',
      code: `int rank(set<int>& sorted, int wanted) {
    return distance(sorted.begin(), sorted.lower_bound(wanted));
}`,
    },
    {
      what: 'insertion at the front of a vector',
      time: 'quadratic',
      code: `vector<int> reversed(const vector<int>& values) {
    vector<int> result;
    for (int value : values) result.insert(result.begin(), value);
    return result;
}`,
    },
    {
      what: 'erase of the first item in a loop',
      time: 'quadratic',
      code: `int drain(vector<int> jobs) {
    int total = 0;
    while (!jobs.empty()) {
        total += jobs[0];
        jobs.erase(jobs.begin());
    }
    return total;
}`,
    },
    {
      what: 'a priority_queue that takes every item',
      time: 'nlogn',
      code: `long long total(vector<int>& lengths) {
    priority_queue<long long, vector<long long>, greater<long long>> heap(lengths.begin(), lengths.end());
    long long sum = 0;
    while (heap.size() > 1) {
        long long a = heap.top(); heap.pop();
        long long b = heap.top(); heap.pop();
        sum += a + b;
        heap.push(a + b);
    }
    return sum;
}`,
    },
    {
      what: 'a heap that never holds more than k',
      time: 'nlogn',
      code: `int kth(vector<int>& values, int k) {
    priority_queue<int, vector<int>, greater<>> best;
    for (int value : values) {
        best.push(value);
        if (best.size() > k) best.pop();
    }
    return best.top();
}`,
    },
    {
      what: 'a declaration that reads as a prototype',
      time: 'quadratic',
      code: `int paths(int rows, int columns) {
    vector<vector<int>> table(rows, vector<int>(columns, 1));
    vector<int> sums(rows);
    for (int r = 1; r < rows; ++r)
        for (int c = 1; c < columns; ++c)
            table[r][c] = table[r - 1][c] + table[r][c - 1];
    return table[rows - 1][columns - 1];
}`,
    },
    {
      what: 'a lambda that is its own first parameter',
      time: 'exponential',
      code: `vector<vector<int>> subsets(vector<int>& values) {
    vector<vector<int>> result;
    vector<int> chosen;
    auto choose = [&](auto&& self, int at) -> void {
        if (at == values.size()) { result.push_back(chosen); return; }
        self(self, at + 1);
        chosen.push_back(values[at]);
        self(self, at + 1);
        chosen.pop_back();
    };
    choose(choose, 0);
    return result;
}`,
    },
    {
      what: 'function<> with a memo',
      time: 'linear',
      code: `long long ways(int n) {
    vector<long long> known(n + 1, -1);
    function<long long(int)> count = [&](int k) -> long long {
        if (k < 2) return 1;
        if (known[k] != -1) return known[k];
        return known[k] = count(k - 1) + count(k - 2);
    };
    return count(n);
}`,
    },
    {
      what: 'deducing this, over a tree',
      time: 'linear O(nodes(root))',
      code: `int depth(TreeNode* root) {
    auto dfs = [&](this auto&& dfs, TreeNode* node) -> int {
        return node ? 1 + max(dfs(node->left), dfs(node->right)) : 0;
    };
    return dfs(root);
}`,
    },
    {
      what: 'next_permutation until the end',
      time: 'exponential',
      code: `int best(vector<int> order) {
    sort(order.begin(), order.end());
    int result = 0;
    do {
        result = max(result, order[0] * 2 + order[1]);
    } while (next_permutation(order.begin(), order.end()));
    return result;
}`,
    },
    {
      what: 'words of a stringstream',
      time: 'linear',
      code: `int words(string text) {
    stringstream in(text);
    string word;
    int count = 0;
    while (in >> word) ++count;
    return count;
}`,
    },
    {
      what: 'a copy of a container in a loop',
      time: 'quadratic',
      code: `int copies(vector<int>& values) {
    int sum = 0;
    for (int i = 0; i < values.size(); i++) {
        vector<int> mine = values;
        sum += mine[i];
    }
    return sum;
}`,
    },
    {
      what: 'an iterator loop over a map',
      time: 'linear',
      code: `int sum(map<int, int>& counts) {
    int total = 0;
    for (auto it = counts.begin(); it != counts.end(); ++it) total += it->second;
    return total;
}`,
    },
    {
      what: 'substr in a loop',
      time: 'quadratic',
      code: `int matches(const string& text, const string& word) {
    int count = 0;
    for (int i = 0; i + word.size() <= text.size(); i++) {
        if (text.substr(i, word.size()) == word) ++count;
    }
    return count;
}`,
    },
    {
      what: 'accumulate with a function',
      time: 'linear',
      code: `int product(const vector<int>& values) {
    return accumulate(values.begin(), values.end(), 1, [](int a, int b) { return a * b; });
}`,
    },
  ]);

  it('reads C with malloc and qsort', async () => {
    const code = `int cmp(const void* a, const void* b) { return *(int*)a - *(int*)b; }
int* sorted(int* values, int n) {
    int* copy = (int*)malloc(n * sizeof(int));
    for (int i = 0; i < n; i++) copy[i] = values[i];
    qsort(copy, n, sizeof(int), cmp);
    return copy;
}`;
    expect((await analyzeComplexity(code, 'c', { limitMs: 5000 })).whole.time.class).toBe('nlogn');
  });

  it('takes limits of types and #define for numbers', async () => {
    const code = '#define SIZE 64\nint bits(long long n) {\n  int count = 0;\n  for (int i = 0; i < SIZE; i++) count += n >> i & 1;\n  return count;\n}';
    expect((await analyzeComplexity(code, 'cpp', { limitMs: 5000 })).whole.time.class).toBe('constant');
  });

  it('names methods that are defined outside of their class', async () => {
    const report = await analyzeComplexity('class A {\npublic:\n  int sum(const vector<int>& xs);\n};\nint A::sum(const vector<int>& xs) {\n  int s = 0;\n  for (int x : xs) s += x;\n  return s;\n}', 'cpp', { limitMs: 5000 });
    expect(report.functions.map(({ name, time }) => `${name} ${time.class}`)).toEqual(['sum linear']);
  });

  it('reads what parses of broken code', async () => {
    const report = await analyzeComplexity('class Solution {\npublic:\n  int sum(vector<int>& xs) {\n    int s = 0;\n    for (int x : xs) s += x;\n    return s;\n', 'cpp', { limitMs: 5000 });
    expect(report.whole.time.class).toBe('linear');
  });
});
