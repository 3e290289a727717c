import { t } from '../../core/l10n';
import { takesQueued } from './arrayQueues';
import { amortisedOver, resets, resumes, resumesRange, startsOfRuns, turnsRun, windowOver } from '../amortised/amortised';
import { add, constant, type Growth, isConstant, one, size, substitute, zero } from '../algebra/bigO';
import { type Bound, bound as boundOf } from './bound';
import { conditionBound, roundOf } from './bounds';
import { bigO, type Engine, evidence, type Frame, type Sentence, substituteIn } from '../following/engine';
import { turnsCircle } from '../amortised/circles';
import { chainsIn } from '../sizes/chains';
import { paidByCounts, paidByTaking } from '../amortised/countMaps';
import { evaluate } from '../following/expressions';
import { limitOfCount, paidByCounting, paidByFilling } from '../amortised/filled';
import { goesOnAcrossCalls } from '../amortised/handedOn';
import { type Geometric, geometricOf, settleFraction, takeFraction } from './geometric';
import { asWorklist } from './growingLists';
import { closeLevel, shareOfRound, solveGrowth, splitLevels, trackChanges } from '../sizes/growth';
import type { Block, Expression, Lines, Statement } from '../program/ir';
import { jumps } from '../amortised/jumps';
import { linkedTotal } from '../recursion/links';
import { growsLongest } from '../amortised/longest';
import { type Paid, paidByCondition, paidByMarks, paidByPlacing } from '../amortised/paid';
import { pieceOf } from '../input/reading';
import { walksToNextTarget } from '../recursion/retargets';
import { frameBeyond } from '../amortised/sharedMarks';
import { fillAhead, gathers, type ItemNodes, itemNodes, nodesOfItems } from '../amortised/rows';
import { chargeOnce, continuesEarly, countedThrough, countedTotal, type Draining, drains, noteItems, rangedThrough, sharedTotal, takesLevels } from '../amortised/sharing';
import { runBlock } from '../following/statements';
import { store } from '../following/store';
import { besideLoop, besideRange, longestShare } from '../amortised/stretches';
import { blocksOf, stridesApart, stridesOf, turnsBlock } from '../amortised/strides';
import { walksAside } from '../recursion/sideLinks';
import { movesParameterOn, repeatsWalk, takesTheRest } from '../recursion/tailCalls';
import { limitedByTable } from './tableLimits';
import { isCaseLoop, isTestCases, isUntilTheEnd } from '../input/testCases';
import { copyOf, elementOf, isCollection, keyOfMap, makeValue, sizeOf, type Value } from '../following/values';
import { alwaysExits, keyOf, rangeArguments, rootOf, targetNames, usesName } from '../program/visit';
import { levelQueue, swappedLevel } from './levels';

interface LoopRun {
  readonly lines: Lines;
  readonly statement: Statement | undefined;
  readonly block: Block;
  readonly trips: Growth;
  readonly text: Sentence;
  readonly progress: ReadonlyMap<string, Growth>;
  readonly worklist?: Value | undefined;
  readonly worklistName?: string | undefined;
  /** Other lists that the loop empties while filling them, and how many items enter each: a search from both ends. */
  readonly others?: readonly { readonly name: string; readonly value: Value; readonly trips: Growth }[] | undefined;
  readonly distinct?: ReadonlySet<string> | undefined;
  readonly repeating?: ReadonlySet<string> | undefined;
  /** Charged once to this frame, instead of once per round of the loops between. */
  readonly hoistTo?: Frame | undefined;
  readonly hoistTrips?: Growth | undefined;
  readonly hoistOnce?: boolean | undefined;
  /** Stands for the size of one item, where the sizes of all items together are known. */
  readonly itemLevel?: { readonly name: string; readonly total: Growth } | undefined;
  /** The number or sequence that each round makes smaller or larger by a factor. */
  readonly geometric?: Geometric | undefined;
  readonly body: () => void;
}

