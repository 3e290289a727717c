import type { Type, ValueKind } from './program/ir';

/**
 * What an operation of a library costs, in sizes of its subject: the receiver of a method, the first argument of a
 * function. `argument` is the first argument after the subject.
 */
export type Cost =
  | 'constant'
  | 'size' // n = number of items of the subject
  | 'log' // log n
  | 'sort' // n log n
  | 'argument' // size of the argument (appending all its items)
  | 'argument-log' // m log n, m the size of the argument: adding all its items to a sorted structure
  | 'size-or-argument' // n + m
  | 'product' // n · m (searching a text in a text)
  | 'position' // up to the size, as far from the end as the index (insert, pop(0), remove)
  | 'last' // size of the last argument
  | 'value' // proportional to the number given (repeat, range that is made a list)
  | 'value-log' // log of the number given (gcd, pow with modulus, bit by bit)
  | 'subsets' // 2^n
  | 'permutations' // n!
  | 'unknown';

/** What an operation does to the size of its subject. */
export type Effect =
  | 'push' // one item more: the last argument is the item
  | 'pop' // one item less; its result is an item
  | 'extend' // as many items more as the argument has
  | 'put' // key (first argument after the subject) and value (second)
  | 'remove'
  | 'clear'
  | 'resize' // size becomes the number given
  | 'fill' // items become the last argument
  | 'sorted'; // same items, other order

/** What an operation gives back. */
export type Result =
  | 'none'
  | 'boolean'
  | 'number' // any number; its size is not known but fits a machine word
  | 'small' // a number or text bounded by a constant
  | 'size' // the size of the subject
  | 'position' // an index of the subject
  | 'element' // one item (of a map: a value)
  | 'key'
  | 'subject' // the subject itself, for chains
  | 'copy' // as many items of the same kind, of the subject's own kind
  | 'list' // as many items, as a list
  | 'last' // as many items as the last argument
  | 'set'
  | 'sortedSet'
  | 'iterator'
  | 'keys'
  | 'values'
  | 'entries' // pairs of key and value
  | 'indexed' // pairs of index and item
  | 'transposed' // columns of a list of rows
  | 'runs' // adjoining items together, in lists of which each item is in one
  | 'keyedRuns' // the same, each with what its items have in common
  | 'distinct' // each item once
  | 'neighbours' // pairs of each item and the next
  | 'zipped' // pairs of items of the arguments, as many as the shortest
  | 'mapped' // as many items as the subject, each what the callback gives
  | 'flattened' // all items that the callback's results have
  | 'filtered' // at most as many items as the subject
  | 'grouped' // a map from a key to lists of items
  | 'counted' // a map from items to counts
  | 'concatenated' // subject and arguments together
  | 'joined' // a text of all items of the argument together
  | 'formatted' // a text that has the texts of all arguments in it
  | 'part' // a part of the subject between two indices (arguments)
  | 'split' // a text's parts
  | 'characters' // a text's characters
  | 'digits' // a number as text: log of its value
  | 'parsed' // a text as a number
  | 'range' // the numbers up to, or between, the arguments
  | 'repeated' // the subject, as often as the argument says
  | 'sum' // of all items
  | 'maximum' // of the arguments or the items
  | 'minimum'
  | 'magnitude' // about the size of the argument (abs, int, round, floor)
  | 'root' // square root of the argument
  | 'logarithm'
  | 'power' // first argument to the power of the second
  | 'subsets'
  | 'combinations'
  | 'permutations'
  | 'product' // tuples, one item of each argument
  | 'filled' // first argument many items, each the second
  | 'copies' // second argument many items, each the first; without end where there is none
  | 'limited' // the items of the subject up to as many as the last argument says
  | 'same' // first argument unchanged (identity-like functions)
  | 'callback' // what the callback gives
  | 'input-number'
  | 'input-string'
  | 'input-list'
  | 'unknown';

