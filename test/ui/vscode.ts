import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Frame, type Locator, type Page } from 'playwright-core';

/** What `scripts/lib/suites.mjs` tells about the VS Code that it started. */
interface Surroundings {
  /** Address of the workbench with its connection token, without a folder. */
  readonly url: string;
  readonly browser: { readonly executable: string; readonly env: Record<string, string> };
  readonly sampleWorkspace: string;
  /** Where copies of the sample workspace go; deleted afterwards. */
  readonly workspaces: string;
  /** Settings of the machine that VS Code's server runs on; it takes changes over at once. */
  readonly machineSettingsFile: string;
  /** The repository. */
  readonly root: string;
  readonly artifacts: string;
}

/** What the page of VS Code may take, in ms: the machine may have two busy cores. */
const patienceMs = 30_000;

export const surroundings = JSON.parse(process.env.STEPWISE_UI ?? '{}') as Surroundings;

/** Sets the machine's settings, all of them; call before a window is opened. */
export async function useMachineSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(surroundings.machineSettingsFile, JSON.stringify(settings));
}

let browser: Promise<Browser> | undefined;

function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: surroundings.browser.executable,
    env: { ...(process.env as Record<string, string>), ...surroundings.browser.env },
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return browser;
}

/** A window of VS Code, as a person has it: the packaged extension, a copy of the sample workspace. */
export class VSCode {
  readonly page: Page;
  /** Absolute path of the opened folder. */
  readonly folder: string;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, folder: string) {
    this.#context = context;
    this.page = page;
    this.folder = folder;
  }

  /** Opens a window on a fresh copy of the sample workspace. */
  static async open(): Promise<VSCode> {
    const folder = path.join(await realpath(await mkdtemp(path.join(surroundings.workspaces, 'w-'))), 'corner-shop');
    await cp(surroundings.sampleWorkspace, folder, { recursive: true });
    const context = await (await openBrowser()).newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(patienceMs);
    const vscode = new VSCode(context, await context.newPage(), folder);
    const url = new URL(surroundings.url);
    url.searchParams.set('folder', folder);
    await vscode.page.goto(url.href);
    await vscode.waitUntilReady();
    return vscode;
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    // In a browser, VS Code keeps its state by writing it every 5 s, because it cannot while a page is closed; it tells
    // nobody when it has.
    await this.page.waitForTimeout(6_000);
    await this.page.reload();
    await this.waitUntilReady();
  }

  private async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    // The explorer lists files as soon as the server answers, and extensions are known by then.
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Runs a command by its title in the command palette, such as `Stepwise: Stop`. */
  async runCommand(title: string): Promise<void> {
    await (await this.offeredCommand(title)).click();
  }

  /** Titles that the command palette offers for what was typed. */
  async commandsFor(text: string): Promise<string[]> {
    await this.offeredCommand(text);
    const labels = await this.page.locator('.quick-input-list .monaco-list-row .label-name').allTextContents();
    await this.page.keyboard.press('Escape');
    return labels;
  }

  /** The first command that the palette offers for what was typed. */
  private async offeredCommand(text: string): Promise<Locator> {
    const row = this.quickInputRows().filter({ hasText: text }).first();
    const deadline = Date.now() + patienceMs;
    for (;;) {
      await this.openQuickInput('F1', `>${text}`);
      // The palette lists the commands that were there when it opened; extensions may be registered after that.
      const isOffered = await row.waitFor({ timeout: 2_000 }).then(() => true, () => false);
      if (isOffered) {
        return row;
      }
      assert.ok(Date.now() < deadline, `the palette does not offer "${text}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** Opens the quick input by a key and types into it; once more where it closed before it took the text. */
  private async openQuickInput(key: string, text: string): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget input.input').first();
    const deadline = Date.now() + patienceMs;
    for (;;) {
      await this.page.keyboard.press(key);
      const isFilled = await input.fill(text, { timeout: 5_000 }).then(() => true, () => false);
      if (isFilled) {
        return input;
      }
      assert.ok(Date.now() < deadline, `the quick input does not take "${text}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** Rows of an open quick pick. */
  quickInputRows(): Locator {
    return this.page.locator('.quick-input-widget .monaco-list-row');
  }

  /** Chooses an entry of the context menu of what is shown. */
  async chooseInContextMenu(target: Locator, title: string): Promise<void> {
    await target.click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu .action-item').filter({ hasText: title }).first();
    const deadline = Date.now() + patienceMs;
    for (;;) {
      // VS Code drops clicks that come within 100 ms after a menu opened, and shows nothing when it begins to take them.
      await entry.click({ timeout: 5_000 }).catch(() => undefined);
      const isChosen = await entry.waitFor({ state: 'detached', timeout: 1_000 }).then(() => true, () => false);
      if (isChosen) {
        return;
      }
      assert.ok(Date.now() < deadline, `the menu does not take the click on "${title}"`);
    }
  }

  /** Opens a file of the folder with the cursor at the start of a line (1-based). */
  async openFile(file: string, line = 1): Promise<void> {
    const input = await this.openQuickInput('ControlOrMeta+P', file);
    await this.quickInputRows().filter({ hasText: path.basename(file) }).first().waitFor();
    await input.fill(`${file}:${line}`);
    await this.quickInputRows().filter({ hasText: path.basename(file) }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.editor-instance .view-lines').first().waitFor();
    await this.page.locator('.tab.active').filter({ hasText: path.basename(file) }).waitFor();
  }

  /** Selects whole lines of the active editor by keyboard: from where the cursor is, `count` lines down. */
  async selectLinesDown(count: number): Promise<void> {
    await this.page.keyboard.press('Home');
    for (let line = 0; line < count; line++) {
      await this.page.keyboard.press('Shift+ArrowDown');
    }
  }

  /**
   * The frame of a webview in which something can be found by a selector. Webviews are frames in frames; their content
   * is the one whose address holds `/pre/fake.html`.
   */
  async webview(selector: string): Promise<Frame> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      for (const frame of this.page.frames().filter((candidate) => candidate.url().includes('/pre/fake.html'))) {
        if ((await frame.locator(selector).count().catch(() => 0)) > 0) {
          return frame;
        }
      }
      assert.ok(Date.now() < deadline, `no webview with ${selector} appeared`);
      // Frames come and go while a webview loads, and Playwright has no event for "content of any frame".
      await this.page.waitForTimeout(100);
    }
  }

  /** Opens the Chat view, types a message as a person does, and sends it. */
  async sendChat(message: string): Promise<void> {
    await this.runCommand('Chat: Open Chat');
    const input = this.page.locator('.interactive-input-part .monaco-editor').first();
    await input.click();
    // Typing "@name " picks the participant from the suggestions; text at once would be plain text to VS Code.
    await this.page.keyboard.type(message, { delay: 20 });
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Enter');
  }

  /** The last answer in the Chat view. */
  chatAnswer(): Locator {
    return this.page.locator('.interactive-item-container.interactive-response').last();
  }

  /** Paths of the notes in the folder's `.reasoning/`, oldest first by name. */
  async notes(): Promise<string[]> {
    const folder = path.join(this.folder, '.reasoning');
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    return files.filter((file) => file.endsWith('.md')).sort().map((file) => path.join(folder, file));
  }

  /** Waits for a note that is complete and gives its text. */
  async waitForNote(isComplete: (text: string) => boolean): Promise<string> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      for (const file of await this.notes()) {
        const text = await readFile(file, 'utf8');
        if (isComplete(text)) {
          return text;
        }
      }
      assert.ok(Date.now() < deadline, `no such note was written; there is ${(await this.notes()).join(', ') || 'none'}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Keeps a picture of the window in `artifacts/ui/`. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(surroundings.artifacts, 'ui');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    // Left in order, so that the server ends this window's extension host.
    await this.page.goto('about:blank').catch(() => undefined);
    await this.#context.close();
  }
}

/**
 * A window for the tests of one `describe`: opened before the first, closed after the last, with a picture of it kept
 * where a test fails.
 */
export function useVSCode(): () => VSCode {
  let vscode: VSCode | undefined;
  before(async function () {
    this.timeout(120_000);
    vscode = await VSCode.open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      const name = this.currentTest.fullTitle().replace(/[^\w]+/gu, '-');
      await vscode?.screenshot(`failed-${name}`).catch(() => undefined);
    }
  });
  after(async () => {
    await vscode?.close();
    await (await browser)?.close();
    browser = undefined;
  });
  return () => {
    assert.ok(vscode, 'VS Code is open');
    return vscode;
  };
}
