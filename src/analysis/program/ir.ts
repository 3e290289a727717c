/**
 * The language-independent form that every rule of the analysis works on. A file in `languages/` lowers the syntax tree
 * of one language to it; nothing after that knows which language it was.
 *
 * Conventions of every lowering:
 * - All lines are 1-based, both ends included.
 * - Operators carry the spelling of the union `BinaryOperator`, whatever the language writes (`and` → `&&`, `===` → `==`).
 * - What only groups (parentheses, casts, `await`, `as T`, references, dereferences, type assertions) is left out.
 * - A name of a namespace is left out where it only qualifies (`std::sort` → `sort`, `System.out` stays).
 * - `x++`, `++x`, `x -= 1` are `assign` expressions with the operator and the literal 1.
 * - The receiver of a method (`self`, `this`, `@x`, `$this`) is the name `this`: `self.memo` → member(`this`, `memo`).
 *   A bare field of the class (`count` in Java, C++, C#) stays a name.
 * - What reads input is lowered to an ordinary call; the library says that it reads (`result: 'input…'`). Reading by
 *   statement (`cin >> n`, `scanf("%d", &n)`) becomes `n = @read()`.
 * - What a lowering does not know becomes `unknown` with the children that may contain calls. It never throws.
 */

/** What a value is, as far as costs differ. The library of a language maps its type names to these. */
export type ValueKind =
  | 'number'
  | 'boolean'
  | 'char'
  | 'string'
  | 'builder' // string under construction: appending costs what is appended
  | 'list' // growable sequence with O(1) index
  | 'array' // sequence of fixed length
  | 'tuple'
  | 'set'
  | 'map'
  | 'sortedSet'
  | 'sortedMap'
  | 'heap'
  | 'queue'
  | 'deque'
  | 'stack'
  | 'linkedList'
  | 'iterator'
  | 'function'
  | 'object' // a value of a class of the program, or a node of a linked structure
  | 'void'
  | 'unknown';

/** A declared or evident type. `name` is the spelling without arguments, `args` the element or key and value types. */
export interface Type {
  readonly kind: ValueKind;
  readonly name: string;
  readonly args: readonly Type[];
}

/** 1-based lines, both included. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

export interface Program {
  readonly language: string;
  /** Every function of the file at any depth, in order of appearance, lambdas that are bound to a name included. */
  readonly functions: readonly FunctionIr[];
  readonly classes: readonly ClassIr[];
  /** Statements outside functions and classes, in order: what runs when the file is run. */
  readonly main: Block;
  /** How many places the parser could not read. */
  readonly syntaxErrors: number;
  /** Names of functions that are called in the text, though their calls were replaced by what they give back. */
  readonly inlined?: ReadonlySet<string> | undefined;
}

export interface ClassIr {
  readonly name: string;
  /** Names of base classes and interfaces. */
  readonly bases: readonly string[];
  readonly fields: readonly Field[];
  readonly methods: readonly FunctionIr[];
  readonly lines: Lines;
}

export interface Field {
  readonly name: string;
  readonly type?: Type | undefined;
  readonly value?: Expression | undefined;
  readonly lines: Lines;
}

export interface Parameter {
  readonly name: string;
  readonly type?: Type | undefined;
  readonly defaultValue?: Expression | undefined;
  /** What is assigned to it reaches the caller's variable: `int& x`, `int* x` of C++, `x *int` of Go, `ref` and `out` of C#, `&$x` of PHP. */
  readonly byReference?: boolean | undefined;
  /** It takes all arguments that are left, as a list: `*args` of Python, `...args` of JavaScript. */
  readonly takesRest?: boolean | undefined;
}

export interface FunctionIr {
  /** Empty for a lambda that has no name. */
  readonly name: string;
  /** Class the method belongs to. */
  readonly owner?: string | undefined;
  readonly params: readonly Parameter[];
  readonly result?: Type | undefined;
  readonly body: Block;
  readonly lines: Lines;
  /** The language keeps results by arguments: `@cache`, `@lru_cache`. */
  readonly memoized: boolean;
  /** Can be called from outside: not private, not nested. */
  readonly exported: boolean;
  readonly constructs?: boolean | undefined;
}

export type Block = readonly Statement[];

