import type { TaskKind } from '../../core/request';
import { t } from '../../core/l10n';
import type { Situation } from './conversation';
import type { Reply } from './reply';
import { complexityReply } from './tasks/complexity';
import { explainReply } from './tasks/explain';
import { bugsReply, securityReply } from './tasks/findings';
import { askedName, questionReply, taskOfWords, withoutCode } from './tasks/question';
import { refactorReply } from './tasks/refactor';
import { testsReply } from './tasks/tests';
import { viewOf } from './view';

/** What the model says next: a look with tools, or its answer. It depends on the messages alone. */
export async function nextReply(situation: Situation): Promise<Reply> {
  const excerpt = situation.excerpts[0];
  if (excerpt === undefined || excerpt.text.trim() === '') {
    return { thought: t('There is no code in the question, so there is nothing that I could analyse.'), wishes: [], answer: withoutCode(situation) };
  }
  const view = await viewOf(excerpt);
  switch (taskOf(situation)) {
    case 'complexity':
      return await complexityReply(situation, view);
    case 'explain':
      return explainReply(situation, view);
    case 'bugs':
      return bugsReply(situation, view);
    case 'security':
      return securityReply(situation, view);
    case 'tests':
      return testsReply(situation, view);
    case 'refactor':
      return await refactorReply(situation, view);
    case 'question':
      return await questionReply(situation, view);
  }
}

/** The task that was set, or for a free question the one that its words ask for. */
function taskOf({ task, question }: Situation): TaskKind {
  return task === 'question' && askedName(question) === undefined ? (taskOfWords(question) ?? 'question') : task;
}
