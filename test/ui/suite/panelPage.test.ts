import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../../src/core/events';
import type { PanelRequest } from '../../../src/webview/protocol';
import type { OpenPanel } from '../../support/panelHarness.mjs';
import { themeNames } from '../../support/panelThemes.mjs';
import { panelStates, richEvents, snapshotOf } from '../../support/panelRuns';
import { runOf, sampleEvents } from '../../support/sampleRuns';
import { keepPicture, usePanelPage, violations } from '../panelPage';
import { surroundings } from '../vscode';

const events = sampleEvents();
const upTo = (type: RunEvent['type'], step = 1): readonly RunEvent[] =>
  events.slice(0, events.findIndex((event) => event.type === type && (!('step' in event) || event.step === step)) + 1);
const after = (type: RunEvent['type'], step = 1): readonly RunEvent[] => events.slice(upTo(type, step).length);
const runId = 'run-1';

describe('The page of the panel', () => {
  const harness = usePanelPage();
  let panel: OpenPanel;

  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, [], 'policy violations, errors and warnings of the page');
  });

  async function open(options: Parameters<ReturnType<typeof harness>['open']>[0] = {}): Promise<OpenPanel> {
    panel = await harness().open(options);
    return panel;
  }

  /** Opens the page with the run that the events tell so far. */
  async function openAt(list: readonly RunEvent[], options: Parameters<typeof open>[0] = {}): Promise<OpenPanel> {
    await open(options);
    await panel.post({ type: 'snapshot', snapshot: snapshotOf(runOf(list)) });
    return panel;
  }

  async function lastRequest(): Promise<PanelRequest | undefined> {
    return (await panel.requests()).at(-1);
  }

  describe('in every state', () => {
    for (const theme of themeNames) {
      for (const [state, snapshot] of [...Object.entries(panelStates()), ['loading', undefined] as const]) {
        it(`is accessible: ${state} in ${theme}`, async () => {
          await open({ theme, width: state === 'answered' ? 800 : 480 });
          if (snapshot !== undefined) {
            await panel.post({ type: 'snapshot', snapshot });
          }
          assert.deepEqual(await violations(panel), []);
          await keepPicture(panel, `panel-${state}-${theme}`);
        });
      }
    }

    it('fits into a side bar of 320 pixels', async () => {
      for (const [state, snapshot] of Object.entries(panelStates())) {
        const page = await open({ width: 320 });
        await page.post({ type: 'snapshot', snapshot });
        const tooWide = await page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(tooWide, 0, state);
        await keepPicture(page, `panel-${state}-narrow`);
        await page.close();
      }
      await open();
    });
  });

  it('is accessible with everything opened, and with its help', async () => {
    await openAt(events);
    await panel.page.keyboard.press('e');
    for (const summary of await panel.page.locator('.action summary').all()) {
      await summary.click();
    }
    await panel.page.locator('.observation-text').first().waitFor();
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-opened');
    await panel.page.keyboard.press('?');
    assert.equal(await panel.page.getByRole('dialog').isVisible(), true);
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-help');
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.getByRole('dialog').isVisible(), false);
  });

  it('shows a run as it happens: the thought live, steps folded when they are over, then the answer', async () => {
    await openAt(upTo('step-start'));
    assert.match(await panel.page.locator('.status').innerText(), /Step 1 of at most 5 · thinking/);
    await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'Two nested **loo' }] });
    assert.equal((await panel.page.locator('.thought').innerText()).trim(), 'Two nested **loo');
    await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'ps** here' }] });
    assert.equal(await panel.page.locator('.thought strong').innerText(), 'loops');
    await panel.post({ type: 'events', runId, events: after('thought-delta').filter((event) => !('step' in event) || event.step === 1).filter(({ type }) => type !== 'run-end' && type !== 'verdict') });
    const header = panel.page.locator('#step-1 .step-header');
    assert.equal(await header.getAttribute('aria-expanded'), 'false');
    assert.match(await header.innerText(), /1\. There are two nested loops over items\.[^]*analyze_complexity[^]*src\/pairs\.py · pairs[^]*0\.84 s · 876 tokens/);
    assert.match((await header.locator('.tool').first().getAttribute('title')) ?? '', /analyze_complexity\npath: src\/pairs\.py\nsymbol: pairs/);
    await panel.post({ type: 'events', runId, events: after('step-end') });
    assert.match(await panel.page.locator('.status').innerText(), /Answered · 4\.35 s/);
    assert.match(await panel.page.locator('.verdict').innerText(), /Checked[^]*O\(len\(items\)²\)/);
    assert.equal(await panel.page.locator('.answer-text table').count(), 1);
    assert.equal(await panel.page.getByRole('img', { name: /Thinking time of each step: 1: 0\.84 s, 2: 1\.31 s/ }).count(), 1);
    assert.equal(await panel.page.getByRole('img', { name: /Curves of growth: claimed: O\(n²\)/ }).count(), 1);
  });

  it('renders an answer in pieces as it renders it whole', async () => {
    const blocks = [
      '## One', 'para *with*\nlines', '- a\n- b\n\n  more of b\n  ```js\n  let x;\n  ```', '1. one\n2. two', '| a | b |\n| - | :-: |\n| 1 | 2 |', '```python\nx = 1\n\n# no heading\n```', '#### Four',
      '> quoted\nlazy\n\n> again', '$$\nn^2\n$$', 'see [there][t] and `a.py:3`', '    indented\n\n    code', 'Title\n=====', '***', 'a  \nb', '[t]: https://example.org', '~~~\n```\n~~~',
    ];
    const whole = (): Promise<string> => panel.page.locator('.answer-text').evaluate((place) => {
      const copy = place.cloneNode(true) as Element;
      // How the page groups blocks is not what it shows.
      copy.querySelectorAll('.markdown-part').forEach((part) => part.replaceWith(...part.childNodes));
      copy.normalize();
      return copy.innerHTML;
    });
    const [start, step] = events;
    const end = events.at(-1);
    assert.ok(start !== undefined && step !== undefined && end?.type === 'run-end');
    for (const [order, answer] of [blocks.join('\n\n'), blocks.toReversed().join('\n\n'), `${blocks.join('\n\n')}\n\n`.repeat(12)].entries()) {
      const page = await openAt([start, step, { ...end, answer }]);
      await page.page.waitForFunction((count) => document.querySelectorAll('.answer-text table').length === count, order === 2 ? 12 : 1);
      const expected = await whole();
      await page.close();
      await openAt([start, step]);
      // Pieces of changing lengths, a frame or more apart, so that every kind of block is cut somewhere.
      for (let at = 0, length = 1; at < answer.length; at += length, length = (length * 7 + 3) % (order === 2 ? 211 : 23) + 1) {
        await panel.page.evaluate(async (message) => {
          window.postMessage(message, '*');
          await new Promise((resolve) => requestAnimationFrame(resolve));
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }, { type: 'events', runId, events: [{ type: 'answer-delta', step: 1, text: answer.slice(at, at + length) }] });
      }
      await panel.post({ type: 'events', runId, events: [{ ...end, answer }] });
      await panel.page.waitForFunction((count) => document.querySelectorAll('.answer-text table').length === count, order === 2 ? 12 : 1);
      assert.equal(await whole(), expected, `order ${String(order)}`);
      if (order < 2) {
        await panel.close();
      }
    }
  });

  it('tells screen readers of steps and of the end, never of tokens', async () => {
    await openAt(upTo('run-start'));
    const status = panel.page.getByRole('status');
    assert.equal(await status.count(), 1);
    assert.equal(await panel.page.locator('[aria-live]').count(), 1);
    await panel.post({ type: 'events', runId, events: after('run-start').slice(0, 3) });
    assert.equal(await status.innerText(), 'Step 1 begins.');
    await panel.post({ type: 'events', runId, events: after('limits') });
    assert.equal(await status.innerText(), 'The run has ended: Answered.');
  });

  it('counts down while it waits', async () => {
    await openAt(upTo('step-start', 2));
    const reason = { code: 'rate-limited', message: 'The limit per minute is used up.' } as const;
    await panel.post({ type: 'events', runId, events: [{ type: 'wait', step: 2, waitMs: 9000, attempt: 2, reason }] });
    const wait = panel.page.locator('.wait:visible');
    assert.match(await wait.innerText(), /^Going on in 9 s\. The limit per minute is used up\.$/);
    await panel.page.waitForFunction(() => /in [5-8] s/.test(document.querySelector('.wait:not([hidden])')?.textContent ?? ''));
    await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 2, text: 'On.' }] });
    assert.equal(await wait.count(), 0);
  });

  it('begins a reply anew that broke off', async () => {
    await openAt(upTo('step-start'));
    await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'First try' }] });
    await panel.post({ type: 'events', runId, events: [{ type: 'step-reset', step: 1 }, { type: 'thought-delta', step: 1, text: 'Second' }] });
    assert.equal((await panel.page.locator('.thought').innerText()).trim(), 'Second');
  });

  it('marks the step in which a run was stopped or failed, and says so', async () => {
    const end = events.at(-1);
    assert.ok(end?.type === 'run-end');
    for (const [outcome, name] of [['cancelled', 'Stopped'], ['failed', 'Failed']] as const) {
      await openAt(upTo('step-start'));
      await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'Half a' }] });
      assert.match(await panel.page.locator('.step-title').innerText(), /^1\. Thinking$/);
      await panel.post({ type: 'events', runId, events: [{ ...end, outcome, answer: '' }] });
      assert.equal(await panel.page.locator('.step-title').innerText(), `1. ${name}`);
      assert.equal(await panel.page.locator('.step .marker .codicon-check, .step.is-thinking').count(), 0);
      if (outcome === 'cancelled') {
        await panel.close();
      }
    }
  });

  it('drops the events of another run', async () => {
    await openAt(upTo('step-start'));
    await panel.post({ type: 'events', runId: 'other', events: [{ type: 'thought-delta', step: 1, text: 'Not mine' }] });
    assert.equal((await panel.page.locator('.thought').innerText()).includes('Not mine'), false);
  });

  it('follows the end until a person scrolls away, and returns to it', async () => {
    await openAt(upTo('step-start'), { height: 500 });
    const grow = (): Promise<void> => panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'A line of thought.\n\n'.repeat(40) }] });
    const distance = (): Promise<number> =>
      panel.page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.scrollTop - document.documentElement.clientHeight);
    await grow();
    assert.ok((await distance()) < 5, 'follows');
    assert.equal(await panel.page.locator('.to-end').isVisible(), false);
    await panel.page.mouse.move(300, 300);
    await panel.page.mouse.wheel(0, -400);
    await panel.page.locator('.to-end').waitFor();
    const away = await panel.page.evaluate(() => document.documentElement.scrollTop);
    await grow();
    assert.equal(await panel.page.evaluate(() => document.documentElement.scrollTop), away, 'stays');
    await panel.page.locator('.to-end').click();
    assert.ok((await distance()) < 5, 'returns');
    await grow();
    assert.ok((await distance()) < 5, 'follows again');
  });

  it('shows the answer from its beginning when the run that was followed ends', async () => {
    for (const height of [420, 700, 2000]) {
      await openAt(upTo('step-start'), { height });
      await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'A line of thought.\n\n'.repeat(40) }] });
      await panel.post({ type: 'events', runId, events: after('step-start') });
      await panel.page.locator('.totals').waitFor();
      // A long answer is drawn over several frames.
      await panel.page.waitForFunction(() => document.querySelector('.answer')!.getBoundingClientRect().top > 0);
      const [head, title, end, foot] = await panel.page.evaluate(() => {
        const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
        return [box('header').bottom, box('.answer').top, box('.answer').bottom, box('.foot').top] as const;
      });
      assert.ok(title >= head, `in ${String(height)} px the answer begins below the head: ${String(title)}, ${String(head)}`);
      assert.ok(end <= foot || title < head + 40, `in ${String(height)} px as much of it as there is room for is shown: ${String(end)}, ${String(foot)}, ${String(title)}`);
      await panel.close();
    }
    await openAt(events);
  });

  it('shows the answer of a run that was over before the page was there, but the top of an older one', async () => {
    const ended = runOf(richEvents());
    await open({ height: 420 });
    await panel.post({ type: 'snapshot', snapshot: snapshotOf({ ...ended, endedAt: Date.now() }) });
    await panel.page.waitForFunction(() => {
      const { top } = document.querySelector('.answer')!.getBoundingClientRect();
      return document.documentElement.scrollTop > 0 && top > 0 && top < 420;
    });
    await panel.post({ type: 'snapshot', snapshot: snapshotOf({ ...ended, id: 'older' }) });
    assert.equal(await panel.page.evaluate(() => document.documentElement.scrollTop), 0);
  });

  it('stays where a person is who scrolled away when the run ends', async () => {
    await openAt(upTo('step-start'), { height: 420 });
    await panel.post({ type: 'events', runId, events: [{ type: 'thought-delta', step: 1, text: 'A line of thought.\n\n'.repeat(40) }] });
    await panel.page.mouse.move(300, 300);
    await panel.page.mouse.wheel(0, -100_000);
    await panel.page.locator('.to-end').waitFor();
    await panel.post({ type: 'events', runId, events: after('step-start') });
    await panel.page.locator('.totals').waitFor();
    assert.equal(await panel.page.evaluate(() => document.documentElement.scrollTop), 0);
  });

  it('asks the host for what is pressed', async () => {
    await openAt(upTo('step-start'));
    await panel.page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(await lastRequest(), { type: 'stop', runId });
    await panel.page.getByRole('button', { name: 'Pause before the next step' }).click();
    assert.deepEqual(await lastRequest(), { type: 'pause', runId, paused: true });
    await panel.post({ type: 'paused', runId, paused: true });
    await panel.page.getByRole('button', { name: 'Go on' }).click();
    assert.deepEqual(await lastRequest(), { type: 'pause', runId, paused: false });
    await panel.post({ type: 'snapshot', snapshot: snapshotOf(runOf(richEvents())) });
    await panel.page.getByRole('button', { name: 'pairs', exact: true }).click();
    assert.deepEqual(await lastRequest(), { type: 'open-source', path: 'src/pairs.py', range: { startLine: 1, endLine: 7 } });
    await panel.page.getByRole('link', { name: 'src/pairs.py:4-6' }).click();
    assert.deepEqual(await lastRequest(), { type: 'open-source', path: 'src/pairs.py', range: { startLine: 4, endLine: 6 } });
    await panel.page.getByRole('link', { name: 'lines 3–4' }).press('Enter');
    assert.deepEqual(await lastRequest(), { type: 'open-source', path: 'src/pairs.py', range: { startLine: 3, endLine: 4 } });
    await panel.page.getByRole('button', { name: 'Open Note' }).click();
    assert.deepEqual(await lastRequest(), { type: 'open-note', runId });
    await panel.page.getByRole('button', { name: 'Copy code' }).click();
    const copied = await lastRequest();
    assert.ok(copied?.type === 'copy' && copied.text.startsWith('def pairs(items):\n    seen'));
    await panel.page.getByRole('button', { name: 'Go Deeper' }).click();
    assert.deepEqual(await lastRequest(), { type: 'go-deeper', runId });
    await panel.page.getByRole('textbox').fill('And with a set?');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastRequest(), { type: 'follow-up', runId, text: 'And with a set?' });
    assert.equal(await panel.page.getByRole('textbox').inputValue(), '');
  });

  it('goes on from a step, as it is, with another model, or as a person edits it', async () => {
    await openAt(events);
    const step = panel.page.locator('#step-1');
    await step.locator('.step-header').click();
    await step.getByRole('button', { name: 'Go On from Here' }).click();
    assert.deepEqual(await lastRequest(), { type: 'fork', runId, step: 1, otherModel: false });
    await step.getByRole('button', { name: 'With Another Model' }).click();
    assert.deepEqual(await lastRequest(), { type: 'fork', runId, step: 1, otherModel: true });
    await step.getByRole('button', { name: 'Edit and Go On' }).click();
    await step.getByLabel('Thought').fill('There are three loops.');
    await step.getByLabel('Observation of find_references').fill('One reference.');
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-edit-step');
    await step.getByRole('button', { name: 'Go On', exact: true }).click();
    const request = await lastRequest();
    assert.ok(request?.type === 'fork' && request.edited !== undefined);
    assert.equal(request.edited.thought, 'There are three loops.');
    assert.match(request.edited.observations[0] ?? '', /^pairs\(items\): time/);
    assert.equal(request.edited.observations[1], 'One reference.');
    assert.equal(await step.getByRole('button', { name: 'Edit and Go On' }).isVisible(), true);
  });

  it('shows two runs side by side', async () => {
    await open({ width: 1100 });
    await panel.post({ type: 'snapshot', snapshot: panelStates().compared! });
    const columns = panel.page.locator('.compared');
    assert.deepEqual(await columns.locator('h2').allInnerTexts(), ['GPT OSS 120B (Groq)', 'Built-in analyzer']);
    const [first, second] = await Promise.all([columns.nth(0).boundingBox(), columns.nth(1).boundingBox()]);
    assert.equal(first?.y, second?.y);
    const steps = columns.nth(1).locator('.compared-steps > li');
    assert.deepEqual(await steps.evaluateAll((entries) => entries.map((entry) => entry.getAttribute('class'))), ['', 'is-different']);
    const row = (name: string): Promise<string[]> => panel.page.locator('.compared-facts tbody tr').filter({ has: panel.page.getByRole('rowheader', { name, exact: true }) }).locator('td').allInnerTexts();
    assert.deepEqual(await row('Time in all'), ['4.35 s', '1.24 s −71 %']);
    assert.deepEqual(await row('Claimed'), ['O(n²)', 'O(n²)']);
    const marked = (index: number): Promise<string[]> => columns.nth(index).locator('.answer-text .is-different').allInnerTexts();
    assert.deepEqual(await marked(1), ['The function pairs takes O(n²) time: two loops over the same list.', 'So does the inner one.']);
    assert.equal(await columns.nth(1).locator('h3').nth(1).innerText(), 'Answer · 2 passages only here');
    assert.equal((await marked(0)).some((text) => text.startsWith('The outer loop')), false, 'what both say is not marked');
    await keepPicture(panel, 'panel-compared-wide');
    await steps.nth(1).locator('summary').focus();
    await panel.page.keyboard.press('Enter');
    await steps.nth(1).getByText('So the product of both loops counts.').waitFor();
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-compared-opened');
    await columns.nth(1).getByRole('button', { name: 'Show This Run' }).click();
    assert.deepEqual(await lastRequest(), { type: 'show-run', runId: 'run-2' });
    await panel.page.getByRole('button', { name: 'Close Comparison' }).click();
    assert.deepEqual(await lastRequest(), { type: 'show-run', runId });
    const before = (await panel.requests()).length;
    await panel.page.keyboard.press('Escape');
    assert.equal((await panel.requests()).length, before + 1);
    assert.deepEqual(await lastRequest(), { type: 'show-run', runId });
    await panel.post({ type: 'snapshot', snapshot: { ...panelStates().compared!, nextModel: 'Another' } });
    assert.equal(await steps.nth(1).locator('details').getAttribute('open'), '', 'what was opened stays');
  });

  it('begins at the top of another run, with the focus there where the page had it', async () => {
    const tag = (): Promise<string | undefined> => panel.page.evaluate(() => document.activeElement?.tagName);
    const top = (): Promise<number> => panel.page.evaluate(() => document.documentElement.scrollTop);
    await openAt(richEvents(), { height: 400 });
    await panel.page.evaluate(() => {
      document.documentElement.scrollTop = 500;
    });
    await panel.post({ type: 'snapshot', snapshot: panelStates().compared! });
    assert.equal(await top(), 0);
    assert.equal(await tag(), 'BODY', 'nobody was in the page');
    await panel.post({ type: 'snapshot', snapshot: snapshotOf(runOf(richEvents())) });
    // Give or take a line or two: what is not in sight yet has only about its height.
    assert.ok(Math.abs((await top()) - 500) < 60, 'the way back leads to where one was');
    await panel.page.getByRole('button', { name: 'Compare' }).focus();
    await panel.post({ type: 'snapshot', snapshot: snapshotOf({ ...runOf(richEvents()), id: 'next' }) });
    assert.equal(await tag(), 'H1');
    assert.equal(await top(), 0);
  });

  it('tells two runs of one model apart', async () => {
    await open();
    const first = runOf(richEvents());
    for (const [startedAt, expected] of [
      [first.startedAt + 90_000, [/GPT OSS 120B \(Groq\) · .*26/, /GPT OSS 120B \(Groq\) · .*28/]],
      [first.startedAt + 1000, [/:53/, /:54/]],
      [first.startedAt, [/^1 · GPT/, /^2 · GPT/]],
    ] as const) {
      await panel.post({ type: 'snapshot', snapshot: snapshotOf(first, { comparedRun: { ...first, id: `other-${String(startedAt)}`, startedAt } }) });
      const names = await panel.page.locator('.compared h2').allInnerTexts();
      expected.forEach((pattern, index) => assert.match(names[index] ?? '', pattern));
      assert.deepEqual(await violations(panel), []);
    }
  });

  it('offers to export, as a page or as JSON', async () => {
    await openAt(events);
    await panel.page.locator('.answer .menu summary').click();
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-export-open');
    await panel.page.getByRole('button', { name: /^HTML page/ }).click();
    assert.deepEqual(await lastRequest(), { type: 'export', runId, format: 'html' });
    assert.equal(await panel.page.getByRole('button', { name: /^HTML page/ }).isVisible(), false, 'the menu closes');
    await panel.page.locator('.answer .menu summary').focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastRequest(), { type: 'export', runId, format: 'json' });
  });

  it('asks to compare, and shows why it could not', async () => {
    const error = { code: 'not-found', message: 'This run is no longer kept.' };
    await openAt(events, { replies: { compare: { error } } });
    await panel.page.getByRole('button', { name: 'Compare' }).click();
    assert.deepEqual(await lastRequest(), { type: 'compare', runId });
    await panel.page.getByText('This run is no longer kept.').waitFor();
    await panel.post({ type: 'snapshot', snapshot: panelStates().compared! });
    await panel.post({ type: 'reply', id: 999, error: { code: 'not-found', message: 'Gone too.' } });
    assert.equal(await panel.page.getByText('Gone too.').isVisible(), true);
  });

  it('shows the runs that came from each other as a tree, and goes to one', async () => {
    await open();
    const state = panelStates().branches!;
    await panel.post({ type: 'snapshot', snapshot: state });
    const button = panel.page.locator('.about .menu summary');
    assert.equal((await button.innerText()).trim(), 'From step 1, edited · 4 runs');
    await button.focus();
    await panel.page.keyboard.press('Enter');
    const entries = panel.page.locator('.about .menu-entry');
    assert.deepEqual(await entries.locator('.menu-title').allInnerTexts(), ['Original', 'From step 1, edited', 'Follow-up: And how much memory does it need in the worst case?', 'Deeper']);
    assert.equal(await panel.page.locator('.about [aria-current]').innerText().then((text) => text.split('\n')[0]), 'From step 1, edited');
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-branches-open');
    const [first, ...others] = state.recent;
    await panel.post({ type: 'recent', recent: [{ ...first!, outcome: 'answered' }, ...others] });
    assert.equal(await entries.first().isVisible(), true, 'an open menu stays');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastRequest(), { type: 'show-run', runId: 'run-1' });
    await panel.page.keyboard.press('b');
    assert.match(await entries.nth(2).innerText(), /Answered/);
    await panel.page.keyboard.press('Escape');
    assert.equal(await entries.first().isVisible(), false);
  });

  it('tells the steps that a run took over from another', async () => {
    const [start] = events;
    assert.ok(start?.type === 'run-start');
    const earlierSteps = [{ title: 'x', thought: 'x', actions: [] }];
    await openAt([{ ...start, request: { ...start.request, earlierSteps } }, ...events.slice(1)]);
    assert.deepEqual(await panel.page.locator('.step-header > .facts').allInnerTexts(), ['taken over', '1.31 s · 1190 tokens']);
  });

  it('offers what mends an error', async () => {
    await open();
    await panel.post({ type: 'snapshot', snapshot: panelStates().failed! });
    assert.match(await panel.page.locator('.problem').innerText(), /does not know the model[^]*openai\/gpt-oss-120b/);
    await panel.page.locator('.problem').getByRole('button', { name: 'Choose Model' }).click();
    assert.deepEqual(await lastRequest(), { type: 'remedy', runId, remedy: 'choose-model' });
  });

  it('shows an error of something that was pressed', async () => {
    const error = { code: 'not-found', message: 'There is no file src/pairs.py any more.' };
    await openAt(events, { replies: { 'open-source': { error } } });
    await panel.page.getByRole('button', { name: 'pairs', exact: true }).click();
    await panel.page.getByText('There is no file src/pairs.py any more.').waitFor();
    assert.deepEqual(await violations(panel), []);
  });

  it('marks citations of places that do not exist', async () => {
    await openAt(richEvents(), { replies: { 'check-citations': { value: ['found', 'found', 'no-lines', 'no-file'] } } });
    const wrong = panel.page.locator('.citation.is-wrong');
    await wrong.first().waitFor();
    assert.deepEqual(await wrong.evaluateAll((links) => links.map((link) => link.getAttribute('title'))), ['src/pairs.py has fewer lines.', 'There is no file missing/file.py in the workspace.']);
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-wrong-citations');
  });

  it('goes by keyboard', async () => {
    await openAt(events);
    const focused = (): Promise<string> => panel.page.evaluate(() => document.activeElement?.closest('.step')?.id ?? document.activeElement?.id ?? document.activeElement?.tagName ?? '');
    await panel.page.keyboard.press('j');
    assert.equal(await focused(), 'step-1');
    await panel.page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'step-2');
    await panel.page.keyboard.press('k');
    await panel.page.keyboard.press('Enter');
    assert.equal(await panel.page.locator('#step-1 .step-header').getAttribute('aria-expanded'), 'true');
    await panel.page.keyboard.press('a');
    assert.equal(await focused(), 'answer-title');
    await panel.page.keyboard.press('c');
    assert.equal((await lastRequest())?.type, 'copy');
    await panel.page.keyboard.press('n');
    assert.deepEqual(await lastRequest(), { type: 'open-note', runId });
    await panel.page.keyboard.press('v');
    assert.deepEqual(await lastRequest(), { type: 'compare', runId });
    await panel.page.keyboard.press('x');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastRequest(), { type: 'export', runId, format: 'html' });
    await panel.page.keyboard.press('b');
    assert.equal(await panel.page.locator('details[open]').count(), 0, 'there are no branches');
    await panel.page.keyboard.press('f');
    await panel.page.keyboard.type('just a question');
    assert.equal(await panel.page.getByRole('textbox').inputValue(), 'just a question');
  });

  it('keeps what a person did when the same run is shown anew', async () => {
    await openAt(events);
    await panel.page.locator('#step-1 .step-header').click();
    await panel.page.getByRole('textbox').fill('half a quest');
    await panel.post({ type: 'snapshot', snapshot: snapshotOf(runOf(events), { nextModel: 'Another' }) });
    assert.equal(await panel.page.locator('#step-1 .step-header').getAttribute('aria-expanded'), 'true');
    assert.equal(await panel.page.getByRole('textbox').inputValue(), 'half a quest');
  });

  it('puts in nothing as markup and loads nothing, whatever models and tools write', async () => {
    const hostile = [
      '<img src="http://127.0.0.1:1/x.png" onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>', '![x](http://127.0.0.1:1/y.png)', '[a](javascript:document.title=1)',
      '[b](command:workbench.action.quit)', '<iframe src="https://example.org"></iframe>', '$\\href{javascript:alert(1)}{x} \\includegraphics{http://127.0.0.1:1/z.png}$', '[c](data:text/html,x)', '```html\n<script>1</script>\n```',
      '<style>body{display:none}</style>', '$\\htmlStyle{position:fixed}{x}$',
    ].join('\n\n');
    const bad = '<b onmouseover=alert(1)>x</b>';
    await openAt(events.map((event): RunEvent => {
      switch (event.type) {
        case 'run-start':
          return { ...event, request: { ...event.request, question: bad }, model: { ...event.model, label: bad } };
        case 'thought-end':
          return { ...event, title: bad, thought: hostile };
        case 'action-start':
          return { ...event, tool: bad, summary: bad, args: { [bad]: bad } };
        case 'action-end':
          return { ...event, observation: hostile, references: [{ path: bad }] };
        case 'run-end':
          return { ...event, answer: hostile };
        default:
          return event;
      }
    }).filter(({ type }) => type !== 'answer-delta'));
    await panel.page.keyboard.press('e');
    for (const summary of await panel.page.locator('.action summary').all()) {
      await summary.click();
    }
    const found = await panel.page.evaluate(() => ({
      elements: document.querySelectorAll('img, iframe, object, embed, b, main style, main script, [onerror], [onmouseover]').length,
      links: [...new Set([...document.querySelectorAll('a')].map(({ href }) => href))],
      scripts: document.scripts.length,
      title: document.title,
    }));
    // The image has become a link that nobody needs to follow; the page's own script has gone after it ran.
    assert.deepEqual(found, { elements: 0, links: ['http://127.0.0.1:1/y.png'], scripts: 0, title: 'Stepwise' });
    assert.ok((await panel.page.locator('h1').innerText()) === bad);
  });

  it('stands still for those who want less motion', async () => {
    await openAt(upTo('thought-delta'), { reducedMotion: true });
    assert.equal(await panel.page.evaluate(() => document.getAnimations().length), 0);
  });

  it('speaks Chinese in a comparison and in its menus', async () => {
    const bundle = JSON.parse(readFileSync(path.join(surroundings.root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Record<string, string>;
    const chinese = { bundle, language: 'zh-cn' };
    await open({ width: 900 });
    await panel.post({ type: 'snapshot', snapshot: { ...panelStates().compared!, ...chinese } });
    assert.deepEqual(await panel.page.locator('.compared-facts tbody th').allInnerTexts(), ['结果', '声称', '由代码推导', '核对', '总时间', '思考', '步骤', '令牌', '标价']);
    assert.deepEqual(await violations(panel), []);
    await keepPicture(panel, 'panel-compared-chinese');
    await panel.post({ type: 'snapshot', snapshot: { ...panelStates().branches!, ...chinese } });
    await panel.page.keyboard.press('b');
    assert.match(await panel.page.locator('.about .menu-entry').nth(1).innerText(), /从第 1 步继续（已编辑）/);
    await keepPicture(panel, 'panel-branches-chinese');
  });

  it('speaks the language of the host', async () => {
    await open();
    await panel.post({ type: 'snapshot', snapshot: snapshotOf(runOf(events), { bundle: { Answer: '回答', 'Open Note': '打开笔记' }, language: 'zh-cn' }) });
    assert.equal(await panel.page.locator('#answer-title').innerText(), '回答');
    assert.equal(await panel.page.getByRole('button', { name: '打开笔记' }).count(), 1);
    assert.equal(await panel.page.evaluate(() => document.documentElement.lang), 'zh-cn');
  });
});
