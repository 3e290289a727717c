import type { ModelChunk } from '../../core/model';
import { escapeProtocol } from '../../loop/escape';
import type { Voice } from './conversation';

/** A call of a tool that a reply asks for. */
export interface Wish {
  readonly tool: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
}

/** One reply, before it is written in the protocol that the loop reads. */
export interface Reply {
  readonly thought: string;
  /** Empty where `answer` is given. */
  readonly wishes: readonly Wish[];
  /** Markdown. */
  readonly answer?: string;
}

/** UTF-16 units of one piece of a streamed reply. */
const pieceLength = 48;

/** The pieces of a reply in the form that the loop asked for. Code in it can open no tag. */
export function* piecesOf(reply: Reply, voice: Voice, isFinal: boolean): Generator<ModelChunk, void, undefined> {
  for (const text of cut(textOf(reply, voice, isFinal))) {
    yield { type: 'text', text };
  }
  if (voice === 'native') {
    for (const [index, wish] of reply.wishes.entries()) {
      yield { type: 'tool-call', call: { id: `call_${wish.tool}_${String(index + 1)}_${hash(JSON.stringify(wish.args))}`, name: wish.tool, arguments: JSON.stringify(wish.args) } };
    }
    if (reply.wishes.length > 0) {
      yield { type: 'finish', reason: 'tool-calls' };
      return;
    }
  }
  yield { type: 'finish', reason: 'stop' };
}

function textOf({ thought, wishes, answer }: Reply, voice: Voice, isFinal: boolean): string {
  switch (voice) {
    case 'native':
      return answer ?? thought;
    case 'json-steps':
      return isFinal && answer !== undefined
        ? answer
        : JSON.stringify({ title: firstSentence(thought), content: thought, next_action: answer === undefined ? 'continue' : 'final_answer' });
    case 'xml':
      return [
        `<thought>${escapeProtocol(thought)}</thought>`,
        // `<` inside JSON is written as an escape, so that code in an argument cannot end the action.
        ...wishes.map((wish) => `<action name="${wish.tool}">${JSON.stringify(wish.args).replaceAll('<', '\\u003c')}</action>`),
        ...(answer === undefined ? [] : [`<answer>${escapeProtocol(answer)}</answer>`]),
      ].join('\n');
  }
}

function firstSentence(text: string): string {
  return (/^.*?[.!?。！？](?=\s|$|[\u3000-\u9fff])/u.exec(text)?.[0] ?? text.split('\n', 1)[0] ?? '').slice(0, 80);
}

/** A text in pieces that never part a surrogate pair. */
function* cut(text: string): Generator<string, void, undefined> {
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + pieceLength);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) {
      end += 1;
    }
    yield text.slice(start, end);
    start = end;
  }
}

/** A short number that tells calls apart (FNV-1a, 32 bits). */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return (value >>> 0).toString(36);
}
