import { t } from '../../core/l10n';
import type { ChatModel, ModelChunk, ModelRequest } from '../../core/model';

/** The id of the built-in model. */
export const builtInModelId = 'stepwise-analyzer';

/**
 * The model that needs no key and no network. It holds no state and no weights: each reply follows from the messages,
 * by parsing the code in them and by what the tools have told. It speaks whichever protocol the loop asks for, and
 * works without tools as well. The grammars must have a source (`setGrammarSource`).
 */
export function builtInModel(): ChatModel {
  return {
    info: {
      id: builtInModelId,
      vendor: 'built-in',
      label: t('Built-in analyzer'),
      contextTokens: 1_000_000,
      maxOutputTokens: 100_000,
    },
    stream,
  };
}

/** What the model knows of code is loaded with its first reply. */
async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk, void, undefined> {
  const { streamReply } = await import('./stream');
  yield* streamReply(request, signal);
}
