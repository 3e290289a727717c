import type { Block, ClassIr, FunctionIr, Program } from './ir';
import { visitParts } from './parts';
import { Memo } from './memo';

const programs = new Memo<Program, Names>();

const none: readonly FunctionIr[] = [];

/** Functions of one name. */
interface Namesakes {
  /** Those that are declared in no other function. */
  readonly free: readonly FunctionIr[];
  /** The others, by the function that they are declared in. */
  readonly inside: ReadonlyMap<FunctionIr, readonly FunctionIr[]>;
}

/** The functions and classes of a program by their names. Kept per program, as each function is analysed on its own. */
export class Names {
  readonly classes: ReadonlyMap<string, ClassIr>;
  private readonly functions = new Map<string, FunctionIr[]>();
  private readonly program: Program;
  private readonly namesakes = new Map<string, Namesakes>();
  private outer: ReadonlyMap<FunctionIr, FunctionIr> | undefined;

  private constructor(program: Program) {
    this.program = program;
    for (const fn of program.functions) {
      const same = this.functions.get(fn.name);
      if (same === undefined) {
        this.functions.set(fn.name, [fn]);
      } else {
        same.push(fn);
      }
    }
    this.classes = new Map(program.classes.map((each) => [each.name, each]));
  }

  static of(program: Program): Names {
    let names = programs.get(program);
    if (names === undefined) {
      names = new Names(program);
      programs.set(program, names);
    }
    return names;
  }

  /**
   * The functions that `name` can mean inside of `from` (outside of functions where undefined): a function that is
   * declared inside another one is known there only, and hides those of the same name further out. Where that leaves
   * none, all of that name.
   */
  functionsNamed(name: string, from: FunctionIr | undefined): readonly FunctionIr[] {
    const all = this.functions.get(name);
    if (all === undefined) {
      return none;
    }
    if (all.length === 1) {
      return all;
    }
    const { free, inside } = this.namesakesOf(name, all);
    if (inside.size > 0) {
      const outer = this.outerFunctions();
      for (let place = from; place !== undefined; place = outer.get(place)) {
        const here = inside.get(place);
        if (here !== undefined) {
          return here;
        }
      }
    }
    return free.length > 0 ? free : all;
  }

  private namesakesOf(name: string, all: readonly FunctionIr[]): Namesakes {
    let namesakes = this.namesakes.get(name);
    if (namesakes === undefined) {
      const outer = this.outerFunctions();
      const free: FunctionIr[] = [];
      const inside = new Map<FunctionIr, FunctionIr[]>();
      for (const fn of all) {
        const place = outer.get(fn);
        const beside = place === undefined ? free : inside.get(place);
        if (beside === undefined) {
          inside.set(place ?? fn, [fn]);
        } else {
          beside.push(fn);
        }
      }
      namesakes = { free, inside };
      this.namesakes.set(name, namesakes);
    }
    return namesakes;
  }

  /** The outermost function with a name that `fn` is declared in, if any. */
  outermost(fn: FunctionIr): FunctionIr | undefined {
    const outer = this.outerFunctions();
    let outermost: FunctionIr | undefined;
    for (let place = outer.get(fn); place !== undefined; place = outer.get(place)) {
      outermost = place.name === '' ? outermost : place;
    }
    return outermost;
  }

  /** For each function that is declared inside another one, that one. */
  private outerFunctions(): ReadonlyMap<FunctionIr, FunctionIr> {
    if (this.outer === undefined) {
      const outer = new Map<FunctionIr, FunctionIr>();
      const walked = new Set<FunctionIr>();
      const enter = (fn: FunctionIr, from: FunctionIr | undefined): void => {
        if (!walked.has(fn)) {
          walked.add(fn);
          if (from !== undefined) {
            outer.set(fn, from);
          }
          walk(fn.body, fn);
        }
      };
      const walk = (block: Block, from: FunctionIr | undefined): void => {
        visitParts(block, {
          statement: (statement) => {
            if (statement.kind === 'function') {
              enter(statement.function, from);
            }
            return undefined;
          },
          expression: (expression) => {
            if (expression.kind === 'lambda') {
              enter(expression.function, from);
            }
            return undefined;
          },
        });
      };
      walk(this.program.main, undefined);
      for (const fn of [...this.program.functions].sort((a, b) => a.lines.start - b.lines.start || b.lines.end - a.lines.end)) {
        enter(fn, undefined);
      }
      this.outer = outer;
    }
    return this.outer;
  }
}
