import type { Browser, Page } from 'playwright-core';
import type { FromPanel, PanelRequest, ToPanel } from '../../src/webview/protocol';
import type { ThemeName } from './panelThemes.mjs';

/** The panel's page, open in a browser. */
export interface OpenPanel {
  readonly page: Page;
  /** Violations of the page's policy, errors and warnings so far. */
  readonly problems: readonly string[];
  /** Sends messages of the host, and waits until the page has shown them. */
  post(...messages: readonly ToPanel[]): Promise<void>;
  sent(): Promise<readonly FromPanel[]>;
  requests(): Promise<readonly PanelRequest[]>;
  close(): Promise<void>;
}

export interface PanelHarness {
  open(options?: {
    readonly theme?: ThemeName;
    readonly width?: number;
    readonly height?: number;
    readonly reducedMotion?: boolean;
    /** What the host replies to requests, by their type: `{ value }` or `{ error }`; `{ value: null }` if left out. */
    readonly replies?: Readonly<Record<string, unknown>>;
  }): Promise<OpenPanel>;
  close(): Promise<void>;
}

export function createPanelHarness(parts: { readonly root: string; readonly browser: Browser }): Promise<PanelHarness>;
