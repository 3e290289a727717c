import type { ErrorData, ErrorRemedy } from '../../core/errors';
import { t } from '../../core/l10n';
import type { PanelServices } from '../host';
import { element, icon, textButton } from './dom';

/** What the button of a remedy says. */
export function remedyLabel(remedy: ErrorRemedy): string {
  switch (remedy) {
    case 'set-key':
      return t('Set Key');
    case 'choose-model':
      return t('Choose Model');
    case 'open-settings':
      return t('Open Settings');
    case 'retry':
      return t('Try Again');
    case 'open-folder':
      return t('Open Folder');
    case 'manage-trust':
      return t('Manage Workspace Trust');
  }
}

/** An error in words, with the button that mends it. */
export function problemView(error: ErrorData, runId: string, services: PanelServices): HTMLElement {
  const { remedy, alternatives = [] } = error;
  return element(
    'div',
    { class: 'problem' },
    icon('error'),
    element(
      'div',
      { class: 'problem-text' },
      element('p', {}, error.message),
      ...(alternatives.length === 0 ? [] : [element('p', { class: 'facts' }, t('Models that could be used instead: {0}', alternatives.join(', ')))]),
      ...(remedy === undefined
        ? []
        : [
            element(
              'div',
              { class: 'buttons' },
              textButton(remedyLabel(remedy), () => services.send({ type: 'remedy', remedy, runId }), { kind: 'primary' }),
              ...(alternatives.length > 0 && remedy !== 'choose-model'
                ? [textButton(remedyLabel('choose-model'), () => services.send({ type: 'choose-model' }))]
                : []),
            ),
          ]),
    ),
  );
}
