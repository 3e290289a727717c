import type { ReactXmlError, ReactXmlResult } from '../../../../../src/loop/protocols/reactXml';

/** What a reply should come to, by a rule of the policy. */
export interface PolicyCase {
  readonly name: string;
  readonly raw: string;
  readonly expect: ReactXmlResult;
}

type Arguments = Record<string, unknown>;

/** A case whose reply runs the given calls. */
export function runs(name: string, raw: string, calls: readonly (readonly [string, Arguments])[], rest: Partial<ReactXmlResult> = {}): PolicyCase {
  const actions = calls.map(([tool, args]) => ({ name: tool, args }));
  return { name, raw, expect: { thoughts: [], actions, answer: null, recovered: true, error: null, ...rest } };
}

/** A case whose reply answers within the protocol. */
export function answers(name: string, raw: string, answer: string, rest: Partial<ReactXmlResult> = {}): PolicyCase {
  return { name, raw, expect: { thoughts: [], actions: [], answer, recovered: true, error: null, ...rest } };
}

/** A case whose prose has to stand for the answer. */
export function prose(name: string, raw: string, answer = raw.trim(), rest: Partial<ReactXmlResult> = {}): PolicyCase {
  return { name, raw, expect: { thoughts: [], actions: [], answer, recovered: true, error: 'no_protocol', ...rest } };
}

/** A case from which nothing usable comes. */
export function fails(name: string, raw: string, error: ReactXmlError, thoughts: string[] = []): PolicyCase {
  return { name, raw, expect: { thoughts, actions: [], answer: null, recovered: false, error } };
}

/** The call that most cases make. */
export const readA = ['read_file', { path: 'a' }] as const;
/** The same call as it is written. */
export const A = '<action name="read_file">{"path": "a"}</action>';
/** Another call. */
export const readB = ['read_file', { path: 'b' }] as const;
export const B = '<action name="read_file">{"path": "b"}</action>';
