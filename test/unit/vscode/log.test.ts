import { describe, expect, it } from 'vitest';
import { StepwiseError } from '../../../src/core/errors';
import { createLog, describeCause, maskSecrets } from '../../../src/vscode/log';

describe('maskSecrets', () => {
  it('masks what it was told and what has the shape of a key', () => {
    expect(maskSecrets('key hunter2hunter2 was refused', ['hunter2hunter2'])).toBe('key [secret] was refused');
    expect(maskSecrets('gsk_abcdefgh12345678 and sk-proj-abcdefghijk')).toBe('gsk_[secret] and sk-[secret]');
    expect(maskSecrets('Authorization: Bearer abcdefghijklmnop.q')).toBe('Authorization: Bearer [secret]');
  });

  it('leaves ordinary text alone', () => {
    expect(maskSecrets('the bearer of bad news; task-lists; src/gsk.ts')).toBe('the bearer of bad news; task-lists; src/gsk.ts');
  });
});

describe('createLog', () => {
  it('writes causes with every known secret masked', () => {
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const log = createLog({ info: write, warn: write, error: write, show: () => undefined });
    log.protect('my-local-server-key');
    log.protect('short');
    log.error('It failed.', new StepwiseError('bad-key', 'Refused.', { cause: new Error('401 for my-local-server-key') }));
    log.info('a short line');
    expect(lines[0]).toContain('[bad-key]');
    expect(lines[0]).toContain('caused by Error: 401 for [secret]');
    expect(lines.join('\n')).not.toContain('my-local-server-key');
    expect(lines[1]).toBe('a short line');
  });
});

describe('describeCause', () => {
  it('tells values that are no errors, and ends in a circle of causes', () => {
    expect(describeCause({ status: 500 })).toBe('{"status":500}');
    expect(describeCause(undefined)).toBe('undefined');
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(describeCause(first).match(/caused by/g)).toHaveLength(4);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(describeCause(circle)).toBe('[object Object]');
  });
});