/** One operation of a library. What is left out is constant and gives something unknown. */
export interface Operation {
  readonly cost?: Cost;
  readonly effect?: Effect;
  readonly result?: Result;
  /**
   * The function argument is run `each` (once per item), `compare` (once per comparison of a sort: log n per item),
   * `search` (at each place that a binary search looks at) or `once`. The engine finds the argument: it is the one that
   * is a function.
   */
  readonly callback?: 'each' | 'compare' | 'search' | 'once';
  /** The kind of the result where `result` alone does not say it; of a subject of unknown kind that `push` adds to. */
  readonly kind?: ValueKind;
  /** Kind of program data this reads or writes: `reads` counts as input, `prints` as output. */
  readonly io?: 'reads' | 'prints';
  /** What one call takes from the input, where that is less than a whole number or word, or may be empty. */
  readonly unit?: 'character' | 'line';
  /** What it is where it is called without arguments: `queue.remove()` beside `queue.remove(item)`. */
  readonly bare?: Operation;
  /** One call takes all that is left of the input. */
  readonly rest?: true;
  /** Not counted at all, as a person would not (hash lookups are O(1) on average: says the assumption, English). */
  readonly assumption?: string;
}

/** An operation, or one per kind of subject; `any` where the kind is not listed. */
export type Operations = Operation | Readonly<Partial<Record<ValueKind | 'any', Operation>>>;

/** How calls of one language are understood. All names are as the lowering leaves them. */
export interface Library {
  /** Free functions and static methods by (dotted) name: `sorted`, `heapq.heappush`, `Math.max`. A dotted name is also found by its last part with `*.` before it. */
  readonly functions: Readonly<Record<string, Operation>>;
  /** Methods by name. */
  readonly methods: Readonly<Record<string, Operations>>;
  /** Attributes that are not calls: `length`, `val`. Missing ones are fields. */
  readonly members: Readonly<Record<string, Operations>>;
  /** Types by their name without arguments. */
  readonly types: Readonly<Record<string, ValueKind>>;
  /** Constructors whose number argument is the size (C++ `vector<int>(n)`, JavaScript `new Array(n)`), by type name. */
  readonly sizedConstructors: ReadonlySet<string>;
  /** Adding to a string copies it (Java, Go, C#). Counted by what is added all the same, with an assumption that says so. */
  readonly stringsCopyOnAppend: boolean;
  /** Passing or assigning a collection copies it (C++ by value). */
  readonly valueSemantics: boolean;
  /** `index` of a map that has no such key inserts one (C++ `m[k]`, Python `defaultdict`). */
  readonly indexInserts: boolean;
  /** Looping over a map gives pairs of key and value (C++, Go, JavaScript's Map), not keys. */
  readonly mapYieldsEntries?: boolean;
  /** A method is never called by its bare name (Python, JavaScript, Go): `print(x)` in a method `print` is the library's. */
  readonly methodsNeedReceiver?: boolean;
  /** Names of functions at which a program starts, in order of preference. */
  readonly entryNames: readonly string[];
}

/** True where `operations` is one operation for every kind of subject. */
export function isOperation(operations: Operations): operations is Operation {
  return (
    Object.keys(operations).length === 0 ||
    'cost' in operations ||
    'effect' in operations ||
    'result' in operations ||
    'callback' in operations ||
    'io' in operations
  );
}

/** The operation for a subject of `kind`, or undefined where the library does not know one. */
export function operationFor(operations: Operations | undefined, kind: ValueKind): Operation | undefined {
  if (operations === undefined) {
    return undefined;
  }
  return isOperation(operations) ? operations : (operations[kind] ?? operations.any);
}

/** A type by its name as the library knows it; a name it does not know is a class of the program. */
export function typeNamed(library: Library, name: string, args: readonly Type[] = []): Type {
  return { kind: Object.hasOwn(library.types, name) ? (library.types[name] ?? 'object') : 'object', name, args };
}
