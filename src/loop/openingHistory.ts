import type { ModelInfo } from '../core/model';
import type { ReasoningRequest } from '../core/request';
import type { Tool } from '../core/tool';
import { History } from './history';
import { questionPrompt, systemPrompt } from './prompts';
import type { Protocol } from './protocols/protocol';

/** Most characters of one excerpt where the model's window is not known. */
const defaultExcerptLimit = 60_000;

/** The messages before the first call: the rules, the talk so far, the question, and the steps that the run goes on from. */
export function openingHistory(request: ReasoningRequest, protocol: Protocol, tools: readonly Tool[], info: ModelInfo): History {
  // Two characters per token of the window: about half of it for the code.
  const excerptLimit = info.contextTokens === undefined ? defaultExcerptLimit : info.contextTokens * 2;
  const history = new History([
    { role: 'system', content: systemPrompt(request, protocol, tools) },
    ...(request.history ?? []),
    { role: 'user', content: questionPrompt(request, excerptLimit) },
    ...protocol.opening,
  ]);
  for (const [index, step] of (request.earlierSteps ?? []).entries()) {
    for (const message of protocol.replay(step, index + 1)) {
      if (message.role === 'assistant') {
        history.add(message);
      } else {
        history.addObservations([message]);
      }
    }
  }
  return history;
}
