import { t } from '../../core/l10n';
import { add, constant, isConstant, maximum, mentions, multiply, one, sizesIn, someSize, substitute, zero, type Growth } from '../algebra/bigO';
import { print } from '../algebra/growthText';
import { changesOf, type Changes } from '../program/changes';
import { type Role, rolesOf } from '../program/wrappers';
import { type InnerCall, noFindings } from './innerCalls';
import type { Block, ClassIr, Expression, FunctionIr, Lines, Program, Statement } from '../program/ir';
import type { Library } from '../library';
import { Names } from '../program/names';
import type { Repeats } from './repeats';
import { held, lookup, makeValue, newScope, scopeWith, type Scope, type Value } from './values';

/**
 * A sentence for people. Most that the rules could say are never read, so they are put together where they are. A report
 * holds its sentences: those that are said often are made in functions of their own, where they hold nothing else alive.
 */
export type Sentence = string | (() => string);

/** One reason for the cost: a loop, a recursion, a call. Children happen inside it. */
export interface EvidenceNode {
  readonly kind: 'loop' | 'recursion' | 'call' | 'library';
  readonly lines: Lines;
  /** What it is, for people, translated. */
  readonly text: Sentence;
  /** How often it runs each time it is reached. */
  runs: Growth;
  /** What one run costs. */
  each: Growth;
  total: Growth;
  children: EvidenceNode[];
}

/** Where costs are added up: the body of a function, of a loop, or a branch. */
export interface Frame {
  readonly kind: 'function' | 'loop' | 'branch';
  readonly parent: Frame | undefined;
  cost: Growth;
  items: EvidenceNode[];
  /** The loop statement and how often it runs, where it is one. */
  readonly loop: Statement | undefined;
  readonly trips: Growth;
  readonly body: Block;
  /** Number of loops around, this one included, since the analysis began. */
  readonly depth: number;
  /** The loop takes its items from this collection until it is empty. */
  readonly worklist: Value | undefined;
  /** Name of the collection of the work list. */
  readonly worklistName: string | undefined;
  /** Where all rounds of the loop together are charged once, if that is further out than the frame around it. */
  readonly outlet: Frame | undefined;
  /** Each iteration handles a node that no other does: neighbours add up to all edges. */
  readonly distinct: ReadonlySet<string>;
  /** Those of the `distinct` names that stand for the items of a list, which may be the same again. */
  readonly repeating: ReadonlySet<string>;
  /** Sizes that its rounds share. */
  readonly shares: Share[];
}

/** A size that is another in each round of a loop; those of all rounds together are `total`. */
export interface Share {
  readonly name: string;
  readonly total: Growth;
  /** Each round has a fraction of what the round before had. */
  readonly isGeometric?: boolean | undefined;
}

/** Two parameters that are the ends of a stretch of places, and how long that is. */
export interface Stretch {
  readonly low: string;
  readonly high: string;
  readonly width: Growth;
}

/** A function that is being analysed, for finding recursion. */
export interface Active {
  readonly fn: FunctionIr;
  readonly call: Expression & { kind: 'call' };
  readonly symbol: string;
  readonly frame: Frame;
  /** Costs charged once for all calls of the recursion together. */
  once: Growth;
  onceItems: EvidenceNode[];
  /** Costs of what ends the recursion: of branches that leave the function without calling it. */
  ends: Growth;
  endItems: EvidenceNode[];
  calls: number;
  readonly recursive: boolean;
  /** Parameters that name the state: their neighbours are visited once over all calls. */
  readonly distinct: ReadonlySet<string>;
  result: Value | undefined;
  readonly stretches: readonly Stretch[];
  /** Name of the size of what a recursive call gives back, while it is not known. */
  readonly resultSize: string;
}

/** Names of scopes with what they are bound to; undefined where they are not. */
export type Bindings = Map<Scope, Map<string, Value | undefined>>;

