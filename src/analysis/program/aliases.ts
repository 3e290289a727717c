import { functionNamed } from './changes';
import type { Expression, Program, Statement } from './ir';
import { type Library, operationFor } from '../library';
import { visitParts } from './parts';
import { Rewriting } from './rewrite';
import { keyOf, targetNames, visitBlock } from './visit';

/**
 * The program with other names for the library's functions replaced by these, where they are called: `read()` by
 * `sys.stdin.readline()` after `read = sys.stdin.readline`. A name that is given anything else anywhere stays.
 */
export function withoutAliases(program: Program, library: Library): Program {
  const meant = aliasesOf(program, library);
  if (meant.size === 0) {
    return program;
  }
  const named = (expression: Expression): Expression => {
    const value = expression.kind === 'name' ? meant.get(expression.name) : undefined;
    return value === undefined ? expression : { ...value, lines: expression.lines };
  };
  return new Rewriting((expression) => {
    if (expression.kind !== 'call') {
      return expression;
    }
    const callee = named(expression.callee);
    const args = expression.args.map(named);
    return callee === expression.callee && args.every((arg, at) => arg === expression.args[at]) ? expression : { ...expression, callee, args };
  }).program(program);
}

function aliasesOf(program: Program, library: Library): Map<string, Expression> {
  const meant = new Map<string, Expression>();
  if (!mayHaveAliases(program, library)) {
    return meant;
  }
  const taken = new Set(program.functions.flatMap((fn) => [fn.name, ...fn.params.map((param) => param.name)]));
  const give = (name: string, value: Expression | undefined): void => {
    const known = meant.get(name);
    if (value === undefined || !isLibrary(value, program, library) || (known !== undefined && keyOf(known) !== keyOf(value))) {
      taken.add(name);
    } else {
      meant.set(name, value);
    }
  };
  const look = (statement: Statement): undefined => {
    if (statement.kind === 'declare') {
      give(statement.name, statement.value);
    } else if (statement.kind === 'assign' && statement.target.kind === 'list' && statement.value.kind === 'list' && statement.value.items.length === statement.target.items.length && statement.target.items.every((item) => item.kind === 'name')) {
      // `read, write = sys.stdin.readline, sys.stdout.write`
      const { items } = statement.value;
      statement.target.items.forEach((item, at) => give(keyOf(item), items[at]));
    } else if (statement.kind === 'assign') {
      targetNames(statement.target).forEach((name) => give(name, statement.target.kind === 'name' && statement.operator === undefined ? statement.value : undefined));
    } else if (statement.kind === 'forEach') {
      targetNames(statement.target).forEach((name) => taken.add(name));
    }
    return undefined;
  };
  const inside = (expression: Expression): undefined => {
    if (expression.kind === 'lambda') {
      expression.function.params.forEach((param) => taken.add(param.name));
    } else if (expression.kind === 'comprehension') {
      expression.clauses.forEach((clause) => targetNames(clause.target).forEach((name) => taken.add(name)));
    } else if (expression.kind === 'assign') {
      targetNames(expression.target).forEach((name) => taken.add(name));
    }
    return undefined;
  };
  for (const block of [program.main, ...program.functions.map((fn) => fn.body)]) {
    visitBlock(block, { intoFunctions: true, statement: look, expression: inside });
  }
  taken.forEach((name) => meant.delete(name));
  return meant;
}

/** A first look, which most programs do not pass: is any name given a function of the library? */
function mayHaveAliases(program: Program, library: Library): boolean {
  let found = false;
  for (const block of [program.main, ...program.functions.map((fn) => fn.body)]) {
    visitParts(block, {
      statement: (statement) => {
        const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined;
        for (const each of value?.kind === 'list' ? value.items : [value]) {
          found ||= (each?.kind === 'name' || each?.kind === 'member') && isLibrary(each, program, library);
        }
        return undefined;
      },
    });
  }
  return found;
}

/** A function of the library by its name, or a method that reads: `sys.stdin.readline`, `input`. */
function isLibrary(value: Expression, program: Program, library: Library): boolean {
  if (value.kind === 'name') {
    return Object.hasOwn(library.functions, value.name) && functionNamed(library, value.name)?.kind === undefined && !program.functions.some((fn) => fn.name === value.name);
  }
  return value.kind === 'member' && (Object.hasOwn(library.functions, keyOf(value)) || (Object.hasOwn(library.methods, value.name) && operationFor(library.methods[value.name], 'unknown')?.io === 'reads'));
}
