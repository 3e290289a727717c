import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoteEntry, NoteFilter } from '../../../src/app/noteIndex';
import { NoteIndex, fits, groupNotes, noFilter, showsAll } from '../../../src/app/noteIndex';
import type { NoteSummary } from '../../../src/transcript/frontMatter';

const now = new Date(2026, 10, 21, 12).getTime();

function entry(name: string, more: Partial<NoteSummary> = {}, sources = more.source === undefined ? [] : [`file:///w/${more.source}`]): NoteEntry {
  const summary: NoteSummary = { version: 1, question: name, date: now, task: 'complexity', model: 'm', provider: 'built-in', steps: 1, result: 'answered', ...more };
  return { uri: `file:///w/.reasoning/${name}.md`, folder: 'file:///w', summary, sources };
}

const names = (entries: readonly NoteEntry[]): readonly string[] => entries.map(({ summary }) => summary.question);

describe('NoteIndex', () => {
  it('finds notes by the file that they are about, the newest first', () => {
    const index = new NoteIndex();
    index.put(entry('old', { source: 'a.py', date: 1 }));
    index.put(entry('new', { source: 'a.py', date: 2 }));
    index.put(entry('other', { source: 'b.py', date: 3 }));
    index.put(entry('none', { date: 4 }));
    expect(names(index.about('file:///w/a.py'))).toEqual(['new', 'old']);
    expect(names(index.all())).toEqual(['none', 'other', 'new', 'old']);
    expect([...index.sources()]).toEqual(['file:///w/a.py', 'file:///w/b.py']);
  });

  it('forgets what a note was about when it changes or goes', () => {
    const index = new NoteIndex();
    index.put(entry('one', { source: 'a.py' }));
    index.put(entry('one', { source: 'b.py' }));
    expect(index.isSource('file:///w/a.py')).toBe(false);
    expect(names(index.about('file:///w/b.py'))).toEqual(['one']);
    expect(index.remove('file:///w/.reasoning/one.md')).toBe(true);
    expect(index.remove('file:///w/.reasoning/one.md')).toBe(false);
    expect([index.size, index.isSource('file:///w/b.py')]).toEqual([0, false]);
  });

  it('knows the notes of a folder and not those of one whose name begins alike', () => {
    const index = new NoteIndex();
    index.put(entry('one'));
    index.put({ ...entry('two'), uri: 'file:///w/.reasoning-old/two.md' });
    expect(index.within('file:///w/.reasoning')).toEqual(['file:///w/.reasoning/one.md']);
  });

  it('takes in thousands of notes in no time', () => {
    const index = new NoteIndex();
    const begun = performance.now();
    for (let number = 0; number < 20_000; number += 1) {
      index.put(entry(`note ${String(number)}`, { source: `src/file${String(number % 50)}.py`, date: number }));
    }
    for (let number = 0; number < 20_000; number += 1) {
      index.put(entry(`note ${String(number)}`, { source: `src/file${String(number % 40)}.py`, date: number }));
    }
    expect(index.about('file:///w/src/file7.py')).toHaveLength(500);
    expect(groupNotes(index.all(), 'file', now)).toHaveLength(40);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('groupNotes', () => {
  it('puts notes under their files, by path, and questions about none at the end', () => {
    const groups = groupNotes([entry('q'), entry('b', { source: 'src/b.py' }), entry('A1', { source: 'src/A.py', date: 1 }), entry('A2', { source: 'src/A.py', date: 2 })], 'file', now);
    expect(groups.map(({ heading, notes }) => [heading.type === 'file' ? heading.path : heading.type, names(notes)])).toEqual([
      ['src/A.py', ['A2', 'A1']],
      ['src/b.py', ['b']],
      ['no-file', ['q']],
    ]);
  });

  it('parts files of the same path in two folders', () => {
    const other = { ...entry('two', { source: 'a.py' }, ['file:///v/a.py']), uri: 'file:///v/.reasoning/two.md', folder: 'file:///v' };
    const groups = groupNotes([entry('one', { source: 'a.py' }), other], 'file', now);
    expect(groups.map(({ heading }) => (heading.type === 'file' ? heading.uri : ''))).toEqual(['file:///v/a.py', 'file:///w/a.py']);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(2);
  });

  describe('by date', () => {
    const zone = process.env.TZ;
    beforeEach(() => {
      process.env.TZ = 'Europe/Berlin';
    });
    afterEach(() => {
      if (zone === undefined) {
        delete process.env.TZ;
      } else {
        process.env.TZ = zone;
      }
    });

    it('goes by the days of the calendar, also over a change of the clock', () => {
      const noon = new Date(2026, 9, 26, 12).getTime();
      const at = (month: number, day: number, hour = 12): Partial<NoteSummary> => ({ date: new Date(2026, month, day, hour).getTime() });
      const groups = groupNotes([
        entry('this morning', at(9, 26, 0)), entry('late', at(9, 25, 23)), entry('early', at(9, 25, 0)), entry('before', at(9, 24, 23)),
        entry('a week', at(9, 19, 0)), entry('more', at(9, 18, 23)), entry('month', at(8, 26, 0)), entry('september', at(8, 25, 23)), entry('august', at(7, 1)),
      ], 'date', noon);
      expect(groups.map(({ heading, notes }) => [heading.type === 'days' ? heading.days : heading.type === 'month' ? heading.month : '', names(notes)])).toEqual([
        ['today', ['this morning']],
        ['yesterday', ['late', 'early']],
        ['last-7', ['before', 'a week']],
        ['last-30', ['more', 'month']],
        [8, ['september']],
        [7, ['august']],
      ]);
    });
  });
});

describe('fits', () => {
  const filter = (more: Partial<NoteFilter>): NoteFilter => ({ ...noFilter, ...more });
  const { summary } = entry('one', { task: 'bugs', result: 'limit', verdict: 'disagrees' });

  it('shows all without a filter', () => {
    expect(showsAll(noFilter)).toBe(true);
    expect(fits(noFilter, summary, undefined)).toBe(true);
  });

  it('takes any value of a list, and something of each list', () => {
    expect(fits(filter({ tasks: ['complexity', 'bugs'] }), summary, undefined)).toBe(true);
    expect(fits(filter({ tasks: ['complexity'] }), summary, undefined)).toBe(false);
    expect(fits(filter({ results: ['limit'] }), summary, undefined)).toBe(true);
    expect(fits(filter({ results: ['answered', 'disagrees'] }), summary, undefined)).toBe(true);
    expect(fits(filter({ results: ['answered', 'agrees'] }), summary, undefined)).toBe(false);
    expect(fits(filter({ tasks: ['bugs'], results: ['failed'] }), summary, 'stale')).toBe(false);
    expect(fits(filter({ tasks: ['bugs'], states: ['stale', 'gone'] }), summary, 'stale')).toBe(true);
    expect(fits(filter({ states: ['stale'] }), summary, undefined)).toBe(false);
  });
});
