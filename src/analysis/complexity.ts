import { t } from '../core/l10n';
import { constant, type Growth, isConstant, maximum, one } from './algebra/bigO';
import { classOf, compare, type ComplexityClass, type Rank, rank } from './algebra/ranks';
import { withoutAliases } from './program/aliases';
import { instantiate } from './following/calls';
import { closed, type Evidence, listEvidence } from './derivation';
import { bigO, BudgetExceeded, Engine, type EvidenceNode, rootFrame, settled } from './following/engine';
import { callsOwn, demonstrated, drivesDemo, entriesWithin, rootFunctions, runsSomething } from './program/entries';
import type { InnerCall } from './following/innerCalls';
import type { Block, FunctionIr, Lines, Program } from './program/ir';
import type { Language } from './language';
import { loadLanguage } from './languages/index';
import { forgetAll } from './program/memo';
import { Names } from './program/names';
import { withTree } from './parser';
import { fillFields } from './following/fields';
import { startFrom } from './following/starts';
import { withoutSmallFunctions } from './program/inlining';
import { recordWidth } from './sizes/records';
import { callFunction } from './recursion/recursion';
import { runBlock } from './following/statements';
import { copyOf, elementOf, footprint, givenValue, isCollection, type Value } from './following/values';

/** How sure a derived bound is: `certain` where every rule was exact, `likely` with assumptions, `guess` where something was taken for granted. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** A bound in the worst case. */
export interface Bound {
  readonly class: ComplexityClass;
  /** In named sizes of the code, such as `O(len(xs)·k)`; `unknown` where it could not be told. */
  readonly expression: string;
  readonly confidence: Confidence;
}

export interface FunctionReport {
  readonly name: string;
  readonly range: Lines;
  readonly time: Bound;
  /** Where the time lies on the scale, for comparing; constant where it is unknown. */
  readonly timeRank: Rank;
  readonly space: Bound;
  /** Put together when it is first asked for. */
  readonly evidence: readonly Evidence[];
  readonly assumptions: readonly string[];
  /** What could not be decided, each with its line. */
  readonly undecided: readonly string[];
  /** Names of functions that are called, but are not part of the code: each call was counted as O(1). */
  readonly unknownCalls: readonly string[];
}

export interface ComplexityReport {
  readonly languageId: string;
  /** Every function of the piece, in order of appearance. */
  readonly functions: readonly FunctionReport[];
  /** The piece as it is run or called from outside: its costliest entry. */
  readonly whole: FunctionReport;
  /** How many places could not be read. */
  readonly syntaxErrors: number;
}

export interface AnalysisOptions {
  /** Only what is inside these 1-based lines is the piece; the rest helps to understand it. */
  readonly range?: Lines;
  /** Milliseconds after which the answer is `unknown`. 150 unless told. Of several functions each may take three quarters of what those before it have left. */
  readonly limitMs?: number;
  /** Only the whole, not each function. */
  readonly wholeOnly?: boolean;
  /**
   * Awaited before each function, so that others get their turn while a long file is analysed. The limit then holds for
   * each function, not for all of them together.
   */
  readonly pause?: () => Promise<void>;
}

const defaultLimitMs = 150;

/** How much of the time that is left one function may take: the others of a file need some, too. */
const largestShare = 0.75;

const maxSteps = 150_000;

/**
 * Derives how time and space grow in the worst case. `languageId` is VS Code's. Broken code gets a report for what
 * parses; a language that is not known, or code that takes too long, one that says `unknown` and why. Rejects only where
 * a grammar cannot be loaded.
 */
export async function analyzeComplexity(code: string, languageId: string, options: AnalysisOptions = {}): Promise<ComplexityReport> {
  const language = await loadLanguage(languageId);
  if (language === undefined) {
    const lines = { start: 1, end: code.split('\n').length };
    return { languageId, functions: [], whole: unknownReport('', lines, t('the language {0} is not one that the analysis reads', languageId)), syntaxErrors: 0 };
  }
  try {
    const text = language.prepare === undefined ? code : language.prepare(code);
    const { program, lines } = await withTree(language.grammar, text, (root) => ({ program: withoutSmallFunctions(withoutAliases(language.lower(root, text), language.library), language.library), lines: { start: root.startLine, end: root.endLine } }));
    return await reportOf(program, language, languageId, lines, options);
  } finally {
    forgetAll();
  }
}

