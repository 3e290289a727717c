import { t } from '../core/l10n';
import { sliceWhole } from '../core/text';

/** Longest title, in characters. */
const titleLength = 80;

/** A title for a step without one: the first sentence of its thought, else what it does. */
export function stepTitle(thought: string, actions: readonly { readonly name: string }[], answers: boolean): string {
  const line = thought.trim().split('\n', 1)[0] ?? '';
  const sentence = /^.*?[.!?。！？](?=\s|$|[\u3000-\u9fff])/u.exec(line)?.[0] ?? line;
  const plain = sentence.replace(/^#+\s*|[*`]/g, '').trim();
  if (plain === '') {
    return answers ? t('Answer') : actions.map((action) => action.name).join(', ');
  }
  return plain.length <= titleLength ? plain : `${sliceWhole(plain, titleLength - 1).trimEnd()}…`;
}
