import { StepwiseError, toStepwiseError } from '../../core/errors';
import { t } from '../../core/l10n';
import type { ModelChunk, ModelRequest } from '../../core/model';
import { readSituation } from './conversation';
import { nextReply } from './plan';
import { piecesOf } from './reply';

/** Pieces after which other work gets a turn: a stop, a repaint. */
const piecesPerTurn = 8;

/** Streams the reply to a request in pieces. Ends with `finish` or `error`, as the contract of models says. */
export async function* streamReply(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelChunk, void, undefined> {
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
