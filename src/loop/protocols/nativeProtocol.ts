import type { Protocol } from './protocol';
import { NativeTurnReader } from './nativeTurnReader';

/** Native tool calls, for models that have them: same events and same tools as the text protocols. */
export const nativeProtocol: Protocol = {
  name: 'native',
  opening: [],
  instructions: (tools) =>
    tools.length === 0
      ? 'How to reply. Give the final answer in Markdown. No tools are available.'
      : 'How to reply. Call tools where they can settle a point; before a call, say in a sentence what you need to find out. ' +
        'Calls that do not depend on each other may be made together. When the question is settled, give the final answer in Markdown, without a call.',
  callOptions: (tools) =>
    tools.length === 0
      ? {}
      : { tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })) },
  createReader: (toolNames) => new NativeTurnReader(toolNames),
  replyMessage: (raw, calls) => ({
    role: 'assistant',
    content: raw,
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
  }),
  // A result without the id of a call came from a call written as text, so it goes back as text.
  observationMessages: (outcomes) =>
    outcomes.map(({ action, observation, isError }) =>
      action.nativeId === undefined
        ? { role: 'user', content: `Result of ${action.name}${isError ? ' (error)' : ''}:\n${observation}` }
        : { role: 'tool', content: observation, toolCallId: action.nativeId },
    ),
  replay: ({ thought, actions }, index) => {
    const calls = actions.map(({ tool, args }, at) => ({
      id: `earlier_${String(index)}_${String(at + 1)}`,
      name: tool,
      arguments: JSON.stringify(args),
    }));
    return [
      { role: 'assistant', content: thought, ...(calls.length === 0 ? {} : { toolCalls: calls }) },
      ...(calls.length === 0 ? [{ role: 'user', content: 'Go on.' } as const] : []),
      ...calls.map(({ id }, at) => ({
        role: 'tool' as const,
        content: actions[at]?.observation ?? '',
        toolCallId: id,
      })),
    ];
  },
  finalAnswerPrompt: (reason) =>
    `${reason} No more tools can be called. Give your final answer now, in Markdown, with what you have, and say in it what is still uncertain.`,
};