function execute(engine: Engine, run: LoopRun): void {
  // A work list never holds more than all that ever enters it.
  // One level of it has a size of its own; all levels together have as many items as ever enter.
  const lists = [...(run.worklist === undefined ? [] : [{ name: run.worklistName, value: run.worklist, trips: run.trips }]), ...(run.others ?? [])];
  const levels = lists.filter(({ value }) => isCollection(value)).map(({ name, value, trips }) => ({ name, value, trips, level: engine.freshSymbol('¶') }));
  for (const { value, level } of levels) {
    value.size = size(level);
    value.items = undefined;
  }
  fillAhead(engine, run);
  const chains = chainsIn(engine, run.block, run.statement);
  for (const chain of chains) {
    chain.value.size = chain.size;
    chain.value.items = undefined;
  }
  // What enters the work list of a loop around in rounds that its own share is counted there.
  const outer = run.hoistTo === undefined ? [] : engine.openLoops().flatMap(({ worklist, worklistName }) => (worklist === undefined ? [] : worklistName ?? []));
  const fraction = run.geometric === undefined ? undefined : takeFraction(engine, run.geometric, run.progress);
  const tracked = trackChanges(engine, engine.changes(run.block), fraction?.progress ?? run.progress, new Set([...lists.flatMap(({ name }) => name ?? []), ...chains.map(({ name }) => name), ...outer, ...(fraction === undefined ? [] : [fraction.name])]));
  const frame = engine.inFrame(
    'loop',
    { trips: run.trips, loop: run.statement, body: run.block, worklist: run.worklist, worklistName: run.worklistName, outlet: run.hoistTo, distinct: run.distinct, repeating: run.repeating },
    () => {
      if (run.itemLevel !== undefined) {
        noteItems(engine.frame, run.itemLevel);
      }
      run.body();
    },
  );
  const isHoisted = run.hoistTo !== undefined || run.hoistOnce === true;
  const shares = [...frame.shares, ...(run.itemLevel === undefined ? [] : [run.itemLevel])];
  // Rounds that the loops around share: each of theirs has a part, of a size of its own.
  const rounds = run.hoistTo !== undefined && tracked.length > 0 ? shareOfRound(engine, run.hoistTo, run.hoistTrips ?? run.trips) : isHoisted ? one : run.trips;
  solveGrowth(engine, tracked, rounds, frame, [...shares, ...levels.map(({ level, trips }) => ({ name: level, total: trips })), ...(fraction === undefined ? [] : [fraction.share])], run.block);
  const total = run.hoistTrips ?? run.trips;
  let shared: Growth = zero;
  for (const { name, value, trips, level } of levels) {
    const { perRound, together } = takesLevels(engine, run.block, name) ? splitLevels(frame.cost, level, total) : { perRound: frame.cost, together: zero };
    shared = add(shared, substitute(together, level, trips));
    frame.cost = substitute(perRound, level, trips);
    substituteIn(frame.items, level, trips);
    closeLevel(engine, level, trips, value);
  }
  for (const { name, total: all } of shares) {
    const { perRound, together } = splitLevels(frame.cost, name, total);
    shared = add(shared, substitute(together, name, all));
    frame.cost = substitute(perRound, name, all);
    substituteIn(frame.items, name, all);
    closeLevel(engine, name, all, undefined, longestShare(engine, name));
  }
  if (fraction !== undefined) {
    shared = add(shared, settleFraction(engine, frame, fraction));
  }
  const each = add(frame.cost, one);
  const node = evidence('loop', run.lines, run.text, total, each, frame.items);
  const active = engine.namedActive();
  if (run.hoistOnce === true && active !== undefined) {
    chargeOnce(engine, active, node, each);
    return;
  }
  if (shared.terms.length > 0) {
    node.total = add(node.total, shared);
  }
  if (run.hoistTo !== undefined) {
    engine.chargeTo(run.hoistTo, node.total, [node]);
    engine.charge(one);
    return;
  }
  engine.charge(add(node.total, one), node);
}

