import type { ModelInfo, ModelRequest } from '../../core/model';
import type { JsonSchema } from '../../core/tool';
import { JsonStepTurnReader } from './jsonStepTurnReader';
import type { Protocol } from './protocol';
import { xmlProtocol } from './xmlProtocol';

/** Strict schema of a step: every field required, nothing else, as servers with strict schemas demand. */
const stepSchema: JsonSchema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    content: { type: 'string' },
    next_action: { type: 'string', enum: ['continue', 'final_answer'] },
  },
  required: ['title', 'content', 'next_action'],
  additionalProperties: false,
};

/**
 * The step protocol of the reasoning-assistant document: one call a step, each a JSON object with a title, content
 * and next action, then a call of its own for the final answer. Without tools.
 */
export const jsonStepsProtocol: Protocol = {
  name: 'json-steps',
  firstReplyTokens: 300,
  opening: [
    {
      role: 'assistant',
      content:
        'Thank you! I will now think step by step, following my instructions, starting at the beginning after decomposing the problem.',
    },
  ],
  instructions: () =>
    'How to reply. Reason in steps, one step a reply. Each reply is one JSON object and nothing else:\n' +
    '{"title": "what this step does", "content": "the reasoning of this step", "next_action": "continue"}\n' +
    'Use "next_action": "final_answer" when the question is settled; you are then asked for the final answer. ' +
    'Decompose the problem first, look at alternatives, check your result by a second way before you finish, and keep each step short.',
  callOptions: (_tools, model) => responseFormat(model),
  createReader: () => new JsonStepTurnReader(),
  replyMessage: (raw) => ({ role: 'assistant', content: raw }),
  observationMessages: (outcomes) => xmlProtocol.observationMessages(outcomes),
  replay: ({ title, thought, actions }) => [
    {
      role: 'assistant',
      content: JSON.stringify({
        title,
        content: [thought, ...actions.map(({ tool, observation }) => `${tool}: ${observation}`)].join('\n\n'),
        next_action: 'continue',
      }),
    },
  ],
  finalAnswerPrompt: (reason) =>
    `${reason} Please give the final answer now, based on your reasoning above, in Markdown and not as JSON.`,
};

function responseFormat(model: ModelInfo): Pick<ModelRequest, 'responseFormat'> {
  if (model.strictSchema === true) {
    return { responseFormat: { type: 'json_schema', name: 'step', schema: stepSchema } };
  }
  return model.jsonMode === true ? { responseFormat: { type: 'json_object' } } : {};
}
