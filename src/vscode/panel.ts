import * as vscode from 'vscode';
import { t } from '../core/l10n';
import { panelViewType, reasoningViewId } from './ids';
import type { PagePlace, PanelParts } from './panelSurface';
import { PanelSurface } from './panelSurface';
import type { PanelLocation } from './settings';
import { Wishes } from './wishes';

/** What the panel needs besides the parts of its pages. */
export interface ReasoningPanelParts extends PanelParts {
  /** Where runs open. */
  location(): PanelLocation;
}

/**
 * The reasoning panel: an editor tab and a view in the side bar, each with a page and a state of its own. Both may be
 * open at the same time; what a command shows opens in the one that the settings name.
 */
export class ReasoningPanel implements vscode.Disposable {
  readonly #parts: ReasoningPanelParts;
  readonly #tabSurface: PanelSurface;
  readonly #viewSurface: PanelSurface;
  readonly #registrations: vscode.Disposable;
  #tab: vscode.WebviewPanel | undefined;
  #view: vscode.WebviewView | undefined;
  #lastUsed: PanelSurface;
  readonly #wishes = new Wishes();

  constructor(parts: ReasoningPanelParts) {
    this.#parts = parts;
    this.#tabSurface = new PanelSurface(parts);
    this.#viewSurface = new PanelSurface(parts);
    this.#lastUsed = this.#tabSurface;
    this.#registrations = vscode.Disposable.from(
      this.#tabSurface,
      this.#viewSurface,
      vscode.window.registerWebviewPanelSerializer(panelViewType, {
        deserializeWebviewPanel: (panel) => {
          this.#adoptTab(panel);
          return Promise.resolve();
        },
      }),
      vscode.window.registerWebviewViewProvider(reasoningViewId, { resolveWebviewView: (view) => this.#adoptView(view) }),
    );
  }

  /** The run that the page shows which was used last. */
  get shownId(): string | undefined {
    return this.#lastUsed.shownId;
  }

  /**
   * Shows the panel beside the code without taking the focus from it; at a run where one is given, at two side by
   * side where two are. Rejects with `not-found` for a run that is no longer kept.
   */
  async show(runId?: string, comparedId?: string): Promise<void> {
    this.#wishes.begin();
    if (this.#parts.location() === 'sideBar') {
      this.#lastUsed = this.#viewSurface;
      this.#viewSurface.choose(runId, comparedId);
      await this.#revealView();
    } else {
      this.#lastUsed = this.#tabSurface;
      this.#tabSurface.choose(runId, comparedId);
      this.#revealTab(true);
    }
  }

  /** Goes to the panel, wherever it opens, with the keyboard: its keys and its follow-up field are for whoever asks for it. */
  async open(): Promise<void> {
    this.#wishes.begin();
    if (this.#parts.location() === 'sideBar') {
      this.#lastUsed = this.#viewSurface;
      await vscode.commands.executeCommand(`${reasoningViewId}.focus`);
    } else {
      this.#lastUsed = this.#tabSurface;
      this.#revealTab(false);
    }
  }

  /** To be called before something is read that is then shown: what is given back tells whether it is still wanted. */
  announce(): () => boolean {
    return this.#wishes.begin();
  }

  /** Shows the run of the view in an editor tab, where there is more room. */
  moveToTab(): void {
    this.#lastUsed = this.#tabSurface;
    this.#tabSurface.choose(this.#viewSurface.shownId);
    this.#revealTab(true);
  }

  /** Lets go of the pages without closing them: the window may be reloading, and VS Code is to bring them back. */
  dispose(): void {
    this.#registrations.dispose();
  }

  #revealTab(preserveFocus: boolean): void {
    if (this.#tab === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus };
      this.#adoptTab(vscode.window.createWebviewPanel(panelViewType, t('Reasoning'), column, { enableFindWidget: true }));
    } else {
      revealBesideCode(this.#tab, preserveFocus);
    }
  }

  async #revealView(): Promise<void> {
    if (this.#view === undefined) {
      await vscode.commands.executeCommand(`${reasoningViewId}.focus`, { preserveFocus: true });
    } else {
      this.#view.show(true);
    }
  }

  /** Makes a tab ours: a new one, or one that VS Code brought back after a reload. */
  #adoptTab(panel: vscode.WebviewPanel): void {
    this.#tab?.dispose();
    this.#tab = panel;
    const { extension } = this.#parts;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'panel-dark.svg'),
    };
    const place: PagePlace = {
      webview: panel.webview,
      kind: 'editor',
      isVisible: () => panel.visible,
      name: (subject) => {
        panel.title = subject === undefined ? t('Reasoning') : t('Reasoning: {0}', subject);
      },
      reveal: () => revealBesideCode(panel, true),
    };
    const registration = panel.onDidChangeViewState(() => {
      this.#lastUsed = panel.active ? this.#tabSurface : this.#lastUsed;
      this.#tabSurface.visibilityChanged();
    });
    panel.onDidDispose(() => {
      registration.dispose();
      this.#tabSurface.detach(place);
      this.#tab = this.#tab === panel ? undefined : this.#tab;
    });
    this.#tabSurface.attach(place);
  }

  #adoptView(view: vscode.WebviewView): void {
    this.#view = view;
    const place: PagePlace = {
      webview: view.webview,
      kind: 'side-bar',
      isVisible: () => view.visible,
      name: (subject) => {
        view.description = subject ?? '';
      },
      reveal: () => view.show(true),
    };
    const registration = view.onDidChangeVisibility(() => this.#viewSurface.visibilityChanged());
    view.onDidDispose(() => {
      registration.dispose();
      this.#viewSurface.detach(place);
      this.#view = this.#view === view ? undefined : this.#view;
    });
    this.#viewSurface.attach(place);
  }
}

/** A tab that lies in the group of the code at hand moves to its side: a run is never shown in place of what it is about. */
function revealBesideCode(panel: vscode.WebviewPanel, preserveFocus: boolean): void {
  const code = vscode.window.activeTextEditor?.viewColumn;
  panel.reveal(code !== undefined && code === panel.viewColumn ? vscode.ViewColumn.Beside : undefined, preserveFocus);
}