/** Thrown inside the engine when a program takes too long; the report then says `unknown`. */
export class BudgetExceeded extends Error {}

const noNames: ReadonlySet<string> = new Set();

const noStatements: Block = [];

/** Of an alternative that has bound nothing yet: most never do. */
const noBindings: Bindings = new Map();

/** What a frame is given; the rest is the same for all when they begin. */
type FrameParts = { readonly [Part in 'loop' | 'trips' | 'body' | 'worklist' | 'worklistName' | 'outlet' | 'distinct' | 'repeating']?: Frame[Part] | undefined };

/** State of one analysis. The rules are functions over it in the other files. */
export class Engine {
  readonly program: Program;
  readonly library: Library;
  scope: Scope = newScope(undefined);
  readonly globals: Scope = this.scope;
  frame: Frame;
  readonly active: Active[] = [];
  findings = noFindings();
  /** Calls of functions that are declared inside others, as they were followed. */
  readonly innerCalls = new Map<FunctionIr, InnerCall>();
  readonly allocations: Value[] = [];
  callsFollowed = 0;
  readonly repeats: Repeats = new Map();
  readonly names: Names;
  readonly classesByName: ReadonlyMap<string, ClassIr>;
  /** Classes whose fields are being made at the moment. */
  readonly instantiating = new Set<string>();
  /** The receiver of the method that is being analysed. */
  receiver: Value | undefined;
  /** What the program reads first from its input, by name: often the number of test cases. */
  inputsRead = 0;
  symbols = 0;
  /** What those sizes were before. */
  readonly begun = new Map<string, Growth>();
  /** What the sizes that loops were given for a time turned out to be. */
  readonly solved = new Map<string, Growth>();
  /** What a size that is open may be instead of itself: what a branch sets it to, or what it is compared with. */
  readonly instead = new Map<string, Growth>();
  /** Loops whose recursion returns at the first call are counted once. */
  inReturn = false;
  /** What names were bound to before the alternative that is being followed. */
  private journal: Bindings | undefined;
  private steps = 0;
  private readonly deadline: number;
  private readonly now: () => number;
  readonly maxSteps: number;
  /** What methods of the program's own stacks and queues do. */
  readonly roles: ReadonlyMap<string, Role>;

  constructor(program: Program, library: Library, limits: { readonly maxSteps: number; readonly milliseconds: number; readonly now: () => number }) {
    this.program = program;
    this.library = library;
    this.roles = rolesOf(program, library);
    this.maxSteps = limits.maxSteps;
    this.now = limits.now;
    this.deadline = limits.now() + limits.milliseconds;
    this.frame = rootFrame();
    this.names = Names.of(program);
    this.classesByName = this.names.classes;
  }

  /**
   * An upper bound of both. Next to a size that is open the other is kept for when that is solved: a sum with it would look
   * like growth by so much in every round.
   */
  readonly higher = (a: Growth, b: Growth): Growth => {
    const own = openSize(a);
    const [open, other] = own === undefined ? [b, a] : [a, b];
    const name = own ?? openSize(b);
    if (name === undefined || mentions(other, name)) {
      return maximum(a, b);
    }
    const known = this.instead.get(name);
    this.instead.set(name, known === undefined ? other : maximum(known, other));
    return open;
  };

  /** Counts work and stops the analysis where it takes too long. */
  tick(): void {
    this.steps += 1;
    if (this.steps > this.maxSteps || ((this.steps & 31) === 0 && this.now() > this.deadline)) {
      throw new BudgetExceeded();
    }
  }

  changes(block: Block): Changes {
    return changesOf(block, this.library, this.roles);
  }

  /** The program's functions that `name` can mean at the place at hand, or inside of `from`. */
  functionsNamed(name: string, from: FunctionIr | undefined = this.active[this.active.length - 1]?.fn): readonly FunctionIr[] {
    return this.names.functionsNamed(name, from);
  }

