import { describe, expect, it } from 'vitest';
import type { MarkedNote } from '../../../src/app/noteWording';
import { filterText, headingName, markText, noteTitle, notesByPlace, outcomeText, placeOfNote, timeAgo } from '../../../src/app/noteWording';
import { nameProblem, noteFileNameOf } from '../../../src/app/noteName';
import type { Staleness } from '../../../src/app/staleness';
import type { NoteSummary } from '../../../src/transcript/frontMatter';

const naming = { standardQuestion: (task: string) => `Standard ${task}?` };

function summary(more: Partial<NoteSummary> = {}): NoteSummary {
  return { version: 1, question: 'Standard complexity?', date: 0, task: 'complexity', model: 'm', provider: 'p', steps: 1, result: 'answered', ...more };
}

function marked(date: number, staleness: Staleness, more: Partial<NoteSummary> = {}, startLine = 5): MarkedNote {
  return { entry: { uri: `file:///${String(date)}.md`, summary: summary({ date, ...more }), sources: [] }, located: { staleness, range: { startLine, endLine: 9 } } };
}

describe('noteTitle', () => {
  it('is the question where a person wrote one', () => {
    expect(noteTitle(summary({ task: 'question', question: 'Why?' }), naming)).toBe('Why?');
    expect(noteTitle(summary({ question: 'Is this quadratic?', symbol: 'f', source: 'a.py' }), naming)).toBe('Is this quadratic?');
  });

  it('is the code where the question is that of a task', () => {
    expect(noteTitle(summary({ source: 'a.py', startLine: 3, endLine: 9, symbol: 'f', claim: 'O(n)' }), naming)).toBe('f');
    expect(noteTitle(summary({ source: 'a.py', startLine: 3, endLine: 9, task: 'bugs', question: 'Standard bugs?' }), naming)).toBe('lines 3–9: bugs');
    expect(noteTitle(summary({ source: 'a.py', startLine: 3, endLine: 9, claim: 'O(n)' }), naming, { staleness: 'moved', range: { startLine: 7, endLine: 7 } })).toBe('line 7');
    expect(noteTitle(summary(), naming)).toBe('complexity');
  });
});

describe('outcomeText', () => {
  it('tells the claim, and how a run ended that has none', () => {
    expect(outcomeText(summary({ claim: 'O(n²)', verdict: 'agrees' }))).toBe('O(n²)');
    expect(outcomeText(summary({ claim: 'O(n²)', verdict: 'disagrees' }))).toBe('O(n²), disputed');
    expect(outcomeText(summary({ result: 'failed' }))).toBe('Failed');
    expect(outcomeText(summary({ result: 'running' }))).toBe('Not finished');
    expect(outcomeText(summary())).toBe('');
  });
});

describe('placeOfNote', () => {
  it('names the lines of today, else those that were noted', () => {
    const noted = summary({ source: 'a.py', startLine: 3, endLine: 9 });
    expect(placeOfNote(noted, undefined)).toBe('a.py, lines 3–9');
    expect(placeOfNote(noted, { staleness: 'moved', range: { startLine: 13, endLine: 19 } })).toBe('a.py, lines 13–19');
    expect(placeOfNote(summary(), undefined)).toBeUndefined();
  });
});

describe('timeAgo', () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  it.each([
    [30_000, 'just now'], [minute, '1 minute ago'], [59 * minute, '59 minutes ago'], [60 * minute, '1 hour ago'], [23 * 60 * minute, '23 hours ago'],
    [day, 'yesterday'], [29 * day, '29 days ago'], [30 * day, 'last month'], [400 * day, 'last year'], [359 * day, '11 months ago'], [362 * day, 'last year'], [800 * day, '2 years ago'],
    [-5 * minute, 'just now'],
  ])('says of %d ms: %s', (ago, text) => {
    expect(timeAgo(10_000 * day, 10_000 * day + ago, 'en')).toBe(text);
  });

  it('speaks the language of the window', () => {
    expect(timeAgo(0, 3 * day, 'de')).toBe('vor 3 Tagen');
    expect(timeAgo(0, 3 * 60 * minute, 'en', 'narrow')).toBe('3h ago');
  });
});

