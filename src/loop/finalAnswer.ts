import { t } from '../core/l10n';
import type { TurnReply } from './turn';

/** The answer in a reply to a request for one: as the protocol reads it, else all its prose; empty if there is none. */
export function readFinalAnswer(reply: TurnReply): string {
  const reading = reply.reader.end();
  if (reading.answer !== null) {
    return reading.answer.trim();
  }
  // A model that only thought aloud has said what it has.
  return reading.actions.length === 0 && reply.calls.length === 0 ? reading.thought.trim() : '';
}

/** An answer made of what a run has, where the model gave none. */
export function fallbackAnswer(lastGood: string): string {
  const note = t('The model gave no final answer.');
  return lastGood === '' ? note : `${note} ${t('This is what it had found last:')}\n\n${lastGood}`;
}
