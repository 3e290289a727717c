import type { ChatMessage, ModelRequest } from '../core/model';

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

/** What a message costs beyond its text: role and separators. */
const tokensPerMessage = 4;
/** How much a new report counts against those before it. */
const learningRate = 0.5;

/** An estimator that has seen no report yet. Keep one per model. */
export function createTokenEstimator(): TokenEstimator {
  let factor = 1;
  let calibrated = false;
  return {
    ofText: (text) => Math.ceil(roughTokens(text) * factor),
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

/** A history only grows, and its messages are kept as objects: each is counted once. */
const countedMessages = new WeakMap<ChatMessage, number>();

function roughRequestTokens(request: ModelRequest): number {
  let tokens = 0;
  for (const message of request.messages) {
    let counted = countedMessages.get(message);
    if (counted === undefined) {
      counted = tokensPerMessage + roughTokens(message.content);
      for (const call of message.toolCalls ?? []) {
        counted += roughTokens(call.name) + roughTokens(call.arguments) + tokensPerMessage;
      }
      countedMessages.set(message, counted);
    }
    tokens += counted;
  }
  for (const tool of request.tools ?? []) {
    tokens += roughTokens(tool.name) + roughTokens(tool.description) + roughTokens(JSON.stringify(tool.parameters));
  }
  return tokens;
}

/**
 * Tokens of a text as a byte-pair tokenizer of the usual size makes them, roughly: about 3.6 characters of English
 * or code to a token, 1.3 of Chinese, Japanese or Korean, 2.4 of other scripts.
 */
function roughTokens(text: string): number {
  let ascii = 0;
  let ideographs = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 128) {
      ascii += 1;
    } else if (unit >= 0x2e80 && unit < 0xe000) {
      ideographs += 1;
    }
  }
  return ascii / 3.6 + ideographs / 1.3 + (text.length - ascii - ideographs) / 2.4;
}