async function reportOf(program: Program, language: Language, languageId: string, lines: Lines, options: AnalysisOptions): Promise<ComplexityReport> {
  const clock = (): number => performance.now();
  const limit = options.limitMs ?? defaultLimitMs;
  let deadline = clock() + limit;
  const remaining = (): number => (deadline - clock()) * (options.pause === undefined && program.functions.length > 1 ? largestShare : 1);
  const inRange = (fn: FunctionIr): boolean => options.range === undefined || (fn.lines.start >= options.range.start && fn.lines.end <= options.range.end) || (fn.lines.start <= options.range.start && fn.lines.end >= options.range.end);
  const globals = program.main.filter((statement) => statement.kind === 'declare' || (statement.kind === 'assign' && !isHeavy(statement.value.kind)));
  const cache = new Map<FunctionIr, FunctionReport>();
  const names = Names.of(program);
  const analyze = (fn: FunctionIr): FunctionReport => {
    const outermost = names.outermost(fn);
    let report = cache.get(fn);
    if (report === undefined && outermost !== undefined) {
      analyze(outermost);
      report = cache.get(fn);
    }
    if (report === undefined) {
      report = functionReport(program, language, fn, globals, remaining(), (engine) => {
        for (const [inner, call] of engine.innerCalls) {
          const known = names.outermost(inner) === fn ? innerReport(engine, inner, call) : undefined;
          if (known !== undefined) {
            cache.set(inner, known);
          }
        }
      });
      cache.set(fn, report);
    }
    return report;
  };
  const listed = options.wholeOnly === true ? [] : program.functions.filter((fn) => fn.name !== '' && inRange(fn));
  if (options.pause !== undefined) {
    for (const fn of listed) {
      await options.pause();
      deadline = clock() + limit;
      analyze(fn);
    }
    deadline = clock() + limit;
  }
  const whole = wholeReport(program, language, lines, options, inRange, analyze, remaining);
  const functions = listed.map(analyze);
  return { languageId, functions, whole, syntaxErrors: program.syntaxErrors };
}

function wholeReport(
  program: Program, language: Language, lines: Lines, options: AnalysisOptions, inRange: (fn: FunctionIr) => boolean, analyze: (fn: FunctionIr) => FunctionReport, remaining: () => number,
): FunctionReport {
  const isPart = options.range !== undefined;
  const mainFunction = program.functions.find((fn) => fn.name === 'main' && language.library.entryNames.includes('main') && inRange(fn) && (fn.owner === undefined || program.language !== 'python'));
  // Where the file itself is run, it calls `main`, with what it has read before.
  const isScript = /^(?:python|javascript|typescript|php|ruby)/.test(program.language) && (program.language === 'python' || (runsSomething(program) && callsOwn(program)));
  if (!isPart && mainFunction !== undefined && !isScript) {
    return drivesDemo(program, language, mainFunction.body) ? costliest(demonstrated(program, mainFunction), analyze, analyze(mainFunction)) : analyze(mainFunction);
  }
  if (!isPart && program.main.length > 0 && runsSomething(program)) {
    const report = run(program, language, remaining(), '', lines, (engine) => {
      runBlock(engine, program.main);
    });
    const shown = drivesDemo(program, language, program.main) ? demonstrated(program, undefined) : [];
    if (shown.length > 0) {
      return costliest(shown, analyze, report);
    }
    const others = rootFunctions(program).filter((fn) => !fn.name.startsWith('__'));
    if (callsOwn(program) || others.length === 0 || rankOf(report) > 0) {
      return report;
    }
  }
  const entries = options.range === undefined ? rootFunctions(program) : entriesWithin(program, options.range);
  let best: FunctionReport | undefined;
  for (const fn of entries) {
    const report = analyze(fn);
    if (best === undefined || worse(report, best)) {
      best = report;
    }
  }
  if (best !== undefined) {
    return best;
  }
  return run(program, language, remaining(), '', lines, (engine) => {
    runBlock(engine, program.main);
  });
}

