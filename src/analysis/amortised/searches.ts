import { t } from '../../core/l10n';
import { type Bound, bound, quietly } from '../loops/bound';
import { partOf } from '../loops/distance';
import type { Changes } from '../program/changes';
import { bigO, type Engine, type Frame } from '../following/engine';
import { isCollection, sizeOf } from '../following/values';
import type { Block, Expression, Statement } from '../program/ir';
import { holds, isName, keyOf, rootOf, usesName, visitExpression, type Visitor, visitStatement } from '../program/visit';
import { roundOf } from '../loops/bounds';

type Call = Expression & { kind: 'call' };

/** A search that begins at a place: `text.find(part, place)`, `strpos($text, $part, $place)`, `strings.Index(text[place:], part)`. */
interface Search {
  readonly call: Call;
  readonly text: Expression;
  /** The variable that says where it begins. */
  readonly place: string;
  /** It gives how far behind that place, not where in the text. */
  readonly isRelative: boolean;
}

/** What surely happens to the place at which the next search begins, before that is reached. */
type Way = 'moved' | 'left' | 'open' | 'astray';

/** The variable of `place` and `place + 1`. */
function placeNamed(start: Expression | undefined): string | undefined {
  return start?.kind === 'name' ? start.name : start?.kind === 'binary' && start.operator === '+' && start.left.kind === 'name' ? start.left.name : undefined;
}

function searchOf(call: Call): Search | undefined {
  const { callee, args } = call;
  const name = callee.kind === 'member' || callee.kind === 'name' ? callee.name : '';
  if (!/^(?:find|index|Index|(?:mb_)?stri?pos$)/.test(name)) {
    return undefined;
  }
  const isFree = name.endsWith('pos');
  const text = isFree ? args[0] : callee.kind === 'member' ? callee.object : undefined;
  const start = placeNamed(args[isFree ? 2 : 1]);
  if (text !== undefined && start !== undefined) {
    return { call, text, place: start, isRelative: false };
  }
  for (const part of [text, args[0]]) {
    const rest = part === undefined || (part.kind === 'slice' && part.step !== undefined) ? undefined : partOf(part);
    const place = rest?.to === undefined ? placeNamed(rest?.from) : undefined;
    if (rest !== undefined && place !== undefined) {
      return { call, text: rest.object, place, isRelative: true };
    }
  }
  return undefined;
}

/** Whether `expression` looks for something from `place` on, or from where that was found: what it finds lies no earlier. */
export function searchesFrom(updates: Changes['updates'], expression: Expression | undefined, place: string, level = 0): boolean {
  const search = expression?.kind === 'call' ? searchOf(expression) : undefined;
  if (search === undefined || search.isRelative || level > 2) {
    return false;
  }
  const moves = search.place === place ? [] : (updates.get(search.place) ?? []);
  return search.place === place || (moves.length > 0 && moves.every(({ motion, amount }) => motion === 'set' && searchesFrom(updates, amount, place, level + 1)));
}

/** The place from which all searches that give `name` its value go on. */
export function searchedBy(updates: Changes['updates'], name: string): string | undefined {
  const [first, ...others] = updates.get(name) ?? [];
  const search = first?.motion === 'set' && first.amount?.kind === 'call' && others.length === 0 ? searchOf(first.amount) : undefined;
  return search?.isRelative === true ? undefined : search?.place;
}

/** Whether a sum is no less than `name`: that and what is added to it. */
function isNotBelow(expression: Expression, name: string): boolean {
  return isName(expression, name) || (expression.kind === 'binary' && expression.operator === '+' && [expression.left, expression.right].some((side) => isNotBelow(side, name)) && !/[-]/.test(keyOf(expression)));
}

/** What lies no earlier than what the search found, at the place at hand and anywhere in the loop. */
interface Behind {
  readonly now: Set<string>;
  readonly ever: Set<string>;
}

/** Whether a value is no less than one of `names`: a sum with it, or what a search in the same text finds from there on. */
function isBehind(value: Expression, search: Search, names: ReadonlySet<string>): boolean {
  const next = value.kind === 'call' ? searchOf(value) : undefined;
  const isFound = next !== undefined && names.has(next.place) && !next.isRelative && !search.isRelative && keyOf(next.text) === keyOf(search.text);
  return isFound || [...names].some((name) => isNotBelow(value, name));
}

