import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { NoteOfTest } from '../../support/noteTexts';
import { noteText } from '../../support/noteTexts';
import { useVSCode } from '../vscode';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const standard = {
  complexity: 'What is the time and space complexity of this code, and why?',
  bugs: 'Which bugs does this code have? Show for each the input or state that triggers it.',
  tests: 'Which tests does this code need? Name the cases and what to expect of each.',
} as const;

const analyzer = { id: 'stepwise-analyzer', vendor: 'built-in', label: 'Stepwise analyzer' } as const;

describe('Reasoning notes', () => {
  const vscode = useVSCode();
  /** When the notes that were written are of. */
  const dates: number[] = [];

  /** Writes a note about the lines of a file from one that begins with `first` to one that begins with `last`. */
  async function write(name: string, ago: number, about: { readonly file: string; readonly first: string; readonly last: string; readonly symbol: string } | undefined, more: Partial<NoteOfTest>): Promise<void> {
    const { folder } = vscode();
    const notes = path.join(folder, '.reasoning');
    await mkdir(notes, { recursive: true });
    const lines = about === undefined ? [] : (await readFile(path.join(folder, about.file), 'utf8')).split('\n');
    const start = lines.findIndex((line) => line.startsWith(about?.first ?? ''));
    const end = lines.findIndex((line, index) => index > start && line.startsWith(about?.last ?? ''));
    const date = Date.now() - ago;
    dates.push(date);
    await writeFile(path.join(notes, name), await noteText({
      root: `file://${folder}`,
      date,
      ...(about === undefined ? {} : { code: { path: about.file, text: lines.slice(start, end + 1).join('\n'), startLine: start + 1, symbol: about.symbol } }),
      ...more,
    }));
  }

  const claims = (claim: string, agreement: 'agrees' | 'disagrees' | 'weaker' | 'cannot-tell'): Pick<NoteOfTest, 'verdict'> =>
    ({ verdict: { agreement, claim, derived: '', explanation: '' } });

  const duplicates = { file: 'orders/duplicates.py', first: 'def find_duplicates(', last: '    return pairs', symbol: 'find_duplicates' };

  const view = (): Locator => vscode().page.locator('.pane').filter({ hasText: 'Reasoning Notes' });
  const row = (text: string): Locator => view().locator('.monaco-list-row').filter({ hasText: text }).first();
  /** Does something that a view which is just being drawn may miss, until it shows. */
  async function again(act: () => Promise<void>, shown: Locator): Promise<void> {
    for (const deadline = Date.now() + 30_000;;) {
      await act();
      if (await shown.waitFor({ timeout: 3_000 }).then(() => true, () => false)) {
        return;
      }
      assert.ok(Date.now() < deadline, 'it never shows');
    }
  }

  const noteFiles = async (): Promise<string[]> => (await readdir(path.join(vscode().folder, '.reasoning'))).sort();

  async function writeNotes(): Promise<void> {
    await write('find-duplicates.md', 12 * minute, duplicates, { question: standard.complexity, model: analyzer, ...claims('O(len(orders)²)', 'agrees') });
    await write('bugs-of-find-duplicates.md', 2 * hour, duplicates, { question: standard.bugs, task: 'bugs', ...claims('', 'cannot-tell') });
    await write('ways-to-pack.md', 3 * hour, { file: 'orders/forecast.py', first: 'def ways_to_pack', last: '    return ways', symbol: 'ways_to_pack' }, { question: standard.complexity, ...claims('O(2ⁿ)', 'disagrees') });
    await write('moving-average.md', day + 4 * hour, { file: 'orders/forecast.py', first: 'def moving_average', last: '    return means', symbol: 'moving_average' }, { question: standard.complexity, ...claims('O(n)', 'weaker') });
    await write('find-product.md', 6 * day, { file: 'web/src/search.ts', first: 'export function findProduct', last: '}', symbol: 'findProduct' }, { question: standard.tests, task: 'tests', outcome: 'cancelled', ...claims('', 'cannot-tell') });
    await write('why-two-shapes.md', 40 * day, undefined, { question: 'Why are orders kept in two shapes?', task: 'question', ...claims('', 'cannot-tell') });
    // Changed since: the function of a note, and only the place of another.
    const forecast = path.join(vscode().folder, 'orders/forecast.py');
    await writeFile(forecast, (await readFile(forecast, 'utf8')).replace('"""How much', '# A line more.\n"""How much').replace('ways_to_pack(boxes - 1, items) + ', 'ways_to_pack(boxes - 1, items) + 0 + '));
  }

  it('are invited to where there are none', async () => {
    await vscode().page.locator('.activitybar .action-item').filter({ has: vscode().page.locator('[aria-label^="Stepwise"]') }).first().click();
    await view().getByText('There are no notes yet.').waitFor();
    await view().getByText('Reason About Selection').waitFor();
    await vscode().screenshot('notes-empty');
  });

  it('are listed by file as they come, with what they found, and which are stale', async () => {
    await writeNotes();
    await row('ways_to_pack').waitFor();
    await row('ways_to_pack').filter({ hasText: 'stale' }).waitFor();
    assert.match(await row('find_duplicates').innerText(), /O\(len\(orders\)²\)/u);
    assert.match(await row('ways_to_pack').innerText(), /O\(2ⁿ\), disputed/u);
    assert.equal(await row('moving_average').filter({ hasText: 'stale' }).count(), 0, 'moved, and the same');
    assert.match(await row('ways_to_pack').getAttribute('aria-label') ?? '', /The code has changed since the note was written/u);
    const hover = vscode().page.locator('.monaco-hover').filter({ hasText: 'The code has changed' }).first();
    await again(async () => {
      await vscode().page.mouse.move(700, 500);
      await row('ways_to_pack').hover();
    }, hover);
    await vscode().screenshot('notes-view');
  });

  it('are grouped by date', async () => {
    await vscode().page.mouse.move(700, 500);
    await vscode().runCommand('Stepwise: Group Notes by Date');
    await row('Last 7 days').waitFor();
    // Just after midnight, what was written minutes ago is of yesterday.
    const today = new Date().setHours(0, 0, 0, 0);
    const yesterday = dates.filter((date) => date < today && date >= new Date(today - hour).setHours(0, 0, 0, 0)).length;
    // The heading, not a note that says when it was written.
    const heading = view().locator('.monaco-list-row').filter({ hasText: /^\s*Yesterday/u });
    if (yesterday > 0) {
      assert.match(await heading.innerText(), new RegExp(`Yesterday\\s*${yesterday} note`, 'u'));
    } else {
      assert.equal(await heading.count(), 0);
    }
    await vscode().screenshot('notes-by-date');
    await vscode().runCommand('Preferences: Toggle between Light/Dark Themes');
    await vscode().page.locator('.monaco-workbench.vs-dark').waitFor();
    await vscode().screenshot('notes-dark');
    await vscode().runCommand('Preferences: Toggle between Light/Dark Themes');
    await vscode().runCommand('Stepwise: Group Notes by File');
    await row('forecast.py').waitFor();
  });

  it('are filtered, which the view says', async () => {
    await vscode().runCommand('Stepwise: Filter Notes…');
    await vscode().quickInputRows().filter({ hasText: 'Stale' }).click();
    await vscode().screenshot('notes-filter');
    await vscode().page.keyboard.press('Enter');
    await view().getByText('Showing 1 of 6 notes: Stale').waitFor();
    await row('find_duplicates').waitFor({ state: 'hidden' });
    await vscode().runCommand('Stepwise: Show All Notes');
    await row('find_duplicates').waitFor();
  });

  it('are searched by question, claim, file and model', async () => {
    const offered = async (text: string): Promise<string[]> => {
      await vscode().page.locator('.quick-input-widget input.input').first().fill(text);
      await vscode().page.waitForFunction((count) => document.querySelectorAll('.quick-input-list .monaco-list-row').length < count, 6);
      return vscode().quickInputRows().locator('.label-name').allTextContents();
    };
    await vscode().runCommand('Stepwise: Search Notes…');
    await vscode().quickInputRows().nth(5).waitFor();
    assert.match((await offered('two shapes')).join(), /two shapes/u);
    assert.match((await offered('O(2')).join(), /ways_to_pack/u);
    assert.match((await offered('search.ts')).join(), /findProduct/u);
    assert.match((await offered('stepwise-analyzer')).join(), /find_duplicates/u);
    await vscode().screenshot('notes-search');
    await vscode().page.keyboard.press('Enter');
    const panel = await vscode().webview('li.step');
    await panel.getByText('What is the time and space complexity of this code').first().waitFor();
  });

  it('open in the panel where they are clicked', async () => {
    await row('ways_to_pack').click();
    const panel = await vscode().webview('li.step');
    await panel.getByText('ways_to_pack').first().waitFor();
  });

  it('mark the code that they are about, and open from there', async () => {
    const { page } = vscode();
    await vscode().runCommand('View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    await vscode().openFile('orders/duplicates.py', 6);
    const lens = page.locator('.codelens-decoration').filter({ hasText: 'notes' }).first();
    await lens.waitFor();
    assert.match(await lens.innerText(), /O\(len\(orders\)²\)\s·\s2\snotes/u);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.type('  # why?');
    await page.locator('.codelens-decoration').filter({ hasText: 'stale' }).first().waitFor();
    await vscode().screenshot('notes-lens');
    await page.locator('.codelens-decoration a').filter({ hasText: 'notes' }).first().click();
    await vscode().quickInputRows().filter({ hasText: 'bugs' }).first().waitFor();
    await vscode().screenshot('notes-lens-pick');
    await page.keyboard.press('Escape');
    await page.locator('.view-line').filter({ hasText: 'why?' }).first().click();
    while ((await page.locator('.view-line').filter({ hasText: '#' }).count()) > 0) {
      await page.keyboard.press('ControlOrMeta+Z');
    }
    await page.locator('.codelens-decoration').filter({ hasText: /2\snotes$/u }).first().waitFor();
  });

  it('do not repeat what the complexity above functions says', async () => {
    const { page } = vscode();
    await vscode().runCommand('Stepwise: Show or Hide Complexity Above Functions');
    const lens = page.locator('.codelens-decoration').filter({ hasText: /O\(.+time.+\|\s?2\snotes$/u }).first();
    await lens.waitFor();
    await vscode().screenshot('notes-lens-complexity');
    await vscode().runCommand('Stepwise: Show or Hide Complexity Above Functions');
    await page.locator('.codelens-decoration').filter({ hasText: /^O\(len\(orders\)²\)\s·\s2\snotes$/u }).first().waitFor();
  });

  it('are compared two at a time, and opened as Markdown', async () => {
    const { page } = vscode();
    await row('moving_average').click();
    await page.locator('.tab').filter({ hasText: 'Reasoning: moving_average' }).waitFor();
    await row('ways_to_pack').click({ modifiers: ['ControlOrMeta'] });
    await vscode().chooseInContextMenu(row('ways_to_pack'), 'Compare Notes');
    const panel = await vscode().webview('.compared');
    assert.equal(await panel.locator('.compared').count(), 2);
    await vscode().screenshot('notes-compare');
    await row('findProduct').click();
    await again(async () => {
      await row('moving_average').hover();
      await row('moving_average').getByRole('button', { name: 'Open Note as Markdown' }).click();
    }, page.locator('.tab.active').filter({ hasText: 'moving-average.md' }));
  });

  it('are renamed and deleted by keyboard, after a question', async () => {
    const { page } = vscode();
    await row('Why are orders').click();
    await page.keyboard.press('F2');
    await page.locator('.quick-input-widget input.input').first().waitFor();
    await page.keyboard.type('find-product');
    await page.locator('.quick-input-message').filter({ hasText: 'already' }).waitFor();
    await page.locator('.quick-input-widget input.input').first().fill('two-shapes');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await row('Why are orders').click({ button: 'right' });
    await vscode().screenshot('notes-menu');
    await page.keyboard.press('Escape');
    assert.deepEqual((await noteFiles()).filter((name) => name.includes('two-shapes')), ['two-shapes.md']);
    const dialog = page.locator('.monaco-dialog-box');
    await again(async () => {
      await row('Why are orders').click();
      await page.keyboard.press('Delete');
    }, dialog.filter({ hasText: 'two-shapes.md' }));
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    // The machine that serves this window has no trash, which is asked about once more.
    await dialog.getByRole('button', { name: 'Delete for Good' }).click();
    await row('Why are orders').waitFor({ state: 'hidden' });
    assert.equal(existsSync(path.join(vscode().folder, '.reasoning', 'two-shapes.md')), false);
  });

  it('can be asked again about the code as it is now', async () => {
    const before = (await noteFiles()).length;
    await again(async () => {
      await row('ways_to_pack').hover();
      await row('ways_to_pack').getByRole('button', { name: 'Ask Again' }).click();
    }, vscode().page.locator('.tab').filter({ hasText: 'Reasoning: ways_to_pack' }));
    await vscode().waitForNote((text) => /^result: answered$/mu.test(text) && text.includes('+ 0 + '));
    assert.equal((await noteFiles()).length, before + 1);
    await row('forecast.py').filter({ hasText: '3 notes' }).waitFor();
    await vscode().screenshot('notes-again');
  });
});

describe('The first note in a git repository', () => {
  const vscode = useVSCode();

  it('brings one question: whether git is to ignore the notes', async () => {
    const { page, folder } = vscode();
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    git('init', '-q');
    const shared = await readFile(path.join(folder, '.gitignore'), 'utf8');
    const ask = async (): Promise<void> => {
      await vscode().openFile('orders/duplicates.py', 7);
      await vscode().runCommand('Stepwise: Reason About Selection');
      await vscode().quickInputRows().filter({ hasText: 'Time and space complexity' }).first().click();
    };
    await ask();
    const question = page.locator('.notification-toast').filter({ hasText: 'Shall git ignore them?' });
    await page.locator('.codelens-decoration').filter({ hasText: /1\snote/u }).first().waitFor();
    // Where it can be pressed, it has arrived.
    await question.getByRole('button', { name: 'Ignore for Me' }).hover();
    await vscode().screenshot('notes-offer');
    await question.getByRole('button', { name: 'Ignore for Me' }).click();
    await page.locator('.notification-toast').filter({ hasText: '.git/info/exclude' }).waitFor();
    assert.match(await readFile(path.join(folder, '.git', 'info', 'exclude'), 'utf8'), /\n\/\.reasoning\/\n$/u);
    assert.doesNotMatch(git('status', '--porcelain', '--untracked-files=all'), /\.reasoning/u);
    assert.equal(await readFile(path.join(folder, '.gitignore'), 'utf8'), shared);
  });
});
