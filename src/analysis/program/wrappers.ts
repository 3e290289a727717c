import { plainChangesOf } from './changes';
import type { Block, ClassIr, Expression, FunctionIr, Program } from './ir';
import type { Library } from '../library';
import { Memo } from './memo';
import { rootOf, visitBlock, visitExpression } from './visit';

/** Fewer methods do not put in, take out, and tell what is there. */
const leastMethods = 3;

/** What a method of a class that keeps a list or an array does to it, whatever it is called. */
export type Role = 'push' | 'pop' | 'empty';

const known = new Memo<Program, ReadonlyMap<string, Role>>();

/**
 * The methods of the program's own stacks and queues by name: `drop` of a class whose `drop` takes an item from the list that it
 * keeps. Only names that the library knows nothing of, and that mean the same in all classes that have them. Kept per program.
 */
export function rolesOf(program: Program, library: Library): ReadonlyMap<string, Role> {
  let roles = known.get(program);
  if (roles === undefined) {
    roles = findRoles(program, library);
    known.set(program, roles);
  }
  return roles;
}

function findRoles(program: Program, library: Library): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role | undefined>();
  for (const type of program.classes) {
    if (type.methods.length < leastMethods) {
      continue;
    }
    const own = new Map(type.methods.map((fn) => [fn.name, roleOf(fn, type, library)]));
    const isStore = [...own.values()].includes('push') && [...own.values()].includes('pop');
    for (const [name, role] of own) {
      const known = isStore && !Object.hasOwn(library.methods, name) ? role : undefined;
      roles.set(name, roles.has(name) && roles.get(name) !== known ? undefined : known);
    }
  }
  return new Map([...roles].flatMap(([name, role]) => (role === undefined ? [] : [[name, role] as const])));
}

function roleOf(fn: FunctionIr, type: ClassIr, library: Library): Role | undefined {
  if (fn.constructs === true || hasLoop(fn.body)) {
    return undefined;
  }
  if (fn.params.length === 0 && tellsEmpty(fn, type)) {
    return 'empty';
  }
  const { mutations, updates, calls } = plainChangesOf(fn.body, library);
  const isField = (name: string): boolean => name.startsWith('this.') || (type.fields.some((field) => field.name === name) && !fn.params.some((param) => param.name === name));
  const own = mutations.filter(({ root, effect }) => isField(root) && effect !== 'other');
  const moved = [...updates].filter(([name]) => isField(name) && !name.includes('['));
  // What else it calls may put in or take out as well.
  if (calls.some(({ callee }) => callee.kind === 'name' || (callee.kind === 'member' && callee.object.kind === 'name' && callee.object.name === 'this')) && own.length === 0) {
    return undefined;
  }
  const steps = moved.flatMap(([, moves]) => moves);
  const isStep = (motion: 'up' | 'down'): boolean => moved.length === 1 && steps.every((step) => step.motion === motion && step.amount?.kind === 'literal' && step.amount.value === 1);
  if (own.length === 0) {
    // `return items[--top]`, `return items[head++]`
    return isStep('down') || (isStep('up') && fn.body.some((statement) => statement.kind === 'return' && statement.value?.kind === 'index')) ? 'pop' : undefined;
  }
  if (own.every(({ effect, item }) => effect === 'pop' || (effect === 'remove' && isEnd(item)))) {
    return 'pop';
  }
  if (own.every(({ effect }) => effect === 'push') && own.length === 1) {
    return 'push';
  }
  return own.length === 1 && own[0]?.effect === 'write' && isStep('up') ? 'push' : undefined;
}

/** The first or the last place: `0`, `items.size() - 1`. */
function isEnd(place: Expression | undefined): boolean {
  return (place?.kind === 'literal' && place.value === 0) || (place?.kind === 'binary' && place.operator === '-' && place.right.kind === 'literal' && place.right.value === 1);
}

function hasLoop(block: Block): boolean {
  let found = false;
  visitBlock(block, {
    statement: ({ kind }) => {
      found ||= kind === 'while' || kind === 'for' || kind === 'forEach';
      return !found;
    },
  });
  return found;
}

/** `return this.items.length === 0`, also of several, or of the place of the last one. */
function tellsEmpty({ body }: FunctionIr, type: ClassIr): boolean {
  const [only, other] = body;
  const value = only?.kind === 'return' && other === undefined ? only.value : undefined;
  return value !== undefined && tests(value) && isOfFields(value, type);
}

function tests(value: Expression): boolean {
  if (value.kind === 'unary') {
    return value.operator === '!';
  }
  if (value.kind === 'call') {
    return value.callee.kind === 'member' && /^(?:isEmpty|empty|is_empty|empty\?)$/.test(value.callee.name);
  }
  return value.kind === 'binary' && (value.operator === '&&' || value.operator === '||' ? tests(value.left) && tests(value.right) : ['==', '!=', '<', '<=', '>', '>='].includes(value.operator) && ['literal', 'name', 'member'].includes(value.right.kind));
}

function isOfFields(value: Expression, type: ClassIr): boolean {
  let isOwn = true;
  visitExpression(value, {
    expression: (inner) => {
      if (inner.kind === 'name') {
        isOwn &&= inner.name === 'this' || inner.name === 'len' || type.fields.some((field) => field.name === inner.name);
      } else if (inner.kind === 'member' && rootOf(inner)?.startsWith('this') !== true) {
        isOwn &&= type.fields.some((field) => field.name === (rootOf(inner) ?? ''));
      }
      return isOwn;
    },
  });
  return isOwn;
}