describe('headingName', () => {
  it('names files without their folders, days and months', () => {
    expect(headingName({ type: 'file', path: 'src/a.py', uri: undefined }, 'en')).toBe('a.py');
    expect(headingName({ type: 'days', days: 'last-7' }, 'en')).toBe('Last 7 days');
    expect(headingName({ type: 'month', year: 2026, month: 2 }, 'en')).toBe('March 2026');
  });
});

describe('filterText', () => {
  it('says what is shown, and of how many', () => {
    expect(filterText({ tasks: ['bugs'], results: ['disagrees'], states: ['stale'] }, 3, 12)).toBe('Showing 3 of 12 notes: Search for bugs · Disputed · Stale');
  });
});

describe('markText', () => {
  it('tells the claim of the newest note about the code as it is, and how many there are', () => {
    expect(markText([marked(2, 'current', { claim: 'O(n²)' })], false)).toBe('O(n²) · 1 note');
    expect(markText([marked(3, 'stale', { claim: 'O(n)' }), marked(2, 'moved', { claim: 'O(n²)' })], false)).toBe('O(n²) · 2 notes');
    expect(markText([marked(3, 'current', { task: 'bugs' }), marked(2, 'stale', { claim: 'O(n²)' })], false)).toBe('O(n²) · 2 notes · stale');
    expect(markText([marked(3, 'stale', { claim: 'O(n)' }), marked(2, 'stale', { claim: 'O(n²)' })], false)).toBe('O(n) · 2 notes · stale');
  });

  it('does without a claim', () => {
    expect(markText([marked(2, 'current', { task: 'bugs' })], false)).toBe('1 note');
    expect(markText([marked(3, 'stale', { task: 'bugs' }), marked(2, 'current', { task: 'tests' })], false)).toBe('2 notes · stale');
  });

  it('does not repeat what the analysis shows above the function, unless it says something else', () => {
    expect(markText([marked(2, 'current', { claim: 'O(n²)', verdict: 'agrees' })], true)).toBe('1 note');
    expect(markText([marked(2, 'current', { claim: 'O(n²)', verdict: 'disagrees' })], true)).toBe('O(n²), disputed · 1 note');
    expect(markText([marked(2, 'stale', { claim: 'O(n²)', verdict: 'agrees' })], true)).toBe('O(n²) · 1 note · stale');
  });
});

describe('notesByPlace', () => {
  it('puts notes together that begin at the same line, the newest first, and leaves out those whose code is gone', () => {
    const gone: MarkedNote = { ...marked(9, 'gone'), located: { staleness: 'gone' } };
    const places = notesByPlace([marked(1, 'current', {}, 20), marked(2, 'current'), gone, marked(3, 'stale')]);
    expect(places.map(({ line, notes }) => [line, notes.map(({ entry }) => entry.summary.date)])).toEqual([[5, [3, 2]], [20, [1]]]);
  });
});

describe('names of notes', () => {
  it('end with .md, once', () => {
    expect(noteFileNameOf(' why-quadratic ')).toBe('why-quadratic.md');
    expect(noteFileNameOf('why.MD')).toBe('why.MD');
    expect(noteFileNameOf('notes.txt')).toBe('notes.txt.md');
  });

  it('are legal on every system', () => {
    for (const good of ['a', 'why-quadratic.md', '为什么-慢', 'a.b', 'x'.repeat(252)]) {
      expect(nameProblem(good), good).toBeUndefined();
    }
    for (const bad of ['', '  ', '.md', 'md/', '../a', 'a/b', 'a\\b', 'a:b', 'what?', 'con', 'NUL.md', '.hidden', 'x'.repeat(253), 'a\nb']) {
      expect(nameProblem(bad), JSON.stringify(bad)).toBeDefined();
    }
  });
});
