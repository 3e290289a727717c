import type { OutputUnit } from '@cfworker/json-schema';
import { Validator } from '@cfworker/json-schema';
import type { JsonSchema, Tool, ToolArguments } from '../core/tool';
import { coerceArguments } from './coerce';

/** Most faults that a model is told of one call. */
const mostFaults = 5;
/** Longest schema that an error text repeats, in characters. */
const longestSchema = 3000;

const validators = new WeakMap<JsonSchema, Validator>();

/**
 * Checks the arguments of a call against the tool's schema. Text that stands for a number, a truth value or JSON
 * where the schema wants one is taken as such first, because parameters in tags arrive as text. What does not fit is
 * told in words for the model, with the schema. Never throws: a schema that cannot be used (of a tool of another
 * extension) lets everything through to the tool.
 */
export function checkArguments(
  tool: Pick<Tool, 'name' | 'parameters'>,
  args: ToolArguments,
): { readonly ok: true; readonly args: ToolArguments } | { readonly ok: false; readonly error: string } {
  const converted = coerceArguments(tool.parameters, args);
  const faults = faultsOf(tool.parameters, converted);
  if (faults.length === 0) {
    return { ok: true, args: converted };
  }
  const schema = JSON.stringify(tool.parameters);
  const shown = schema.length > longestSchema ? `${schema.slice(0, longestSchema)}…` : schema;
  return {
    ok: false,
    error: `The arguments of ${tool.name} do not fit:\n${faults.map((fault) => `- ${fault}`).join('\n')}\nSchema: ${shown}`,
  };
}

function faultsOf(schema: JsonSchema, args: ToolArguments): readonly string[] {
  let errors: readonly OutputUnit[];
  try {
    errors = validatorOf(schema).validate(args).errors;
  } catch {
    return [];
  }
  // A fault inside an object is told again by each of its ancestors; the deepest says what it is.
  const deepest = errors.filter((error) => !errors.some((other) => other !== error && other.instanceLocation.startsWith(`${error.instanceLocation}/`)));
  const told = new Set(deepest.map((error) => faultText(error, args)));
  return [...told, ...unknownNames(schema, args, deepest)].slice(0, mostFaults);
}

function validatorOf(schema: JsonSchema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = new Validator(schema, '2020-12', false);
    validators.set(schema, validator);
  }
  return validator;
}

function faultText({ keyword, instanceLocation, error }: OutputUnit, args: ToolArguments): string {
  const path = instanceLocation.replace(/^#\/?/, '').split('/').filter((part) => part !== '').map(decodePointer);
  const place = path.length === 0 ? 'arguments' : path.join('.');
  const value = path.reduce<unknown>(memberOf, args);
  return keyword === 'required' || value === undefined ? `${place}: ${error}` : `${place}: ${error} It is ${shorten(value)}.`;
}

/** Names that the schema does not know: where one is missing, they tell what the model took it for. */
function unknownNames(schema: JsonSchema, args: ToolArguments, errors: readonly OutputUnit[]): readonly string[] {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null || !errors.some((error) => error.keyword === 'required')) {
    return [];
  }
  const unknown = Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
  return unknown.length === 0 ? [] : [`there is no argument ${unknown.slice(0, mostFaults).map((name) => JSON.stringify(name)).join(', ')}`];
}

/** A part of a JSON pointer (RFC 6901, section 4) as it stands in the data. */
function decodePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