/** Runs `body` once for each item of `iterable`; gives back how often that is. */
export function runLoop(
  engine: Engine,
  loop: { readonly lines: Lines; readonly target: Expression; readonly iterable: Value; readonly iterableExpression: Expression; readonly body: () => void; readonly block?: Block; readonly statement?: Statement; readonly comprehension?: (Expression & { kind: 'comprehension' }) | undefined; readonly hint?: string },
): Growth {
  const { iterable } = loop;
  const block = loop.block ?? [];
  let element = engine.library.mapYieldsEntries === true && (iterable.kind === 'map' || iterable.kind === 'sortedMap') ? entryOf(iterable) : elementOf(iterable.kind === 'map' || iterable.kind === 'sortedMap' ? makeValue('iterator', { element: iterable.key ?? elementOf(makeValue('list', { label: iterable.label, type: iterable.type })) }) : iterable);
  let trips = iterable.kind === 'unknown' && iterable.number !== undefined && iterable.size === undefined ? iterable.number : sizeOf(iterable);
  const items = trips;
  let text = overText(loop.iterableExpression, trips);
  let hoistTo: Frame | undefined;
  let hoistTrips: Growth | undefined;
  let hoistOnce = false;
  const shared = sharedTotal(engine, loop.iterableExpression, iterable) ?? countedTotal(engine, rangedThrough(engine, loop.iterableExpression));
  const resumed = shared === undefined ? (resumesRange(engine, loop.iterableExpression, loop.target) ?? besideRange(engine, loop.statement, loop.iterableExpression)?.parent) : undefined;
  if (shared !== undefined) {
    hoistTrips = shared.total;
    hoistTo = shared.frame;
    hoistOnce = shared.frame === undefined;
    text = sharedText(loop.iterableExpression, shared.total);
  } else if (resumed !== undefined) {
    hoistTo = resumed;
    hoistTrips = trips;
    text = () => t('the loop around it goes on where this one ends: {0} rounds together', bigO(items).slice(2, -1));
  } else if (isTestCases(engine, loop)) {
    engine.assume(t('the loop in line {0} runs once per test case of the input; the cost is that of one case', loop.lines.start));
    trips = one;
  } else if (block.length > 0 && exitsFirstRound(block)) {
    trips = one;
  } else {
    const amortised = isConstant(trips) ? undefined : drains(engine, block);
    const paid = isConstant(trips) || amortised !== undefined ? undefined : (loop.statement === undefined ? undefined : (paidByCondition(engine, block, trips) ?? paidByFilling(engine, loop.iterableExpression, loop.statement) ?? paidByCounts(engine, rangeArguments(loop.iterableExpression)?.slice(0, 2).pop()) ?? paidByTaking(engine, block))) ?? (loop.statement === undefined ? undefined : growsLongest(engine, loop.statement, trips)) ?? stridesOfRange(engine, loop.iterableExpression, trips) ?? blocksOf(engine, trips, loop.iterableExpression);
    if (amortised !== undefined) {
      hoistTo = amortised.frame.outlet ?? amortised.frame.parent;
      hoistTrips = amortised.frame.trips;
      text = drainingText(amortised);
    } else if (paid !== undefined) {
      hoistTo = paid.frame;
      hoistTrips = paid.trips;
      text = togetherText(paid.trips);
    }
  }
  let itemLevel: LoopRun['itemLevel'];
  let nodes: ItemNodes | undefined;
  const level = iterable.total === undefined || hoistTo !== undefined || hoistOnce || isConstant(trips) ? undefined : engine.freshSymbol('¶');
  const levelled = level === undefined ? undefined : ofSize(element, size(level));
  if (level !== undefined && levelled !== undefined && iterable.total !== undefined) {
    itemLevel = { name: level, total: add(trips, iterable.total) };
    element = levelled;
  } else if (hoistTo === undefined && !hoistOnce && !isConstant(trips)) {
    nodes = iterable.keyed ? itemNodes(engine, block, new Set(distinctNames(engine, iterable, loop.target))) : gathers(engine, block) ? undefined : nodesOfItems(engine, iterable);
    itemLevel = nodes === undefined ? undefined : { name: nodes.name, total: add(trips, nodes.total) };
  }
  const distinct = new Set(distinctNames(engine, iterable, loop.target));
  execute(engine, {
    itemLevel, lines: loop.lines, statement: loop.statement, block, trips, text, hoistTo, hoistTrips, hoistOnce, progress: new Map(),
    distinct, repeating: loop.statement?.kind === 'forEach' && isList(iterable) && rangeArguments(loop.iterableExpression) === undefined ? distinct : undefined,
    body: () => {
      store(engine, loop.target, element);
      loop.body();
    },
  });
  nodes?.restore();
  return trips;
}

/** `for j in range(i, n, k)` in a loop that gives `i` each of the numbers below `k`. */
function stridesOfRange(engine: Engine, iterable: Expression, trips: Growth): Paid | undefined {
  const [from, , step] = rangeArguments(iterable) ?? [];
  const around = stridesApart(engine, from, step);
  return around?.parent === undefined ? undefined : { frame: around.parent, trips: add(trips, around.trips) };
}

