import type { ModelRequest } from '../core/model';
import { estimateMessageTokens, estimateTokens } from '../core/tokens';

/**
 * Counts tokens before they are sent, from characters (a tokenizer takes 140 to 400 ms to load), and learns from
 * what the server reports how far it is off for its model.
 */
export interface TokenEstimator {
  /** Tokens of a text, not less than 0. */
  ofText(text: string): number;
  /** Tokens of a request's messages and tools. */
  ofRequest(request: ModelRequest): number;
  /** Tells how many tokens the prompt of `request` really had. */
  calibrate(request: ModelRequest, promptTokens: number): void;
}

/** How much a new report counts against those before it. */
const learningRate = 0.5;

/** An estimator that has seen no report yet. Keep one per model. */
export function createTokenEstimator(): TokenEstimator {
  let factor = 1;
  let calibrated = false;
  return {
    ofText: (text) => Math.ceil(estimateTokens(text) * factor),
    ofRequest: (request) => Math.ceil(roughRequestTokens(request) * factor),
    calibrate(request, promptTokens) {
      const rough = roughRequestTokens(request);
      // A short prompt says little, and a wild ratio comes from a server that counts something else.
      if (rough < 50 || promptTokens <= 0) {
        return;
      }
      const ratio = Math.min(3, Math.max(0.3, promptTokens / rough));
      factor = calibrated ? factor + (ratio - factor) * learningRate : ratio;
      calibrated = true;
    },
  };
}

function roughRequestTokens(request: ModelRequest): number {
  let tokens = 0;
  for (const message of request.messages) {
    tokens += estimateMessageTokens(message);
  }
  for (const tool of request.tools ?? []) {
    tokens += estimateTokens(tool.name) + estimateTokens(tool.description) + estimateTokens(JSON.stringify(tool.parameters));
  }
  return tokens;
}