/** Follows a block up to where `search` begins again: whether its place is no longer before what was found. */
function wayThrough(block: Block, search: Search, behind: Behind): Way {
  for (const statement of block) {
    const way = wayOf(statement, search, behind);
    if (way !== 'open') {
      return way;
    }
  }
  return 'open';
}

function wayOf(statement: Statement, search: Search, behind: Behind): Way {
  switch (statement.kind) {
    case 'declare':
      return statement.value === undefined ? 'open' : assigned({ target: { kind: 'name', name: statement.name, lines: statement.lines }, value: statement.value }, search, behind);
    case 'assign':
      return assigned(statement, search, behind);
    case 'expression':
      return statement.value.kind === 'assign' ? assigned(statement.value, search, behind) : 'open';
    case 'if': {
      const ways = [statement.then, statement.else].map((branch) => wayThrough(branch, search, { now: new Set(behind.now), ever: behind.ever }));
      if (ways.includes('astray') || (ways.includes('open') && ways.includes('moved'))) {
        return 'astray';
      }
      return ways.includes('open') ? 'open' : ways.includes('moved') ? 'moved' : 'left';
    }
    case 'block':
    case 'try':
      return wayThrough(statement.body, search, behind);
    case 'break':
    case 'return':
    case 'throw':
      return 'left';
    case 'continue':
      return 'astray';
    default:
      return 'open';
  }
}

/** `place = found + 1`, `place += found + 1`, `place = text.find(other, found)`, or the same for another name. */
function assigned({ target, operator, value }: { readonly target: Expression; readonly operator?: string | undefined; readonly value: Expression }, search: Search, behind: Behind): Way {
  if (target.kind !== 'name') {
    return 'open';
  }
  const isPlace = target.name === search.place;
  if (operator !== undefined) {
    const isMoved = isPlace && operator === '+' && search.isRelative && isBehind(value, search, behind.now);
    return isMoved ? 'moved' : !isPlace || operator === '+' ? 'open' : 'astray';
  }
  if (isBehind(value, search, behind.now) && (!search.isRelative || isNotBelow(value, search.place))) {
    behind.now.add(target.name);
    behind.ever.add(target.name);
    return isPlace ? 'moved' : 'open';
  }
  behind.now.delete(target.name);
  return !isPlace || isNotBelow(value, search.place) ? 'open' : 'astray';
}

/** The name that is given what the search finds, also in a condition: `(end = text.find(part, at)) >= 0`. `walk` goes through what holds it. */
function givenTo(call: Call, walk: (visitor: Visitor) => void): string | undefined {
  let name: string | undefined;
  const isIt = (value: Expression | undefined): boolean => value === call || (value?.kind === 'binary' && value.operator === '+' && value.left === call && value.right.kind === 'literal');
  const note = (inner: Statement | Expression): boolean | undefined => {
    if (inner.kind === 'declare' && isIt(inner.value)) {
      ({ name } = inner);
    } else if (inner.kind === 'assign' && inner.operator === undefined && inner.target.kind === 'name' && isIt(inner.value)) {
      ({ name } = inner.target);
    }
    return name === undefined ? undefined : false;
  };
  walk({ statement: note, expression: note });
  return name;
}

/** The statements of the loop from the one that holds the call to where the loop comes round to it, and what it is given to. */
function afterSearch(block: Block, call: Call, isWhole: boolean): { readonly rest: Block; readonly found: string; readonly isAlways: boolean } | undefined {
  const at = block.findIndex((statement) => holds(statement, call));
  const statement = block[at];
  if (statement === undefined) {
    return undefined;
  }
  if (statement.kind === 'if' && !isIn(statement.condition, call)) {
    const inner = afterSearch(statement.then, call, false) ?? afterSearch(statement.else, call, false);
    return inner === undefined ? undefined : { ...inner, isAlways: false };
  }
  if (statement.kind === 'block') {
    return afterSearch(statement.body, call, false);
  }
  if (statement.kind !== 'declare' && statement.kind !== 'assign' && statement.kind !== 'if' && statement.kind !== 'expression') {
    return undefined;
  }
  const found = givenTo(call, (visitor) => visitStatement(statement, visitor));
  return found === undefined ? undefined : { rest: [...block.slice(statement.kind === 'if' ? at : at + 1), ...(isWhole ? block.slice(0, at) : [])], found, isAlways: true };
}

function isIn(expression: Expression, call: Call): boolean {
  let found = false;
  visitExpression(expression, { expression: (inner) => !(found ||= inner === call) });
  return found;
}