/** The collection, or of an entry the collection in it, with a size of its own. Undefined where there is none. */
function ofSize(item: Value, own: Growth): Value | undefined {
  if (item.kind !== 'tuple' || item.items === undefined) {
    return isCollection(item) ? copyOf(item, { size: own, items: undefined }) : undefined;
  }
  const last = item.items[item.items.length - 1];
  const inner = last === undefined ? undefined : ofSize(last, own);
  return inner === undefined ? undefined : copyOf(item, { items: [...item.items.slice(0, -1), inner], element: inner });
}

function overText(gone: Expression, rounds: Growth): Sentence {
  return () => t('loop over {0}: {1} rounds', describe(gone), bigO(rounds).slice(2, -1));
}

function goesOnText(rounds: Growth): Sentence {
  return () => t('its variable is not set back by the loop around it: {0} rounds together', bigO(rounds).slice(2, -1));
}

function togetherText(rounds: Growth): Sentence {
  return () => t('over all rounds of the loop around it, {0} rounds together', bigO(rounds).slice(2, -1));
}

function drainingText({ name, frame }: Draining): Sentence {
  return () => t('takes as many items from {0} as the loop around it puts in: {1} rounds together', name, bigO(frame.trips).slice(2, -1));
}

function sharedText(gone: Expression, total: Growth): Sentence {
  return () => t('over all rounds of the loop around it, {0} is gone through once: {1} rounds together', describe(gone), bigO(total).slice(2, -1));
}

/** Names that are given another value in every round: the items, the places or the keys; of pairs what they begin with. */
function distinctNames(engine: Engine, iterable: Value, target: Expression): string[] {
  if (target.kind !== 'list') {
    return targetNames(target);
  }
  const isKeyed = iterable.keyed || (engine.library.mapYieldsEntries === true && (iterable.kind === 'map' || iterable.kind === 'sortedMap'));
  const [first] = target.items;
  return isKeyed && first !== undefined ? targetNames(first) : [];
}

/** Items by their order, as opposed to places, keys, or items of a set. */
function isList({ kind, keyed }: Value): boolean {
  return !keyed && (kind === 'list' || kind === 'array' || kind === 'string' || kind === 'unknown');
}

function entryOf(map: Value): Value {
  return makeValue('tuple', { items: [keyOfMap(map), elementOf(map)], size: constant(2) });
}

function describe(expression: Expression): string {
  // Names that lowerings give to idioms are not the program's.
  const text = keyOf(expression).replace(/\.@\w+\(\)/g, '').replace(/@(?=\w)/g, '');
  return text.length > 40 || text.includes('<') ? t('its items') : text;
}

function exitsFirstRound(block: Block): boolean {
  if (!alwaysExits(block)) {
    return false;
  }
  // `continue` at the end goes on; only leaving counts.
  const leaves = (inner: Block): boolean => {
    const last = inner[inner.length - 1];
    return last !== undefined && (last.kind === 'return' || last.kind === 'break' || last.kind === 'throw' || (last.kind === 'if' && last.else.length > 0 && leaves(last.then) && leaves(last.else)) || (last.kind === 'block' && leaves(last.body)));
  };
  return leaves(block) && !continuesEarly(block);
}

/** `for x in xs`. */
export function runForEach(engine: Engine, statement: Statement & { kind: 'forEach' }): void {
  const drain = asWorklist(engine, statement);
  if (drain !== undefined) {
    whileLoop(engine, drain);
    return;
  }
  const iterable = withinTable(engine, statement, evaluate(engine, statement.iterable));
  const queue = rangeArguments(statement.iterable) === undefined ? undefined : (levelQueue(engine, statement.body) ?? swappedLevel(engine, statement.body));
  if (queue !== undefined) {
    store(engine, statement.target, elementOf(iterable));
    throughLevels(engine, statement, queue, sizeOf(iterable));
    return;
  }
  runLoop(engine, {
    lines: statement.lines, target: statement.target, iterable, iterableExpression: statement.iterable, block: statement.body, statement,
    body: () => {
      if (statement.type !== undefined && statement.target.kind === 'name') {
        const value = engine.value(statement.target.name);
        if (value?.kind === 'unknown') {
          value.kind = statement.type.kind;
          value.type = statement.type;
        }
      }
      runBlock(engine, statement.body);
    },
  });
}