  freshSymbol(prefix: string): string {
    this.symbols += 1;
    return `${prefix}${this.symbols}`;
  }

  assume(text: string): void {
    this.findings.assumptions.add(text);
  }

  /** A function that is neither part of the code nor of a known library: counted as O(1), and told. */
  meetUnknownCall(name: string): void {
    this.findings.unknownCalls.add(name);
    this.assume(t('{0} is not part of this code; a call of it is counted as O(1)', name));
  }

  cannotTell(lines: Lines, text: string): void {
    this.findings.undecided.set(`${lines.start}:${text}`, text);
  }

  value(name: string): Value | undefined {
    return lookup(this.scope, name);
  }

  bind(name: string, value: Value): void {
    this.set(scopeWith(this.scope, name) ?? this.scope, name, value);
  }

  declare(name: string, value: Value): void {
    this.set(this.scope, name, value);
  }

  set(scope: Scope, name: string, value: Value): void {
    if (this.journal !== undefined) {
      if (this.journal === noBindings) {
        this.journal = new Map();
      }
      let names = this.journal.get(scope);
      if (names === undefined) {
        names = new Map();
        this.journal.set(scope, names);
      }
      if (!names.has(name)) {
        names.set(name, held(scope, name));
      }
    }
    scope.values.set(name, value);
  }

  /** Runs `work` and gives back what the names that it binds were bound to before. */
  recordBindings(work: () => void): Bindings {
    const outer = this.journal;
    this.journal = noBindings;
    try {
      work();
      return this.journal;
    } finally {
      this.journal = outer;
    }
  }

  allocate(value: Value): Value {
    value.allocated = true;
    value.depth = this.frame.depth;
    this.allocations.push(value);
    return value;
  }

  /** Adds a cost to the frame at hand. */
  charge(cost: Growth, evidence?: EvidenceNode): void {
    this.frame.cost = added(this.frame.cost, cost);
    if (evidence !== undefined && !isConstant(evidence.total)) {
      this.frame.items.push(evidence);
    }
  }

  chargeTo(frame: Frame, cost: Growth, items: readonly EvidenceNode[]): void {
    frame.cost = add(frame.cost, cost);
    frame.items.push(...items.filter((item) => !isConstant(item.total)));
  }

  /** Runs `work` in a new frame and gives back the frame; its cost is charged by the caller. */
  inFrame(kind: Frame['kind'], parts: FrameParts, work: () => void): Frame {
    const outer = this.frame;
    // All fields are written out, as in `makeValue`.
    const frame: Frame = {
      kind, parent: outer, cost: zero, items: [], loop: parts.loop, trips: parts.trips ?? one, body: parts.body ?? noStatements, depth: outer.depth + (kind === 'loop' ? 1 : 0),
      worklist: parts.worklist, worklistName: parts.worklistName, outlet: parts.outlet, distinct: parts.distinct ?? noNames, repeating: parts.repeating ?? noNames, shares: [],
    };
    this.frame = frame;
    try {
      work();
    } finally {
      this.frame = outer;
    }
    return frame;
  }

  /** Loops around the place at hand inside the function at hand, innermost first. */
  openLoops(): Frame[] {
    return this.loopsAround(() => false);
  }

  /** Loops around the place at hand inside the innermost function with a name. */
  namedLoops(): Frame[] {
    return this.loopsAround((frame) => this.active.some((active) => active.frame === frame && active.fn.name === ''));
  }

  /** The innermost function with a name: one without is part of where it stands. */
  namedActive(): Active | undefined {
    return this.active.findLast((active) => active.fn.name !== '') ?? this.active[this.active.length - 1];
  }

  /** The function that is followed in a frame of kind `function`; undefined where none is, as outside of all functions. */
  activeIn(frame: Frame): Active | undefined {
    return this.active.find((active) => active.frame === frame);
  }

