import { StepwiseError, toStepwiseError } from '../../core/errors';
import { t } from '../../core/l10n';
import type { ChatModel, ModelChunk, ModelRequest } from '../../core/model';
import { readSituation } from './conversation';
import { nextReply } from './plan';
import { piecesOf } from './reply';

/** The id of the built-in model. */
export const builtInModelId = 'stepwise-analyzer';

/** Pieces after which other work gets a turn: a stop, a repaint. */
const piecesPerTurn = 8;

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

async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk, void, undefined> {
  const isAborted = (): boolean => signal.aborted;
  try {
    const situation = readSituation(request);
    await pause();
    const reply = isAborted() ? undefined : await nextReply(situation);
    let pieces = 0;
    for (const chunk of reply === undefined ? [] : piecesOf(reply, situation.voice, situation.mustAnswer)) {
      if (isAborted()) {
        break;
      }
      yield chunk;
      if (chunk.type === 'finish') {
        return;
      }
      pieces += 1;
      if (pieces % piecesPerTurn === 0) {
        await pause();
      }
    }
    yield { type: 'error', error: new StepwiseError('cancelled', t('Cancelled.')) };
  } catch (error) {
    yield { type: 'error', error: toStepwiseError(error) };
  }
}

/** Lets other work run. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