/** The numbers of a range of which each is a place in a table that is written out. */
function withinTable(engine: Engine, { iterable, target, body }: Statement & { kind: 'forEach' }, numbers: Value): Value {
  const isOpen = target.kind === 'name' && rangeArguments(iterable) !== undefined && !isConstant(sizeOf(numbers));
  const limit = isOpen ? limitedByTable(engine, body, [target.name]) : undefined;
  return limit === undefined ? numbers : copyOf(numbers, { size: limit });
}

/**
 * A counted loop that takes one level of a queue in each round, and goes on with empty rounds where nothing is left: no more
 * than going on until it is empty, and the rounds.
 */
function throughLevels(engine: Engine, statement: Statement & { kind: 'forEach' | 'for' | 'while' }, queue: Expression, rounds: Growth): void {
  whileLoop(engine, { kind: 'while', lines: statement.lines, condition: queue, body: statement.body, testLast: false });
  engine.charge(rounds, evidence('loop', statement.lines, () => t('{0} rounds, of which some may find nothing left', bigO(rounds).slice(2, -1)), rounds, one));
}

/** The loop of C. */
export function forLoop(engine: Engine, statement: Statement & { kind: 'for' }): void {
  runBlock(engine, statement.init);
  if (countsLevels(engine, statement)) {
    return;
  }
  conditionLoop(engine, statement, statement.condition, roundOf(statement), statement.body, statement.step);
}

export function whileLoop(engine: Engine, statement: Statement & { kind: 'while' }): void {
  if (!countsLevels(engine, statement)) {
    conditionLoop(engine, statement, statement.condition, statement.body, statement.body, []);
  }
}

/** Follows a loop whose condition counts the levels that it takes, whatever is left of the queue. False where it does not. */
function countsLevels(engine: Engine, statement: Statement & { kind: 'for' | 'while' }): boolean {
  const { condition } = statement;
  const queue = condition === undefined || condition.kind === 'literal' ? undefined : (swappedLevel(engine, statement.body) ?? levelQueue(engine, statement.body));
  if (condition === undefined || queue === undefined || usesName(condition, rootOf(queue) ?? keyOf(queue))) {
    return false;
  }
  const { trips } = conditionBound(engine, condition, statement.kind === 'for' ? roundOf(statement) : statement.body, statement);
  throughLevels(engine, statement, queue, trips);
  return true;
}

/** Variables that a loop only counts up, or only down: no two rounds have the same. */
function countersOf(engine: Engine, whole: Block, moving: readonly string[]): string[] {
  return moving.filter((name) => {
    const updates = engine.changes(whole).updates.get(name) ?? [];
    return updates.length > 0 && updates.every((update) => update.amount?.kind === 'literal' && update.motion === updates[0]?.motion && (update.motion === 'up' || update.motion === 'down'));
  });
}