  private loopsAround(isPart: (frame: Frame) => boolean): Frame[] {
    const loops: Frame[] = [];
    for (let at: Frame | undefined = this.frame; at !== undefined && (at.kind !== 'function' || isPart(at)); at = at.parent) {
      if (at.kind === 'loop') {
        loops.push(at);
      }
    }
    return loops;
  }

  /** Product of the trips of the loops that were opened after `depth` loops were open. */
  tripsSince(depth: number): Growth {
    let product: Growth = one;
    for (let at: Frame | undefined = this.frame; at !== undefined && at.depth > depth; at = at.parent) {
      if (at.kind === 'loop') {
        product = multiply(product, at.trips);
      }
    }
    return product;
  }
}

/** As `add`; how many constant steps there are beside what grows is of no interest. */
function added(sum: Growth, cost: Growth): Growth {
  const [only, ...others] = cost.terms;
  return only?.key === '' && others.length === 0 && sum.terms.length > 1 && sum.terms.some((term) => term.key === '') ? sum : add(sum, cost);
}

/** What a variable, or a field of the object at hand (`this.rows`, or `rows` where that means it), holds. */
export function valueNamed(engine: Engine, name: string): Value | undefined {
  return name.startsWith('this.') ? engine.receiver?.fields?.get(name.slice(5)) : (engine.value(name) ?? engine.receiver?.fields?.get(name));
}

/** The name of a size that is open, where a growth is just that. */
function openSize(growth: Growth): string | undefined {
  const term = growth.terms[0];
  const factor = term?.factors[0];
  const isPlain = growth.terms.length === 1 && term?.coefficient === 1 && term.factors.length === 1 && factor?.power === 1;
  return isPlain && factor.atom.kind === 'size' && factor.atom.name.startsWith('§') ? factor.atom.name : undefined;
}

export function rootFrame(): Frame {
  return {
    kind: 'function', parent: undefined, cost: zero, items: [], loop: undefined, trips: one, body: [], depth: 0, worklist: undefined,
    worklistName: undefined, outlet: undefined, distinct: noNames, repeating: noNames, shares: [],
  };
}

/** Replaces a size in a frame's costs and evidence once it is known. */
export function substituteIn(items: readonly EvidenceNode[], name: string, by: Growth): void {
  for (const item of items) {
    item.runs = substitute(item.runs, name, by);
    item.each = substitute(item.each, name, by);
    item.total = substitute(item.total, name, by);
    substituteIn(item.children, name, by);
  }
}

/** A growth with sizes that were open replaced by what they turned out to be. */
export function settled(solved: ReadonlyMap<string, Growth>, growth: Growth): Growth {
  let result = growth;
  for (let round = 0; round < 4; round++) {
    const before = result;
    if (!someSize(before, (name) => solved.has(name))) {
      break;
    }
    for (const name of sizesIn(before)) {
      const solution = solved.get(name);
      result = solution === undefined ? result : substitute(result, name, solution);
    }
    if (result === before) {
      break;
    }
  }
  return result;
}

export function evidence(kind: EvidenceNode['kind'], lines: Lines, text: Sentence, runs: Growth, each: Growth, children: EvidenceNode[] = []): EvidenceNode {
  return { kind, lines, text, runs, each, total: multiply(runs, each), children };
}

/** A frame for a branch cannot be charged more than the dearest of its alternatives. */
export function dearest(frames: readonly Frame[]): { cost: Growth; items: EvidenceNode[] } {
  let cost: Growth = zero;
  const items: EvidenceNode[] = [];
  for (const frame of frames) {
    cost = maximum(cost, frame.cost);
    items.push(...frame.items);
  }
  return { cost, items };
}

/** Nothing, `None`, `null`. */
export function nothing(): Value {
  return makeValue('void', { number: one, size: constant(0) });
}

/** `O(…)` of a growth. */
export function bigO(growth: Growth): string {
  return `O(${print(growth)})`;
}
