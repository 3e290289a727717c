import type { Engine } from './engine';
import type { Expression, Program } from '../program/ir';
import { visitParts } from '../program/parts';
import { bodies, targetNames } from '../program/visit';
import { Memo } from '../program/memo';

/**
 * Whether a condition is a flag that the program sets once, to a literal, and never again: `static final boolean TRACE =
 * false`. Undefined for every other condition.
 */
export function flagOf(engine: Engine, condition: Expression): boolean | undefined {
  if (condition.kind === 'unary' && condition.operator === '!') {
    const inner = flagOf(engine, condition.operand);
    return inner === undefined ? undefined : !inner;
  }
  return condition.kind === 'name' ? flagsOf(engine.program).get(condition.name) : undefined;
}

const flags = new Memo<Program, ReadonlyMap<string, boolean>>();

function flagsOf(program: Program): ReadonlyMap<string, boolean> {
  let found = flags.get(program);
  if (found === undefined) {
    found = findFlags(program);
    flags.set(program, found);
  }
  return found;
}

/** The names that an assignment to a target sets, those of fields included. */
function namesSet(target: Expression): readonly string[] {
  return target.kind === 'member' ? [target.name] : targetNames(target);
}

function findFlags(program: Program): Map<string, boolean> {
  const found = new Map<string, boolean>();
  // Names that are given anything else, or that something may change from elsewhere.
  const taken = new Set<string>();
  const give = (name: string, value: Expression | undefined): void => {
    if (value?.kind !== 'literal' || typeof value.value !== 'boolean' || found.has(name)) {
      taken.add(name);
    } else {
      found.set(name, value.value);
    }
  };
  program.classes.forEach((each) => each.fields.forEach((field) => give(field.name, field.value)));
  program.functions.forEach((fn) => fn.params.forEach((param) => taken.add(param.name)));
  for (const block of bodies(program)) {
    visitParts(block, {
      statement: (statement) => {
        if (statement.kind === 'declare') {
          give(statement.name, statement.value);
        } else if (statement.kind === 'assign') {
          const { target } = statement;
          namesSet(target).forEach((name) => give(name, statement.operator === undefined && target.kind === 'name' ? statement.value : undefined));
        } else if (statement.kind === 'forEach') {
          targetNames(statement.target).forEach((name) => taken.add(name));
        }
        return undefined;
      },
      expression: (inner) => {
        if (inner.kind === 'assign') {
          namesSet(inner.target).forEach((name) => taken.add(name));
        } else if (inner.kind === 'call') {
          // It may be passed by reference.
          inner.args.forEach((arg) => arg.kind === 'name' && taken.add(arg.name));
        } else if (inner.kind === 'lambda') {
          inner.function.params.forEach((param) => taken.add(param.name));
          visitParts(inner.function.body, {
            intoFunctions: true,
            statement: (statement) => {
              if (statement.kind === 'assign') {
                namesSet(statement.target).forEach((name) => taken.add(name));
              }
              return undefined;
            },
            expression: (each) => {
              if (each.kind === 'assign') {
                namesSet(each.target).forEach((name) => taken.add(name));
              }
              return undefined;
            },
          });
        }
        return undefined;
      },
    });
  }
  taken.forEach((name) => found.delete(name));
  return found;
}