function conditionLoop(engine: Engine, statement: Statement & { kind: 'for' | 'while' }, condition: Expression | undefined, whole: Block, body: Block, step: Block): void {
  const piece = pieceOf(engine, statement);
  // A number of the input has as many digits as a machine word; what is skipped before it is no more.
  const bound = piece === 'number' || piece === 'blank' ? boundOf(one, t('takes one number or line from the input')) : conditionBound(engine, condition, whole, statement);
  let { trips } = bound;
  let hoistTo: Frame | undefined;
  let { text } = bound;
  const isOnce = exitsFirstRound(body);
  const table = isConstant(trips) ? undefined : limitedByTable(engine, body, countersOf(engine, whole, [...bound.moving, ...(statement.kind === 'for' ? engine.changes(statement.step).updates.keys() : [])]), condition === undefined || condition.kind === 'literal');
  if (table !== undefined) {
    trips = table;
    text = t('each round looks at another place of a table that is written out');
  }
  if (isOnce) {
    trips = one;
  } else if (takesTheRest(engine, statement)) {
    trips = one;
    text = t('a recursive call takes one part of the range and the next round the rest: a round counts as a call');
  } else if (condition !== undefined && engine.openLoops().length === 0 && (isCaseLoop(engine, statement, condition, whole) || (piece === undefined && isUntilTheEnd(engine, condition, whole)))) {
    engine.assume(t('the loop in line {0} runs once per test case of the input; the cost is that of one case', statement.lines.start));
    trips = one;
  } else if (statement.kind === 'while' || statement.init.length === 0 || !resets(statement, bound.moving)) {
    hoistTo = amortisedOver(engine, statement, bound);
    for (const other of bound.alternatives) {
      if (hoistTo === undefined && other.isSure && !bound.perRound && (!drainsSome(engine, body, other) || takesEachRound(engine, body, other))) {
        hoistTo = amortisedOver(engine, statement, other);
        trips = hoistTo === undefined ? trips : other.trips;
      }
    }
    if (hoistTo === undefined && condition !== undefined && startsOfRuns(engine, condition)) {
      hoistTo = engine.openLoops()[0]?.parent;
    }
    const window = (hoistTo === undefined || bound.moving.length > 1) && !bound.perRound ? windowOver(engine, statement, whole) : undefined;
    if (window !== undefined) {
      hoistTo = window.frame;
      trips = window.trips;
    }
  } else {
    hoistTo = resumes(engine, statement, condition, bound.moving) ?? besideLoop(engine, statement, condition)?.parent;
    const draining = hoistTo === undefined && !bound.perRound ? bound.alternatives.find((other) => other.isSure && (takesEachRound(engine, body, other) || countsEachRound(engine, statement, whole, other))) : undefined;
    hoistTo = draining === undefined ? hoistTo : amortisedOver(engine, statement, draining);
    trips = draining === undefined || hoistTo === undefined ? trips : draining.trips;
  }
  if (hoistTo === undefined && bound.guard !== undefined) {
    hoistTo = frameBeyond(engine, bound.guard, whole);
  }
  if (hoistTo === undefined && !isOnce && !isConstant(trips) && engine.openLoops().length === 0 && (statement.kind === 'while' || !resets(statement, bound.moving))) {
    hoistTo = goesOnAcrossCalls(engine, bound);
  }
  const draining = hoistTo === undefined && !isOnce && !isConstant(trips) ? drains(engine, body) : undefined;
  if (draining !== undefined && draining.frame.loop !== statement && (bound.worklist === undefined || bound.worklistName !== draining.name || draining.frame.worklistName === draining.name)) {
    hoistTo = draining.frame.outlet ?? draining.frame.parent;
    trips = draining.frame.trips;
    text = drainingText(draining);
  } else if (hoistTo !== undefined && hoistTo !== engine.frame) {
    const rounds = trips;
    text = goesOnText(rounds);
  }
  const paid = hoistTo === undefined && !isOnce && !bound.perRound && bound.worklist === undefined && !isConstant(trips) ? paidByCondition(engine, body, trips) ?? (condition === undefined ? undefined : paidByMarks(engine, condition, body, trips) ?? paidByPlacing(engine, condition, body)) ?? turnsCircle(engine, statement, trips) ?? turnsRun(engine, statement, bound) ?? paidByCounting(engine, limitOfCount(statement), statement) ?? paidByCounts(engine, limitOfCount(statement)) ?? paidByTaking(engine, body) ?? jumps(engine, statement) ?? growsLongest(engine, statement, trips) ?? stridesOf(engine, statement, bound.moving, trips) ?? turnsBlock(engine, statement, bound.moving, trips) ?? blocksOf(engine, trips, statement) : undefined;
  if (paid !== undefined) {
    hoistTo = paid.frame;
    trips = paid.trips;
    text = togetherText(paid.trips);
  }
  const counted = hoistTo === undefined && !isOnce && !isConstant(trips) ? countedThrough(engine, statement) : undefined;
  const linked = hoistTo === undefined && !isOnce && !isConstant(trips) && counted === undefined ? linkedTotal(engine, statement) : undefined;
  const shared = countedTotal(engine, counted) ?? linked;
  if (shared !== undefined) {
    hoistTo = shared.frame;
    text = counted === undefined ? togetherText(shared.total) : sharedText(counted, shared.total);
  }
  const isPerRound = bound.perRound && hoistTo === undefined;
  const around = engine.active[engine.active.length - 1];
  const mayWalk = around?.recursive === true && hoistTo === undefined && engine.openLoops().length === 0;
  const walked = mayWalk ? (movesParameterOn(engine, around.fn, statement) ?? repeatsWalk(engine, around.fn, statement, bound.moving) ?? walksAside(engine, around.fn, statement)) : undefined;
  const isWalk = walked !== undefined || (mayWalk && walksToNextTarget(engine, around.fn).has(statement));
  // However few rounds one call has: all together they pass all nodes.
  trips = walked === undefined ? trips : (engine.value(walked)?.nodes ?? trips);
  const distinct = statement.kind === 'for' && !isOnce ? new Set([...bound.distinct, ...countersOf(engine, whole, bound.moving)]) : takesQueued(engine, statement) ? new Set([...bound.distinct, '*']) : bound.distinct;
  const nodes = hoistTo === undefined && !isOnce && statement.kind === 'for' && !isConstant(trips) ? itemNodes(engine, body, distinct) : undefined;
  execute(engine, {
    itemLevel: nodes === undefined ? undefined : { name: nodes.name, total: add(trips, nodes.total) },
    lines: statement.lines, statement, block: whole, hoistOnce: (shared !== undefined && shared.frame === undefined) || isWalk, trips: isPerRound ? one : trips, text: isPerRound ? t('takes from {0} at most what the loop around it has put in: one round on average', bound.worklistName ?? '') : text,
    progress: bound.progress, worklist: bound.worklist, worklistName: bound.worklistName, others: otherLists(bound),
    geometric: hoistTo === undefined && !isOnce && !isPerRound && !isWalk && !isConstant(trips) ? geometricOf(engine, bound, body) : undefined,
    distinct, hoistTo: hoistTo === engine.frame ? undefined : hoistTo, hoistTrips: shared?.total ?? ((hoistTo === undefined && !isWalk) || isPerRound ? undefined : trips),
    body: () => {
      if (condition !== undefined) {
        evaluate(engine, condition);
      }
      runBlock(engine, body);
      runBlock(engine, step);
    },
  });
  nodes?.restore();
  if (bound.empties !== undefined && engine.frame.kind !== 'branch') {
    bound.empties.size = zero;
  }
  if (piece === 'number') {
    nameReadNumbers(engine, whole);
  }
}

