import type { ErrorData } from '../../core/errors';
import type { KeyAction } from './keyboard';

/** What fills the page: a run, two of them, or the invitation to begin. */
export interface PageView {
  readonly root: HTMLElement;
  keyActions(): readonly KeyAction[];
  /** Shows an error of something that was pressed. */
  showProblem(error: ErrorData): void;
  dispose(): void;
}
