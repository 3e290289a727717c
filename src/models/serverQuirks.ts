import type { CompletionBody } from './requestBody';
import { isRecord } from './json';
import type { ServerFault } from './serverFault';

/**
 * What a server was found not to accept. OpenAI-compatible servers differ in the fields they know; each is asked
 * in the common form first, and what it refused is remembered here for the model's later calls.
 */
export interface ServerQuirks {
  maxTokensField: 'max_completion_tokens' | 'max_tokens';
  jsonSupport: 'schema' | 'object' | 'none';
  /** True where JSON mode and streaming exclude each other. */
  wholeJsonReplies: boolean;
  /** The most completion tokens that the server lets one ask for. */
  outputLimit: number | undefined;
  readonly refusedFields: Set<string>;
}

/** A server of which nothing is known but its field for the most completion tokens. */
export function createQuirks(maxTokensField: ServerQuirks['maxTokensField']): ServerQuirks {
  return { maxTokensField, jsonSupport: 'schema', wholeJsonReplies: false, outputLimit: undefined, refusedFields: new Set() };
}

/** Fields that a reply can do without. */
const droppable = ['stream_options', 'include_reasoning', 'reasoning_format', 'reasoning_effort', 'user', 'temperature', 'stop'];

const refusal =
  /unsupported|(not|n't)( currently)? (support|permit|allow|accept|expect|recogni)|unrecogni[sz]ed|unknown|extra (inputs|fields)|extra_forbidden|unexpected|must be one of|deprecated|use '?max_|instead|invalid (parameter|field|argument|value)/i;

/**
 * Notes what a refused request teaches; true when the same request in another form is worth sending. The names of
 * fields are looked for in the server's sentence as well, since only some servers fill in `param`.
 */
export function learnQuirk(fault: ServerFault, body: CompletionBody, quirks: ServerQuirks): boolean {
  if (fault.status !== 400 && fault.status !== 422 && fault.status !== 501) {
    return false;
  }
  const names = (field: string): boolean =>
    body[field] !== undefined && (fault.param?.split('.')[0] === field || new RegExp(`\\b${field}\\b`).test(fault.message));
  const outputLimit = statedOutputLimit(fault.message);
  const asked = body[quirks.maxTokensField];
  if (outputLimit !== undefined && typeof asked === 'number' && asked > outputLimit) {
    quirks.outputLimit = outputLimit;
    return true;
  }
  const refuses = refusal.test(fault.message) || /unsupported|unknown/.test(fault.code ?? '');
  const format = body['response_format'];
  if (isRecord(format)) {
    const speaksOfJson = names('response_format') || /json[ _](mode|object|schema)/i.test(fault.message) || fault.code === 'invalid_json_schema';
    if (body.stream && speaksOfJson && /stream/i.test(fault.message)) {
      quirks.wholeJsonReplies = true;
      return true;
    }
    if (speaksOfJson && (refuses || fault.code === 'invalid_json_schema' || fault.message.includes('must be'))) {
      quirks.jsonSupport = format['type'] === 'json_schema' ? 'object' : 'none';
      return true;
    }
  }
  if (!refuses) {
    return false;
  }
  if (names(quirks.maxTokensField) && !quirks.refusedFields.has(quirks.maxTokensField)) {
    quirks.refusedFields.add(quirks.maxTokensField);
    const other = quirks.maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    quirks.maxTokensField = other;
    return true;
  }
  const refused = droppable.find(names);
  if (refused === undefined) {
    return false;
  }
  quirks.refusedFields.add(refused);
  return true;
}

/** The limit in "`max_tokens` must be less than or equal to `16384`" and "supports at most 16384 completion tokens". */
function statedOutputLimit(message: string): number | undefined {
  const match = /max_(?:completion_)?tokens\b.*?(?:less than or equal to|at most|no more than|<=)\D{0,3}(\d+)/is.exec(message);
  return match === null ? undefined : Number(match[1]);
}