/** `while (!p.isEmpty() && !q.isEmpty())`: lists beside the one that the loop is counted by. */
function otherLists(bound: Bound): LoopRun['others'] {
  const seen = new Set([bound.worklistName]);
  return bound.worklist === undefined ? [] : bound.alternatives.flatMap((other) => {
    const { worklist, worklistName } = other;
    if (worklist === undefined || worklistName === undefined || !other.isSure || seen.has(worklistName)) {
      return [];
    }
    seen.add(worklistName);
    return [{ name: worklistName, value: worklist, trips: other.trips }];
  });
}

/** `i < k && !stack.isEmpty()` where each round takes an item: beginning to count anew puts nothing back. */
function takesEachRound(engine: Engine, body: Block, bound: Bound): boolean {
  const [root, ...others] = bound.moving;
  return others.length === 0 && bound.direction === 'down' && engine.changes(body).mutations.some((mutation) => mutation.root === root && mutation.effect === 'pop' && !mutation.conditional && mutation.loops.length === 0);
}

/** `j < m && count < n` where each round counts both on, and only `j` begins anew. */
function countsEachRound(engine: Engine, statement: Statement & { kind: 'for' }, whole: Block, bound: Bound): boolean {
  const [name, ...others] = bound.moving;
  const updates = name === undefined ? [] : (engine.changes(whole).updates.get(name) ?? []);
  return others.length === 0 && bound.worklist === undefined && bound.direction !== undefined && !resets(statement, bound.moving) && updates.some(({ conditional, loops }) => !conditional && loops.length === 0);
}

/** Rounds take items of what the bound says they empty, but only under a condition, and go on where it does not hold. */
function drainsSome(engine: Engine, body: Block, bound: Bound): boolean {
  const pops = engine.changes(body).mutations.filter((mutation) => mutation.effect === 'pop' && bound.moving.includes(mutation.root));
  return pops.length > 0 && pops.every((pop) => pop.conditional) && !leavesInside(body);
}

function leavesInside(block: Block): boolean {
  return block.some((statement) => statement.kind === 'break' || statement.kind === 'return' || (statement.kind === 'if' && (leavesInside(statement.then) || leavesInside(statement.else))) || (statement.kind === 'block' && leavesInside(statement.body)));
}

/** What a loop put together digit by digit is a number of the input, however few rounds are counted. */
function nameReadNumbers(engine: Engine, whole: Block): void {
  for (const [name, updates] of engine.changes(whole).updates) {
    if (updates.some((update) => update.motion === 'scale-up') && engine.value(name) !== undefined) {
      engine.bind(name, makeValue('number', { number: size(name), label: name, input: 'number' }));
    }
  }
}
