/**
 * Throughput of the tag protocol's reader while a reply streams in: time for all chunks and the result, its growth
 * with the length, and what it costs beside a plain scanner of the protocol's three tags, measured in turns in one
 * process. Also whether it keeps content that trips readers of markup.
 */
import { fileURLToPath } from 'node:url';
import { loadSource, median } from './support/bundle.mjs';

const tools = ['read_file', 'write_file', 'edit_file', 'list_files', 'search_text', 'run_command', 'get_diagnostics', 'open_url'];
const rounds = 31;
const warmUps = 40;

const block = [
  'The loop runs while a < b && c holds, and the cache is a Map<string, T[]> that',
  'is filled once; in the page it reads &lt;T&gt;. Nothing else depends on it.',
  '```xml',
  '<item id="1"><name>first</name></item>',
  '```',
  '',
].join('\n');

/** @param {string} text @param {number} length */
function fill(text, length) {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

/** Replies of about `length` characters, by what is long in them. */
const replies = {
  /** @param {number} length */
  answer: (length) => `<thought>Short.</thought>\n<answer>${fill(block, length)}\n</answer>`,
  /** @param {number} length */
  action: (length) =>
    `<thought>Short.</thought>\n<action name="write_file">${JSON.stringify({ path: 'a.md', content: fill(`${block}</action> "`, length) })}</action>`,
};

/**
 * The floor: knows three tags and JSON strings, and nothing of the policy.
 * It shows thoughts and answers as they grow, and finds where the action ends.
 */
class ThreeTagScanner {
  pending = '';
  state = 'outside';
  inString = false;
  depth = 0;
  /** @type {string[]} */
  body = [];
  result = { thoughts: /** @type {string[]} */ ([]), action: '', answer: '' };

  /** @param {string} chunk */
  push(chunk) {
    let text = this.pending + chunk;
    this.pending = '';
    let visible = '';
    for (;;) {
      if (this.state === 'outside') {
        const at = text.indexOf('<');
        const end = text.indexOf('>', at);
        if (at < 0) return visible;
        if (end < 0) {
          this.pending = text.slice(at);
          return visible;
        }
        const name = /^<(thought|action|answer)/.exec(text.slice(at, end))?.[1];
        if (name !== undefined) this.state = name;
        this.body = [];
        text = text.slice(end + 1);
      } else if (this.state === 'action') {
        let at = 0;
        for (; at < text.length; at += 1) {
          if (this.inString) {
            let quote = text.indexOf('"', at);
            while (quote > 0 && text[quote - 1] === '\\' && text[quote - 2] !== '\\') quote = text.indexOf('"', quote + 1);
            if (quote < 0) {
              at = text.length;
              break;
            }
            at = quote;
            this.inString = false;
          } else if (text[at] === '"') this.inString = true;
          else if (text[at] === '{') this.depth += 1;
          else if (text[at] === '}') {
            this.depth -= 1;
            if (this.depth === 0) break;
          }
        }
        this.body.push(text.slice(0, at + 1));
        if (at >= text.length) return visible;
        this.result.action = this.body.join('');
        this.state = 'outside';
        text = text.slice(at + 1);
      } else {
        const close = `</${this.state}>`;
        const at = text.indexOf('</');
        const whole = at < 0 ? -1 : text.indexOf(close, at);
        if (whole < 0) {
          const keep = text.lastIndexOf('<');
          const cut = keep >= 0 && close.startsWith(text.slice(keep)) ? keep : text.length;
          this.pending = text.slice(cut);
          this.body.push(text.slice(0, cut));
          return visible + text.slice(0, cut);
        }
        this.body.push(text.slice(0, whole));
        visible += text.slice(0, whole);
        const content = this.body.join('');
        if (this.state === 'thought') this.result.thoughts.push(content);
        else this.result.answer = content;
        this.state = 'outside';
        text = text.slice(whole + close.length);
      }
    }
  }

  end() {
    return this.result.action === '' ? this.result : { ...this.result, args: JSON.parse(this.result.action) };
  }
}

/** @param {string} text @param {number} size @returns {string[]} */
function cut(text, size) {
  const chunks = [];
  for (let at = 0; at < text.length; at += size) {
    // A chunk of a stream is a string of its own, not a window on the whole.
    chunks.push(Buffer.from(text.slice(at, at + size)).toString());
  }
  return chunks;
}

/** @param {() => { push(chunk: string): unknown, end(): unknown }} create @param {readonly string[]} chunks */
function timeReading(create, chunks) {
  const start = performance.now();
  const reader = create();
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return performance.now() - start;
}

/**
 * Medians of reading the chunks with each reader, in turns.
 * @param {readonly (() => { push(chunk: string): unknown, end(): unknown })[]} readers @param {readonly string[]} chunks
 */
function compare(readers, chunks) {
  /** @type {number[][]} */
  const times = readers.map(() => []);
  for (let round = 0; round < rounds + warmUps; round += 1) {
    readers.forEach((create, index) => {
      const time = timeReading(create, chunks);
      if (round >= warmUps) times[index]?.push(time);
    });
  }
  return times.map(median);
}

/** Content that must come through unchanged: name, reply, and what has to come out. */
const probes = [
  ['comparison', '<answer>a < b && c</answer>', 'a < b && c'],
  ['generics', '<answer>Map<string, T[]></answer>', 'Map<string, T[]>'],
  ['end tag in a string', '<action name="write_file">{"content": "x</action>y"}</action>', 'x</action>y'],
  ['fence with XML', '<answer>\n```xml\n<answer>a</answer>\n```\n</answer>', '```xml\n<answer>a</answer>\n```'],
  ['entity', '<answer>&lt;</answer>', '&lt;'],
];

/** @returns {Promise<{ name: string, value: number, unit: string, goal?: string }[]>} */
export async function run() {
  const { ReactXmlReader } = await loadSource("export { ReactXmlReader } from './src/loop/protocols/reactXml'");
  const create = () => new ReactXmlReader({ tools });
  const createFloor = () => new ThreeTagScanner();
  const figures = [];
  for (const [name, reply] of Object.entries(replies)) {
    const [small = 0, smallFloor = 0] = compare([create, createFloor], cut(reply(20_000), 4));
    const [middle = 0, middleFloor = 0] = compare([create, createFloor], cut(reply(100_000), 64));
    const [large = 0, largeFloor = 0] = compare([create, createFloor], cut(reply(1_000_000), 64));
    figures.push(
      { name: `reader, long ${name}: 20 KB in 4-byte chunks`, value: small, unit: 'ms', goal: '< 0.6' },
      { name: `floor, long ${name}: 20 KB in 4-byte chunks`, value: smallFloor, unit: 'ms' },
      { name: `reader, long ${name}: 100 KB in 64-byte chunks`, value: middle, unit: 'ms' },
      { name: `reader, long ${name}: 1 MB in 64-byte chunks`, value: large, unit: 'ms', goal: '< 10' },
      { name: `floor, long ${name}: 1 MB in 64-byte chunks`, value: largeFloor, unit: 'ms' },
      { name: `reader, long ${name}: 1 MB beside the floor`, value: large / largeFloor, unit: 'times', goal: '<= 3' },
      { name: `reader, long ${name}: growth from 100 KB to 1 MB`, value: Math.log10(large / middle), unit: 'exponent', goal: '<= 1.1' },
      { name: `floor, long ${name}: growth from 100 KB to 1 MB`, value: Math.log10(largeFloor / middleFloor), unit: 'exponent' },
    );
  }
  let kept = 0;
  for (const [, reply = '', content] of probes) {
    const reader = create();
    for (const character of reply) reader.push(character);
    const { answer, actions } = reader.end();
    if ((answer ?? actions[0]?.args.content) === content) kept += 1;
  }
  figures.push({ name: 'reader: content kept', value: kept, unit: 'of 5 probes', goal: '= 5' });
  return figures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, value, unit, goal } of await run()) {
    console.log(`${name.padEnd(62)} ${value.toFixed(2).padStart(8)} ${unit}${goal === undefined ? '' : ` (goal ${goal})`}`);
  }
}
