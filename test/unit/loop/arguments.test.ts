import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/loop/arguments';
import type { JsonSchema, ToolDefinition } from '../../../src/core/tool';

function toolWith(properties: JsonSchema, required: readonly string[] = []): ToolDefinition {
  return { name: 'probe', description: 'A tool.', parameters: { type: 'object', properties, required } };
}

const probe = toolWith(
  {
    path: { type: 'string', minLength: 1 },
    line: { type: 'integer', minimum: 1 },
    ratio: { type: 'number' },
    deep: { type: 'boolean' },
    names: { type: 'array', items: { type: 'string' } },
    options: { type: 'object', properties: { depth: { type: 'integer' } } },
    mode: { type: 'string', enum: ['fast', 'slow'] },
    maybe: { type: ['string', 'null'] },
  },
  ['path'],
);

function argsOf(args: Record<string, unknown>): unknown {
  const checked = checkArguments(probe, args);
  return checked.ok ? checked.args : checked.error;
}

describe('checkArguments', () => {
  it('leaves fitting arguments as they are', () => {
    const args = { path: 'a.ts', line: 3, deep: false, names: ['x'], options: { depth: 2 }, maybe: null };
    expect(argsOf(args)).toEqual(args);
  });

  it('takes text for what the schema wants', () => {
    expect(
      argsOf({ path: 'a.ts', line: ' 12 ', ratio: '-1.5e2', deep: 'TRUE', names: '["x", "y"]', options: '{"depth": "4"}', mode: ' fast\n' }),
    ).toEqual({ path: 'a.ts', line: 12, ratio: -150, deep: true, names: ['x', 'y'], options: { depth: 4 }, mode: 'fast' });
  });

  it('makes one item a list, and a number a text', () => {
    expect(argsOf({ path: 404, names: 'x' })).toEqual({ path: '404', names: ['x'] });
    expect(argsOf({ path: 'a', names: 5 })).toEqual({ path: 'a', names: ['5'] });
  });

  it('drops empty optional arguments', () => {
    expect(argsOf({ path: 'a', line: '', deep: null, names: null, mode: null })).toEqual({ path: 'a' });
  });

  it('says what is missing, what stands there instead, and the schema', () => {
    const error = argsOf({ file: 'a.ts' });
    expect(error).toContain('"path"');
    expect(error).toContain('there is no argument "file"');
    expect(error).toContain('"required":["path"]');
  });

  it.each([
    [{ path: 'a', line: 'ten' }, 'line'],
    [{ path: 'a', line: 0 }, 'line'],
    [{ path: 'a', line: 1.5 }, 'line'],
    [{ path: '' }, 'path'],
    [{ path: 'a', mode: 'medium' }, 'mode'],
    [{ path: 'a', options: { depth: 'x' } }, 'options.depth'],
  ])('finds the fault in %j', (args, place) => {
    const checked = checkArguments(probe, args);
    expect(checked.ok).toBe(false);
    expect(checked.ok ? '' : checked.error).toContain(`${place}: `);
  });

  it('keeps unknown arguments for tools that take any', () => {
    expect(argsOf({ path: 'a', extra: '1' })).toEqual({ path: 'a', extra: '1' });
  });

  it('lets everything through where a schema cannot be used', () => {
    const broken: ToolDefinition = { name: 'odd', description: '', parameters: { type: 'object', properties: { a: { $ref: '#/nowhere' } } } };
    expect(checkArguments(broken, { a: 1 })).toEqual({ ok: true, args: { a: 1 } });
  });

  it('never throws, and what it lets through fits when it is checked again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('path', 'line', 'ratio', 'deep', 'names', 'options', 'mode', '__proto__'), fc.jsonValue()), (args) => {
        const checked = checkArguments(probe, args);
        if (checked.ok) {
          expect(checkArguments(probe, checked.args)).toEqual(checked);
        }
      }),
    );
  });
});