/**
 * Whether a search of a loop goes on behind what it found: `end = text.find(part, at); …; at = end + 1`. What is not found
 * ends the loop, or it would never end. All such searches together go through the text once.
 */
function resumesBehind(engine: Engine, search: Search, body: Block, condition: Expression | undefined): { readonly isAlways: boolean } | undefined {
  const { updates, mutations } = engine.changes(body);
  const root = rootOf(search.text);
  const moves = updates.get(search.place) ?? [];
  if (root === undefined || moves.length === 0 || updates.has(root) || mutations.some((mutation) => mutation.root === root)) {
    return undefined;
  }
  const inCondition = condition !== undefined && isIn(condition, search.call) ? givenTo(search.call, (visitor) => visitExpression(condition, visitor)) : undefined;
  const after = inCondition === undefined ? afterSearch(body, search.call, true) : { rest: body, found: inCondition, isAlways: true };
  const behind: Behind = { now: new Set([after?.found ?? '']), ever: new Set([after?.found ?? '']) };
  if (after === undefined || after.found === search.place || wayThrough(after.rest, search, behind) !== 'moved') {
    return undefined;
  }
  const isOn = moves.every(({ motion, amount, declares }) => (motion === 'up' && !declares) || (motion === 'set' && amount !== undefined && (isBehind(amount, search, behind.ever) || (!declares && isNotBelow(amount, search.place)))));
  // What was found may be moved further, but not back.
  const isKept = (updates.get(after.found) ?? []).every((move) => move.motion === 'up' || (move.amount !== undefined && (isIn(move.amount, search.call) || isBehind(move.amount, search, new Set([search.place])))));
  return isOn && isKept ? after : undefined;
}

/** Where all searches like this one are charged together: around the loop that they go on in. */
export function searchedOn(engine: Engine, call: Call): Frame | undefined {
  const [around] = engine.openLoops();
  const search = around?.parent === undefined ? undefined : searchOf(call);
  if (around?.parent === undefined || search === undefined) {
    return undefined;
  }
  const condition = around.loop?.kind === 'while' || around.loop?.kind === 'for' ? around.loop.condition : undefined;
  return searchesOnHere(engine, around, search) || resumesBehind(engine, search, around.loop?.kind === 'for' ? roundOf(around.loop) : around.body, condition) !== undefined ? around.parent : undefined;
}

/** `at = text.find(part, at + 1)`, round by round. */
function searchesOnHere(engine: Engine, around: Frame, search: Search): boolean {
  const { callee } = search.call;
  const searches = (amount: Expression | undefined): boolean => {
    let found = false;
    if (amount !== undefined && callee.kind === 'member') {
      visitExpression(amount, {
        expression: (inner) => {
          found ||= inner.kind === 'call' && inner.callee.kind === 'member' && inner.callee.name === callee.name && keyOf(inner.callee.object) === keyOf(callee.object) && inner.args[1] !== undefined && usesName(inner.args[1], search.place);
          return !found;
        },
      });
    }
    return found;
  };
  const updates = engine.changes(around.body).updates.get(search.place) ?? [];
  const isOn = updates.every((update) => !update.declares && (update.motion === 'up' || searches(update.amount)));
  return isOn && updates.some((update) => searches(update.amount));
}

/** How often a loop runs in which each round searches on behind what the last one found: no more often than the text is long. */
export function searchBound(engine: Engine, body: Block, condition: Expression | undefined): Bound | undefined {
  for (const call of [...callsIn(condition), ...engine.changes(body).calls]) {
    const search = searchOf(call);
    if (search === undefined || resumesBehind(engine, search, body, condition)?.isAlways !== true) {
      continue;
    }
    const text = quietly(engine, search.text);
    const rounds = isCollection(text) ? sizeOf(text) : undefined;
    if (rounds !== undefined) {
      return bound(rounds, () => t('{0} jumps ahead each round: {1} rounds', search.place, bigO(rounds).slice(2, -1)), { moving: [search.place], direction: 'up' });
    }
  }
  return undefined;
}

function callsIn(condition: Expression | undefined): Call[] {
  const calls: Call[] = [];
  if (condition !== undefined) {
    visitExpression(condition, {
      expression: (inner) => {
        if (inner.kind === 'call') {
          calls.push(inner);
        }
        return undefined;
      },
    });
  }
  return calls;
}
