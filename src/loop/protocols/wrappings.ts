/**
 * What surrounds a whole turn: a code fence or backticks around the protocol, an escaped protocol, a bare JSON call;
 * and what is left of a turn that has neither an action nor an answer.
 */
import { asCall, interpret, isAnswerName } from './actionReader';
import { decodeEntities, isBlank, isFiller, skipBlank } from './characters';
import { findLabel } from './labels';
import { readJsonObject } from './lenientJson';
import { cleanProse } from './prose';
import { readTag, readToken } from './tagScanner';
import type { ToolNames } from './toolNames';
import type { ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';
import type { Range, TurnReading } from './turnDraft';
import { readTurn } from './turnReader';

// A wrapping may hold another one, but nobody wraps more often.
const DEEPEST = 3;

/** Reads a reply with everything that may surround it. Never throws. */
export function readReply(raw: string, tools: ToolNames, depth = 0): ReactXmlReading {
  const turn = readTurn(raw, tools);
  if (turn.actions.length > 0 || turn.answer !== null || turn.problem !== undefined) return conclude(turn);
  const unwrapped = depth < DEEPEST ? readEscaped(turn, tools, depth) ?? readWrapped(turn, tools, depth) : undefined;
  return unwrapped ?? readProse(turn, tools, depth);
}

function conclude(turn: TurnReading): ReactXmlReading {
  const { problem } = turn;
  const usable = turn.actions.length > 0 || turn.answer !== null;
  return {
    result: { thoughts: [...turn.thoughts], actions: [...turn.actions], answer: turn.answer, recovered: usable && !turn.exact, error: problem?.kind ?? null },
    problems: problem === undefined ? [] : [problem],
  };
}

/** The whole output was escaped: `&lt;thought&gt;…`. */
function readEscaped(turn: TurnReading, tools: ToolNames, depth: number): ReactXmlReading | undefined {
  const start = skipBlank(turn.text, 0);
  if (turn.live || !/^&(?:lt|#60|#x3c);/i.test(turn.text.slice(start, start + 6))) return undefined;
  const head = readTag(`${decodeEntities(turn.text.slice(start, start + 400))} `, 0, tools);
  if (head?.kind !== 'tag' || head.family === 'token') return undefined;
  return markRecovered(readReply(decodeEntities(turn.text), tools, depth + 1), []);
}

function markRecovered({ result, problems }: ReactXmlReading, earlier: readonly string[]): ReactXmlReading {
  const usable = result.actions.length > 0 || result.answer !== null;
  return { result: { ...result, thoughts: [...earlier, ...result.thoughts], recovered: usable }, problems };
}

/** Apart from thoughts and white space the output is one fence, one pair of backticks, or one JSON call. */
function readWrapped(turn: TurnReading, tools: ToolNames, depth: number): ReactXmlReading | undefined {
  const pieces = piecesOutsideThoughts(turn);
  const piece = pieces[0];
  if (pieces.length !== 1 || piece === undefined) return undefined;
  const body = turn.text.slice(piece.start, piece.end);
  const bare = readBareCall(body, tools);
  if (bare !== undefined) return markRecovered(bare, turn.thoughts);
  const wrapping = findWrapping(body);
  if (wrapping === undefined || !beginsProtocol(wrapping.content, tools)) return undefined;
  const region = turn.code[0];
  const isOneRegion = turn.code.length === 1 && region?.start === piece.start && region.end === piece.end;
  const inner = readReply(wrapping.content, tools, depth + 1);
  const { actions, answer, error, thoughts } = inner.result;
  const isProtocol = actions.length > 0 || (answer !== null && error === null) || error === 'truncated_action' || error === 'bad_args' || thoughts.length > 0;
  if (!isProtocol || (error === 'no_protocol' && answer !== null && !isOneRegion)) return undefined;
  // Where marks of code stand inside, the first closing mark is not the last: then all must have been protocol.
  if (!isOneRegion && readTurn(wrapping.content, tools).hasProse) return undefined;
  return markRecovered(inner, turn.thoughts);
}

/** The stretches of the turn, trimmed, that are neither thoughts nor blank nor special tokens. */
function piecesOutsideThoughts(turn: TurnReading): Range[] {
  const pieces: Range[] = [];
  let from = 0;
  for (const range of [...turn.thoughtRanges, { start: turn.end, end: turn.end }]) {
    const start = skipMarks(turn.text, from);
    const end = start + turn.text.slice(start, Math.min(range.start, turn.end)).trimEnd().length;
    if (start < end && !isBlank(turn.text.slice(start, end))) pieces.push({ start, end });
    from = range.end;
  }
  return pieces;
}

function skipMarks(text: string, from: number): number {
  let at = skipBlank(text, from);
  for (let token = readToken(text, at); token !== undefined; token = readToken(text, at)) {
    const isRole = token.name === 'im_start' || token.name === 'start_header_id' || token.name === 'start';
    const role = isRole ? /^\s*(?:assistant|model)(?=\s|<)/.exec(text.slice(token.end, token.end + 20))?.[0].length ?? 0 : 0;
    at = skipBlank(text, token.end + role);
  }
  return at;
}

function findWrapping(body: string): { content: string } | undefined {
  const fence = /^(`{3,}|~{3,})[^\n`]*\n/.exec(body);
  if (fence !== null) {
    const rest = body.slice(fence[0].length);
    const mark = (fence[1] ?? '').charAt(0);
    const close = new RegExp(`(?:^|\\n)[ \\t]*${mark}{3,}$`).exec(rest.slice(-200));
    return { content: close === null ? rest : rest.slice(0, rest.length - close[0].length) };
  }
  const run = /^`+/.exec(body)?.[0];
  if (run === undefined || body.length <= 2 * run.length || !body.endsWith(run)) return undefined;
  return { content: body.slice(run.length, -run.length) };
}

function beginsProtocol(content: string, tools: ToolNames): boolean {
  const start = skipForeignTags(content, tools);
  const char = content.charAt(start);
  if (char === '{') return true;
  if (char === '<' || char === '＜') return readTag(content, start, tools) !== undefined;
  return findLabel(content, start, Math.min(content.length, start + 200), true)?.start === start;
}

const FOREIGN_TAG = /<[?!]?[A-Za-z][^<>]{0,200}>/y;

/** The index behind the foreign tags at the beginning: an XML prolog, `<response>`. */
function skipForeignTags(text: string, tools: ToolNames): number {
  let at = skipBlank(text, 0);
  while (text.charAt(at) === '<' && readTag(text, at, tools) === undefined) {
    FOREIGN_TAG.lastIndex = at;
    if (!FOREIGN_TAG.test(text)) break;
    at = skipBlank(text, FOREIGN_TAG.lastIndex);
  }
  return at;
}

/** The whole is a JSON object with a known tool's name and its arguments. */
function readBareCall(body: string, tools: ToolNames): ReactXmlReading | undefined {
  if (!body.startsWith('{')) return undefined;
  const reading = readJsonObject(body, 0);
  if (reading.kind === 'bad' || (reading.kind === 'ok' && !isBlank(body.slice(reading.end)))) return undefined;
  const call = asCall(reading.kind === 'ok' ? reading.value : { ...reading.members, arguments: null });
  const name = call === undefined ? undefined : tools.resolve(call.name);
  if (call === undefined || name === undefined || !(name.known || isAnswerName(name.name, tools))) return undefined;
  if (reading.kind === 'incomplete') return failed({ kind: 'truncated_action', name: name.name, detail: 'the output ended before the arguments were complete' });
  const action = interpret({ body: { kind: 'object', value: reading.value, end: body.length, exact: false, closed: true }, name: undefined, exact: false }, tools);
  if (action.kind === 'call') return single({ actions: [{ name: action.name, args: action.args }] });
  if (action.kind === 'answer') return isBlank(action.text) ? undefined : single({ answer: action.text.trim() });
  return action.kind === 'bad' ? failed({ kind: 'bad_args', name: name.name, detail: action.detail }) : undefined;
}

function single(found: Partial<ReactXmlResult>): ReactXmlReading {
  return { result: { thoughts: [], actions: [], answer: null, recovered: true, error: null, ...found }, problems: [] };
}

function failed(problem: ReactXmlProblem): ReactXmlReading {
  return { result: { thoughts: [], actions: [], answer: null, recovered: false, error: problem.kind }, problems: [problem] };
}

/** Neither an action nor an answer: prose with which the turn ends is the answer. */
function readProse(turn: TurnReading, tools: ToolNames, depth: number): ReactXmlReading {
  const thoughts = [...turn.thoughts];
  const prose = cleanProse(turn.text.slice(turn.proseStart, turn.end), tools);
  const saysNothing = prose !== '' && isBlank(withoutEmptyTags(prose));
  const error = thoughts.length === 0 && (!turn.hasText || saysNothing) ? 'empty' : 'no_protocol';
  const isAnswer = prose !== '' && !saysNothing && turn.hasProse && !endsWithFencedCall(turn, tools, depth);
  return { result: { thoughts, actions: [], answer: isAnswer ? prose : null, recovered: isAnswer, error }, problems: [] };
}

/** The text without pairs of tags that hold nothing. */
function withoutEmptyTags(text: string): string {
  const shorter = text.replace(/<([A-Za-z][\w:-]*)(?:\s[^<>]*)?>\s*<\/\1\s*>|<[A-Za-z][^<>]*\/>/g, '');
  return shorter === text || isBlank(shorter) ? shorter : shorter.length < 200 ? withoutEmptyTags(shorter) : shorter;
}

/** Prose and then a fence with a call of a known tool: whether that is a call or an example is unclear. */
function endsWithFencedCall(turn: TurnReading, tools: ToolNames, depth: number): boolean {
  const fence = turn.code.at(-1);
  if (fence?.kind !== 'fence' || depth >= DEEPEST || !isFiller(turn.text.slice(fence.end, turn.end))) return false;
  const before = piecesOutsideThoughts({ ...turn, end: fence.start, thoughtRanges: turn.thoughtRanges.filter((range) => range.end <= fence.start) });
  if (before.length === 0) return false;
  const { result, problems } = readReply(turn.text.slice(fence.contentStart, fence.contentEnd), tools, depth + 1);
  return [...result.actions, ...problems].some(({ name }) => name !== undefined && tools.find(name) !== undefined);
}
