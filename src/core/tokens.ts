import type { ChatMessage } from './model';

/** What a message costs beyond its text: role and separators. */
const tokensPerMessage = 4;

/**
 * About how many tokens a text has, from its characters, as a byte-pair tokenizer of the usual size makes them: about
 * 3.6 characters of English or code to a token, 1.3 of Chinese, Japanese or Korean, 2.4 of other scripts. A tokenizer
 * itself takes 140 to 400 ms to load. Calibrate with the usage that a server reports.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(roughTokens(text));
}

/** A history only grows, and its messages are kept as objects: each is counted once. */
const countedMessages = new WeakMap<ChatMessage, number>();

/** About how many tokens a message has, its calls and what surrounds it included. */
export function estimateMessageTokens(message: ChatMessage): number {
  let counted = countedMessages.get(message);
  if (counted === undefined) {
    let rough = tokensPerMessage + roughTokens(message.content);
    for (const call of message.toolCalls ?? []) {
      rough += roughTokens(call.name) + roughTokens(call.arguments) + tokensPerMessage;
    }
    counted = Math.ceil(rough);
    countedMessages.set(message, counted);
  }
  return counted;
}

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