function costliest(functions: readonly FunctionIr[], analyze: (fn: FunctionIr) => FunctionReport, otherwise: FunctionReport): FunctionReport {
  let best = otherwise;
  for (const fn of functions) {
    const report = analyze(fn);
    if (worse(report, best)) {
      best = report;
    }
  }
  return best;
}

function rankOf(report: FunctionReport): number {
  return order.indexOf(report.time.class);
}

const order: readonly ComplexityClass[] = [
  'constant', 'logn', 'log2n', 'sqrt', 'linear', 'nlogn', 'nlog2n', 'nsqrt', 'quadratic', 'n2logn', 'cubic', 'n3logn', 'n4', 'polynomial', 'exponential',
];

function worse(a: FunctionReport, b: FunctionReport): boolean {
  return rankOf(a) > rankOf(b);
}

/**
 * The report of a function as it is called by the one that it is declared in; undefined where that leaves sizes open, or
 * where nothing grows there, as with arguments that are constants.
 */
function innerReport(engine: Engine, fn: FunctionIr, call: InnerCall): FunctionReport | undefined {
  const cost = settled(engine.solved, call.cost);
  return isConstant(cost) || closed(cost) !== cost ? undefined : finished(engine, fn.name, fn.lines, { ...call, cost });
}

/** `done` is told when all has been followed. */
function functionReport(program: Program, language: Language, fn: FunctionIr, globals: Block, limit: number, done: (engine: Engine) => void): FunctionReport {
  return run(program, language, limit, fn.name, fn.lines, (engine) => {
    const { owner } = fn;
    const constructor = owner === undefined ? undefined : engine.classesByName.get(owner)?.methods.find((method) => method.constructs === true);
    // Where the program starts, nothing was called before.
    const isFirst = constructor === fn || language.library.entryNames.includes(fn.name);
    const receiver = startFrom(engine, globals, owner === undefined ? '' : isFirst ? `${owner}.${fn.name}` : owner, () => {
      const outer = engine.frame;
      engine.frame = rootFrame();
      // Globals are known; what making them costs is not part of the function. Functions are found by their names.
      runBlock(engine, globals);
      const object = owner === undefined ? undefined : instantiate(engine, owner);
      if (owner !== undefined && constructor !== undefined && constructor !== fn) {
        callFunction(engine, constructor, engine.globals, object, constructor.params.map((param) => givenValue(param.type, param.name)), {
          kind: 'call', lines: constructor.lines, callee: { kind: 'name', name: constructor.name, lines: constructor.lines }, args: [],
        });
      }
      if (owner !== undefined && object !== undefined && !isFirst) {
        fillFields(engine, owner, object);
      }
      engine.frame = outer;
      return object;
    });
    engine.allocations.length = 0;
    const args = fn.params.map((param) => {
      const value = givenValue(param.type, param.name);
      if (value.kind === 'object' && engine.classesByName.has(value.type.name) && !isLinked(engine, value.type.name)) {
        value.nodes = undefined;
      }
      const row = value.kind === 'list' || value.kind === 'array' ? elementOf(value) : undefined;
      const width = row?.kind === 'list' || row?.kind === 'array' ? recordWidth(fn, param.name) : undefined;
      if (row !== undefined && width !== undefined) {
        row.size = constant(width);
      }
      return value;
    });
    const before = heldOutside(engine, receiver).map((value) => ({ value, keys: keysOf(value) }));
    callFunction(engine, fn, engine.globals, receiver, args, { kind: 'call', lines: fn.lines, callee: { kind: 'name', name: fn.name, lines: fn.lines }, args: [] });
    for (const { value, keys } of [...before, ...takenLate(engine)]) {
      const added = value.size?.terms.filter((term) => !keys.has(term.key)) ?? [];
      if (added.length > 0 && !engine.allocations.includes(value)) {
        engine.allocations.push(copyOf(value, { size: { terms: added } }));
      }
    }
    done(engine);
  });
}

