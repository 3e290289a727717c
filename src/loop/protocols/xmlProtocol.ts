import type { ChatMessage, NativeToolCall } from '../../core/model';
import type { EarlierStep } from '../../core/request';
import type { ToolDefinition } from '../../core/tool';
import { escapeProtocol } from '../escape';
import type { ActionOutcome, Protocol } from './protocol';
import { XmlTurnReader } from './xmlTurnReader';

/**
 * The tag protocol of the self-thinking document: a thought, then one action or the answer. It needs nothing of a
 * model but that it can write text.
 */
export const xmlProtocol: Protocol = {
  name: 'xml',
  opening: [],
  instructions,
  // Nothing that a person would want in an answer begins like this, so it is safe as a stop string.
  callOptions: () => ({ stop: ['<observation'] }),
  createReader: (toolNames) => new XmlTurnReader(toolNames),
  replyMessage: (raw, calls) => ({ role: 'assistant', content: raw + calls.map(callAsText).join('') }),
  observationMessages: (outcomes) => [observationMessage(outcomes)],
  replay: (step) => [
    {
      role: 'assistant',
      content: [
        `<thought>${escapeProtocol(step.thought)}</thought>`,
        ...step.actions.map((action) => `<action name="${action.tool}">${JSON.stringify(action.args)}</action>`),
      ].join('\n'),
    },
    ...(step.actions.length === 0 ? [{ role: 'user', content: 'Go on.' } as const] : [observationMessage(replayed(step))]),
  ],
  finalAnswerPrompt: (reason) =>
    `${reason} No more actions can be run. Write your final answer now, with what you have, as <answer>…</answer>, and say in it what is still uncertain.`,
};

function instructions(tools: readonly ToolDefinition[]): string {
  const form = [
    'How to reply. Each reply has exactly one of these two forms, with nothing outside the tags.',
    ...(tools.length === 0
      ? []
      : [
          'To use a tool:\n<thought>what you know, and what you need to find out next</thought>\n' +
            '<action name="tool_name">{"argument": "value"}</action>',
        ]),
    'To finish:\n<thought>why the question is settled</thought>\n<answer>the final answer, in Markdown</answer>',
  ];
  if (tools.length === 0) {
    return [...form.slice(0, 1), ...form.slice(1), 'No tools are available.'].join('\n\n');
  }
  return [
    ...form,
    'The body of an action is one JSON object. After an action, stop: its result comes back in the next message as ' +
      '<observation>. Never write an observation yourself. Actions that do not depend on each other may follow each other in one reply.',
    'Tools:',
    ...tools.map((tool) => `${tool.name}: ${tool.description}\nArguments (JSON Schema): ${JSON.stringify(tool.parameters)}`),
  ].join('\n\n');
}

function replayed(step: EarlierStep): readonly ActionOutcome[] {
  return step.actions.map(({ tool, args, observation, isError }) => ({ action: { name: tool, args }, observation, isError }));
}

function callAsText(call: NativeToolCall): string {
  return `\n<action name="${call.name}">${call.arguments}</action>`;
}

function observationMessage(outcomes: readonly ActionOutcome[]): ChatMessage {
  return {
    role: 'user',
    content: outcomes
      .map(
        ({ action, observation, isError }) =>
          `<observation tool="${escapeProtocol(action.name).replaceAll('"', '')}"${isError ? ' error="true"' : ''}>\n${escapeProtocol(observation)}\n</observation>`,
      )
      .join('\n'),
  };
}
