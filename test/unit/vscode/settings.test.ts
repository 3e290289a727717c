import type * as vscode from 'vscode';
import { describe, expect, it } from 'vitest';
import { folderInside, readSettings, reasoningOptions, settingDefaults } from '../../../src/vscode/settings';

function configuration(values: Record<string, unknown>): Pick<vscode.WorkspaceConfiguration, 'get'> {
  return { get: ((section: string) => values[section]) };
}

describe('readSettings', () => {
  it('gives the defaults where nothing is set', () => {
    expect(readSettings(configuration({}))).toEqual(settingDefaults);
  });

  it('takes what is set', () => {
    const settings = readSettings(configuration({
      model: 'groq', 'groq.model': ' openai/gpt-oss-20b ', maxIterations: 12, protocol: 'native', temperature: 0.4,
      additionalPrompts: ['Use metric units.'], 'notes.location': 'docs/reasoning/', 'openaiCompatible.baseUrl': 'http://127.0.0.1:11434/v1/',
    }));
    expect(settings).toMatchObject({
      model: 'groq', groqModel: 'openai/gpt-oss-20b', maxIterations: 12, protocol: 'native', temperature: 0.4,
      additionalPrompts: ['Use metric units.'], notesLocation: 'docs/reasoning', compatibleBaseUrl: 'http://127.0.0.1:11434/v1',
    });
  });

  it('survives values of the wrong kind and moves numbers into their range', () => {
    const settings = readSettings(configuration({
      model: 'gpt', maxIterations: 100, temperature: 'hot', includeThoughts: 'yes', additionalPrompts: ['good', 7, ''],
      'notes.location': '../elsewhere', 'stream.stallTimeoutSeconds': 0, maxTokensPerRun: Number.NaN, 'tools.external': 'all',
      'openaiCompatible.baseUrl': 'javascript:alert(1)', 'groq.baseUrl': 'file:///etc/passwd',
    }));
    expect(settings).toMatchObject({
      model: 'auto', maxIterations: 25, temperature: 0, includeThoughts: true, additionalPrompts: ['good'], notesLocation: '.reasoning',
      stallTimeoutSeconds: 5, maxTokensPerRun: 0, externalTools: [], compatibleBaseUrl: '', groqBaseUrl: '',
    });
  });
});

describe('reasoningOptions', () => {
  it('leaves out what has no limit', () => {
    const options = reasoningOptions(settingDefaults);
    expect(options).toEqual({ maxIterations: 5, includeThoughts: true, protocol: 'auto', temperature: 0, timeLimitMs: 300_000 });
  });

  it('carries limits and prompts', () => {
    expect(reasoningOptions({ ...settingDefaults, maxTokensPerRun: 9000, maxTokensPerTurn: 700, systemPrompt: 'Be brief.', additionalPrompts: ['a'] }))
      .toMatchObject({ maxTokensPerRun: 9000, maxTokensPerTurn: 700, systemPrompt: 'Be brief.', additionalPrompts: ['a'] });
  });
});

describe('folderInside', () => {
  it.each([['.reasoning', '.reasoning'], ['./docs//notes/', 'docs/notes'], ['docs\\notes', 'docs/notes']])('takes %s', (given, expected) => {
    expect(folderInside(given)).toBe(expected);
  });

  it.each(['', '.', '/', '/etc', '..', 'a/../../b', 'C:\\notes', '\\\\server\\share'])('refuses "%s"', (given) => {
    expect(folderInside(given)).toBeUndefined();
  });
});