/** Collections that are there before a function is called, and after it: fields and globals. What it adds to them is its space, too. */
function heldOutside(engine: Engine, receiver: Value | undefined): Value[] {
  return [...(receiver?.fields?.values() ?? []), ...engine.globals.values.values()].filter(isCollection);
}

function keysOf(value: Value): ReadonlySet<string> {
  return new Set(value.size?.terms.map((term) => term.key));
}

/** The globals that a function asked for, with the sizes that they had before. */
function takenLate({ globals }: Engine): { readonly value: Value; readonly keys: ReadonlySet<string> }[] {
  const { late, values } = globals;
  const taken: { readonly value: Value; readonly keys: ReadonlySet<string> }[] = [];
  for (const name of late === undefined ? [] : values.keys()) {
    const original = late?.originals.get(name);
    if (late !== undefined && original !== undefined && isCollection(original)) {
      taken.push({ value: late.take(original), keys: keysOf(original) });
    }
  }
  return taken;
}

function isHeavy(kind: string): boolean {
  return kind === 'call' || kind === 'comprehension';
}

function isLinked(engine: Engine, name: string): boolean {
  return engine.classesByName.get(name)?.fields.some((field) => field.type?.name === name || field.type?.args.some((arg) => arg.name === name)) === true || (engine.classesByName.get(name)?.fields.length ?? 0) === 0;
}

function run(program: Program, language: Language, limit: number, name: string, lines: Lines, work: (engine: Engine) => void): FunctionReport {
  const engine = new Engine(program, language.library, { maxSteps, milliseconds: limit, now: () => performance.now() });
  if (limit <= 0) {
    return unknownReport(name, lines, t('the analysis ran out of time'));
  }
  try {
    const top = rootFrame();
    engine.frame = top;
    work(engine);
    return finished(engine, name, lines, { cost: top.cost, items: top.items, allocations: engine.allocations, findings: engine.findings });
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof RangeError) {
      return unknownReport(name, lines, t('the analysis ran out of time'));
    }
    throw error;
  }
}

function finished(engine: Engine, name: string, lines: Lines, { cost, items, allocations, findings }: InnerCall): FunctionReport {
  const time = closed(maximum(cost, one));
  let space: Growth = maximum(findings.recursionDepth, one);
  const seen = new Set<Value>();
  for (const value of allocations) {
    if (!seen.has(value)) {
      seen.add(value);
      const own = closed(footprint(value));
      space = compare(own, space) > 0 ? own : maximum(space, own);
    }
  }
  const takes = closed(space);
  const timeRank = rank(time);
  let listed: readonly Evidence[] | undefined;
  let open: { readonly items: readonly EvidenceNode[]; readonly solved: ReadonlyMap<string, Growth> } | undefined = { items, solved: engine.solved };
  const undecided = [...findings.undecided.values()];
  const confidence: Confidence = undecided.length > 0 ? 'guess' : findings.assumptions.size > 0 ? 'likely' : 'certain';
  return {
    name, range: lines,
    time: { class: classOf(timeRank), expression: bigO(time), confidence },
    timeRank,
    space: { class: classOf(rank(takes)), expression: bigO(takes), confidence: confidence === 'certain' ? 'likely' : confidence },
    get evidence() {
      listed ??= listEvidence(open?.items ?? [], open?.solved ?? new Map());
      open = undefined;
      return listed;
    },
    assumptions: Array.from(findings.assumptions),
    undecided,
    unknownCalls: Array.from(findings.unknownCalls),
  };
}

function unknownReport(name: string, lines: Lines, reason: string): FunctionReport {
  const unknown: Bound = { class: 'unknown', expression: 'unknown', confidence: 'guess' };
  return { name, range: lines, time: unknown, timeRank: rank(one), space: unknown, evidence: [], assumptions: [], undecided: [reason], unknownCalls: [] };
}