export type Statement =
  /** `byReference`: another name for the place that is its value (C++'s `auto& best = table[i]`). */
  | { readonly kind: 'declare'; readonly lines: Lines; readonly name: string; readonly type?: Type | undefined; readonly value?: Expression | undefined; readonly byReference?: boolean | undefined }
  /** `target = value`, or `target op= value` where `operator` is given. A tuple target takes a list expression apart. */
  | { readonly kind: 'assign'; readonly lines: Lines; readonly target: Expression; readonly operator?: BinaryOperator | undefined; readonly value: Expression }
  | { readonly kind: 'expression'; readonly lines: Lines; readonly value: Expression }
  | { readonly kind: 'if'; readonly lines: Lines; readonly condition: Expression; readonly then: Block; readonly else: Block }
  /** `testLast` for do-while. `otherwise`: Python's `while … else`. */
  | { readonly kind: 'while'; readonly lines: Lines; readonly condition: Expression; readonly body: Block; readonly testLast: boolean }
  /** The loop of C: a missing condition is left out. */
  | { readonly kind: 'for'; readonly lines: Lines; readonly init: Block; readonly condition?: Expression | undefined; readonly step: Block; readonly body: Block }
  /** `target` is a name, a tuple (`list` expression) or anything that can be assigned. */
  | { readonly kind: 'forEach'; readonly lines: Lines; readonly target: Expression; readonly type?: Type | undefined; readonly iterable: Expression; readonly body: Block }
  | { readonly kind: 'return'; readonly lines: Lines; readonly value?: Expression | undefined }
  | { readonly kind: 'yield'; readonly lines: Lines; readonly value?: Expression | undefined }
  /** `label` of the loop meant, where the language has labels. */
  | { readonly kind: 'break'; readonly lines: Lines; readonly label?: string | undefined }
  | { readonly kind: 'continue'; readonly lines: Lines; readonly label?: string | undefined }
  | { readonly kind: 'throw'; readonly lines: Lines; readonly value?: Expression | undefined }
  | { readonly kind: 'block'; readonly lines: Lines; readonly body: Block; readonly label?: string | undefined }
  /** Exactly one of `cases` runs. Patterns are expressions; `default` has none. */
  | { readonly kind: 'switch'; readonly lines: Lines; readonly subject?: Expression | undefined; readonly cases: readonly SwitchCase[] }
  /** `handlers` are alternatives that run seldom; the last statements of `body` are `finally`. */
  | { readonly kind: 'try'; readonly lines: Lines; readonly body: Block; readonly handlers: readonly Block[] }
  /** A nested function with a name, or a local class. */
  | { readonly kind: 'function'; readonly lines: Lines; readonly function: FunctionIr }
  | { readonly kind: 'delete'; readonly lines: Lines; readonly target: Expression };

export interface SwitchCase {
  readonly patterns: readonly Expression[];
  readonly body: Block;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/' // also integer division where the types make it one
  | '//' // integer division that the language spells apart
  | '%'
  | '**'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '&&'
  | '||'
  | '??'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'not in';

/** `*` takes an iterable apart in a call or a list. */
export type UnaryOperator = '-' | '!' | '~' | '+';

export type Expression =
  | { readonly kind: 'name'; readonly lines: Lines; readonly name: string }
  | { readonly kind: 'literal'; readonly lines: Lines; readonly type: 'number' | 'string' | 'char' | 'boolean' | 'null'; readonly value: number | string | boolean | null }
  | { readonly kind: 'member'; readonly lines: Lines; readonly object: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly lines: Lines; readonly object: Expression; readonly index: Expression }
  /** `view`: the items are only named, not copied (a pair of iterators). */
  | { readonly kind: 'slice'; readonly lines: Lines; readonly object: Expression; readonly from?: Expression | undefined; readonly to?: Expression | undefined; readonly step?: Expression | undefined; readonly view?: boolean | undefined }
  /** A call of a function (`callee` a name), a method (`callee` a member) or of any value. Named arguments: `names`. */
  | { readonly kind: 'call'; readonly lines: Lines; readonly callee: Expression; readonly args: readonly Expression[]; readonly names?: readonly (string | undefined)[] | undefined }
  /** `dimensions` for `new int[n][m]` and `make([]int, n)`; `items` for an initialiser list; `fields`: those that `args` set, by name. */
  | { readonly kind: 'new'; readonly lines: Lines; readonly type: Type; readonly args: readonly Expression[]; readonly fields?: readonly (string | undefined)[] | undefined; readonly dimensions?: readonly Expression[] | undefined; readonly items?: readonly Expression[] | undefined }
  | { readonly kind: 'binary'; readonly lines: Lines; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'unary'; readonly lines: Lines; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: 'conditional'; readonly lines: Lines; readonly condition: Expression; readonly then: Expression; readonly else: Expression }
  /** An assignment used as a value. `x++` has `operator: '+'` and the literal 1. */
  | { readonly kind: 'assign'; readonly lines: Lines; readonly target: Expression; readonly operator?: BinaryOperator | undefined; readonly value: Expression }
  | { readonly kind: 'list'; readonly lines: Lines; readonly type: 'list' | 'tuple' | 'set' | 'array'; readonly items: readonly Expression[] }
  /** A map literal. A key that is left out belongs to a spread. */
  | { readonly kind: 'map'; readonly lines: Lines; readonly entries: readonly MapEntry[] }
  | { readonly kind: 'comprehension'; readonly lines: Lines; readonly result: 'list' | 'set' | 'map' | 'iterator'; readonly element: Expression; readonly value?: Expression | undefined; readonly clauses: readonly ComprehensionClause[] }
  | { readonly kind: 'lambda'; readonly lines: Lines; readonly function: FunctionIr }
  /** `*xs`, `...xs`: the items of an iterable, in a list or a call. */
  | { readonly kind: 'spread'; readonly lines: Lines; readonly value: Expression }
  /** A string with expressions inside. */
  | { readonly kind: 'template'; readonly lines: Lines; readonly parts: readonly Expression[] }
  | { readonly kind: 'unknown'; readonly lines: Lines; readonly children: readonly Expression[] };

export interface MapEntry {
  readonly key?: Expression | undefined;
  readonly value: Expression;
}

export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

/** The type that nothing is known of. */
export const unknownType: Type = { kind: 'unknown', name: '', args: [] };

/** The name that every lowering gives the receiver of a method. */
export const receiverName = 'this';

/** The function that reading by statement is lowered to. */
export const readName = '@read';
