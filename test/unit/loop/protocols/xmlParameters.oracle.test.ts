import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { parseReactXml } from '../../../../src/loop/protocols/reactXml';

/**
 * Parameters written as well-formed XML mean what an XML parser reads. Ours is written for what is not well-formed
 * (code with `<` in a value, a closing tag in a string), where an XML parser loses content: on common ground both agree.
 */
const parser = new XMLParser({ parseTagValue: false, trimValues: false, processEntities: true, ignoreAttributes: true });

const name = fc.constantFrom('path', 'old', 'new_text', 'query', 'glob');
const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
const value = fc
  .string({ unit: fc.constantFrom('a', 'B', '7', ' ', '.', '/', '<', '>', '&', '"', "'", '{', '}', '=', '中'), minLength: 1 })
  .map((text) => `x${text}x`);
const xml = (text: string): string => text.replace(/[<>&"]/g, (mark) => escapes[mark] ?? mark);

describe('XML-style parameters', () => {
  it('are read as an XML parser reads them where they are well-formed', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true }), (parameters) => {
        const body = Object.entries(parameters)
          .map(([key, text]) => `<${key}>${xml(text)}</${key}>`)
          .join('\n');
        const theirs = (parser.parse(`<action>${body}</action>`) as { action: Record<string, string> }).action;
        const own = parseReactXml(`<action name="edit_file">${body}</action>`, { tools: ['edit_file'] }).actions[0]?.args;
        const compared = Object.fromEntries(Object.keys(parameters).map((key) => [key, theirs[key]]));
        expect(own).toEqual(compared);
        expect(own).toEqual(parameters);
      }),
      { numRuns: 500 },
    );
  });

  it('keep a value byte for byte where an XML parser would not', () => {
    const code = 'if (a < b && c > d) { return Map<string, T[]>; }';
    const reply = `<action name="edit_file"><path>a.ts</path><new>${code}</new></action>`;
    expect(parseReactXml(reply, { tools: ['edit_file'] }).actions[0]?.args).toEqual({ path: 'a.ts', new: code });
  });
});
