import { functionNamed } from './changes';
import type { Block, FunctionIr, Lines, Program } from './ir';
import type { Language } from '../language';
import { operationFor } from '../library';
import { visitParts } from './parts';
import { keyOf, visitBlock } from './visit';

/**
 * A main program that reads nothing only shows what the functions do on examples of its own: then their cost for any
 * input is what matters.
 */
export function drivesDemo(program: Program, language: Language, body: Block): boolean {
  const seen = new Set<FunctionIr>();
  let reads = false;
  const look = (block: Block): void => {
    visitBlock(block, {
      intoFunctions: true,
      expression: (inner) => {
        if (inner.kind === 'call') {
          const name = inner.callee.kind === 'name' ? inner.callee.name : inner.callee.kind === 'member' ? inner.callee.name : '';
          const operation = language.library.functions[keyOf(inner.callee)] ?? functionNamed(language.library, name);
          const method = Object.hasOwn(language.library.methods, name) ? language.library.methods[name] : undefined;
          const viaMethod = method !== undefined && inner.callee.kind === 'member' ? operationFor(method, 'unknown') : undefined;
          if (operation?.io === 'reads' || viaMethod?.io === 'reads') {
            reads = true;
          }
          for (const fn of program.functions) {
            if (fn.name === name && !seen.has(fn)) {
              seen.add(fn);
              look(fn.body);
            }
          }
        } else if (inner.kind === 'new') {
          // Readers are made before they are read from.
          for (const fn of program.functions) {
            if (fn.owner === inner.type.name && (fn.constructs === true || fn.name === 'run') && !seen.has(fn)) {
              seen.add(fn);
              look(fn.body);
            }
          }
        } else if (inner.kind === 'name' && (inner.name === 'args' || inner.name === 'argv' || inner.name === 'stdin')) {
          reads = true;
        }
        return !reads;
      },
    });
  };
  look(body);
  return !reads;
}

/** What a demonstration calls, and what is not called at all. */
export function demonstrated(program: Program, main: FunctionIr | undefined): FunctionIr[] {
  const called = new Set<string>();
  visitBlock(main === undefined ? program.main : main.body, {
    expression: (inner) => {
      if (inner.kind === 'call') {
        called.add(inner.callee.kind === 'name' ? inner.callee.name : inner.callee.kind === 'member' ? inner.callee.name : '');
      }
      return undefined;
    },
  });
  return program.functions.filter((fn) => fn !== main && called.has(fn.name) && fn.constructs !== true);
}

/** Whether the statements outside of functions do more than declare. */
export function runsSomething(program: Program): boolean {
  return program.main.some((statement) => statement.kind !== 'function' && statement.kind !== 'declare' && !(statement.kind === 'assign' && statement.value.kind === 'literal'));
}

export function callsOwn(program: Program): boolean {
  const names = new Set(program.functions.map((fn) => fn.name));
  let found = false;
  visitBlock(program.main.filter((statement) => statement.kind !== 'function'), {
    // Handlers of the input are run, too.
    intoFunctions: true,
    expression: (inner) => {
      if (inner.kind === 'call') {
        const name = inner.callee.kind === 'name' ? inner.callee.name : inner.callee.kind === 'member' ? inner.callee.name : '';
        found = found || names.has(name) || program.classes.some((each) => each.name === name);
      }
      return !found;
    },
  });
  return found;
}

/** Functions that no other function of the piece calls: what is called from outside. */
export function rootFunctions(program: Program): FunctionIr[] {
  const called = new Set<string>(program.inlined);
  const nested = new Set<FunctionIr>();
  for (const fn of program.functions) {
    visitParts(fn.body, {
      intoFunctions: true,
      statement: (statement) => {
        if (statement.kind === 'function') {
          nested.add(statement.function);
        }
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'call') {
          const name = inner.callee.kind === 'name' ? inner.callee.name : inner.callee.kind === 'member' ? inner.callee.name : '';
          // `this.items.pop()` in a class with a method `pop` of its own: what the class offers is called from outside all the same.
          const isOfPart = inner.callee.kind === 'member' && fn.owner !== undefined && !(inner.callee.object.kind === 'name' && inner.callee.object.name === 'this') && program.functions.every((other) => other.name !== name || (other.owner === fn.owner && other.exported));
          if (name !== fn.name && !isOfPart) {
            called.add(name);
          }
        } else if (inner.kind === 'lambda') {
          nested.add(inner.function);
        } else if (inner.kind === 'member' && inner.object.kind === 'name' && inner.object.name === 'this') {
          called.add(`&${inner.name}`);
        }
        return undefined;
      },
    });
  }
  const inside = insideOthers(program);
  const outer = program.functions.filter((fn) => fn.name !== '' && !nested.has(fn) && !inside.has(fn));
  const roots = outer.filter((fn) => !called.has(fn.name) && fn.constructs !== true && fn.name !== '<clinit>');
  const withoutConstructors = roots.length > 0 ? roots : outer.filter((fn) => fn.constructs !== true);
  const exported = withoutConstructors.filter((fn) => fn.exported);
  return exported.length > 0 ? exported : withoutConstructors.length > 0 ? withoutConstructors : outer;
}

/**
 * What is called from outside of 1-based lines: of the functions in them those that none of the others calls; where they
 * lie inside of a function, the innermost one around them.
 */
export function entriesWithin(program: Program, range: Lines): FunctionIr[] {
  const named = program.functions.filter((fn) => fn.name !== '');
  const functions = named.filter((fn) => fn.lines.start >= range.start && fn.lines.end <= range.end);
  if (functions.length > 0) {
    return rootFunctions({ ...program, functions });
  }
  const around = named.filter((fn) => fn.lines.start <= range.start && fn.lines.end >= range.end);
  const shortest = Math.min(...around.map((fn) => fn.lines.end - fn.lines.start));
  return around.filter((fn) => fn.lines.end - fn.lines.start === shortest);
}

/** Functions, no methods, whose lines lie within those of another one that is longer. */
function insideOthers(program: Program): Set<FunctionIr> {
  const inside = new Set<FunctionIr>();
  // Of two that begin in one line, the longer one comes first: so what is around a function comes before it.
  const ordered = [...program.functions].sort((a, b) => a.lines.start - b.lines.start || b.lines.end - a.lines.end);
  let longest: FunctionIr | undefined;
  for (const fn of ordered) {
    if (longest === undefined || fn.lines.end > longest.lines.end) {
      longest = fn;
    } else if (fn.owner === undefined && (fn.lines.start > longest.lines.start || fn.lines.end < longest.lines.end)) {
      inside.add(fn);
    }
  }
  return inside;
}
