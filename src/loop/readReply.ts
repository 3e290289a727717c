import { parseArguments } from './protocols/nativeArguments';
import type { TurnAction, TurnProblem, TurnReading } from './protocols/protocol';
import type { TurnReply } from './turn';

/**
 * What a reply says in all of its parts: the text as its protocol reads it, native calls beside it (some models make
 * them unasked), and thinking in a field of its own, which is shown but never read for actions.
 */
export function readReply(reply: TurnReply): TurnReading {
  const reading = reply.reader.end();
  const withThought = { ...reading, thought: joinParagraphs(reply.reasoning, reading.thought) };
  if (reply.calls.length === 0) {
    return withDetail(withThought, reply);
  }
  const actions: TurnAction[] = [];
  let problem: TurnProblem | null = null;
  for (const call of reply.calls) {
    const args = parseArguments(call.arguments);
    if (args === undefined) {
      problem = { kind: 'bad-arguments', detail: `The arguments of ${call.name} are not a JSON object.` };
    } else {
      actions.push({ name: call.name, args, nativeId: call.id });
    }
  }
  // Text beside calls is what the model said on the way, not an answer: it was written without their results.
  const thought = joinParagraphs(withThought.thought, reading.answer ?? '');
  return { ...reading, thought, actions, answer: null, wantsFinalAnswer: false, problem };
}

/** Tells a reply that was cut off, or one with nothing but thinking, from one that is merely empty. */
function withDetail(reading: TurnReading, reply: TurnReply): TurnReading {
  if (reply.error !== undefined && reading.actions.length === 0 && reading.answer === null) {
    return { ...reading, problem: { kind: 'no-protocol', detail: 'The server could not read it as a call of a tool.' } };
  }
  if (reading.problem === null) {
    return reading;
  }
  if (reply.finish === 'length' && (reading.problem.kind === 'empty' || reading.problem.kind === 'no-protocol')) {
    return { ...reading, problem: { kind: 'truncated', detail: 'It had reached the most tokens of a reply.' } };
  }
  if (reading.problem.kind === 'empty' && reply.reasoning !== '') {
    return { ...reading, problem: { kind: 'empty', detail: 'You have only thought, and said nothing.' } };
  }
  return reading;
}

function joinParagraphs(first: string, second: string): string {
  return [first.trim(), second.trim()].filter((part) => part !== '').join('\n\n');
}
