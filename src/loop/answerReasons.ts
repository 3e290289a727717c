import { t } from '../core/l10n';

/** Why the model is asked for its answer now. */
export type AnswerReason = 'settled' | 'steps' | 'time' | 'tokens' | 'stuck' | 'broken';

/** What the model is told for each reason. */
export const reasonForModel: Readonly<Record<AnswerReason, string>> = {
  settled: 'Thank you.',
  steps: 'You have used all of your steps.',
  time: 'The time for this question is nearly over.',
  tokens: 'The tokens for this question are nearly used up.',
  stuck: 'You keep making the same call.',
  broken: 'Your replies could not be read as the protocol asks.',
};

/** Why the model was asked for its answer, for the person. */
export function limitMessage(reason: AnswerReason): string {
  switch (reason) {
    case 'settled':
    case 'steps':
      return t('The most steps are used up; the model was asked for its answer with what it has.');
    case 'time':
      return t('The time is nearly over; the model was asked for its answer with what it has.');
    case 'tokens':
      return t('The tokens of this run are nearly used up.');
    case 'stuck':
      return t('The model kept making the same call and was asked for its answer.');
    case 'broken':
      return t('The replies of the model could not be used, and it was asked for its answer with what it has.');
  }
}
