import { Validator } from '@cfworker/json-schema';
import type { Json, JsonSchema, Tool, ToolArguments } from '../core/tool';

/** Most faults that a model is told of one call. */
const mostFaults = 5;

const validators = new WeakMap<JsonSchema, Validator>();

/**
 * Checks the arguments of a call against the tool's schema. Text where a number, a truth value or a list is asked for
 * is turned into one first, as XML-style parameters arrive as text. What does not fit is told in words for the model,
 * with the schema.
 */
export function checkArguments(
  tool: Pick<Tool, 'name' | 'parameters'>,
  args: ToolArguments,
): { readonly ok: true; readonly args: ToolArguments } | { readonly ok: false; readonly error: string } {
  const converted = convert(args, tool.parameters);
  const { valid, errors } = validatorOf(tool.parameters).validate(converted);
  if (valid) {
    return { ok: true, args: converted };
  }
  // A fault inside an object is told again by each of its ancestors; the deepest says what it is.
  const deepest = errors.filter((error) => !errors.some((other) => other !== error && other.instanceLocation.startsWith(`${error.instanceLocation}/`)));
  const faults = deepest.slice(0, mostFaults).map(({ instanceLocation, error }) => `- ${instanceLocation.replace(/^#\/?/, '') || 'arguments'}: ${error}`);
  return {
    ok: false,
    error: `The arguments of ${tool.name} do not fit:\n${faults.join('\n')}\nSchema: ${JSON.stringify(tool.parameters)}`,
  };
}

function validatorOf(schema: JsonSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) {
    return known;
  }
  const validator = new Validator(schema, '2020-12', false);
  validators.set(schema, validator);
  return validator;
}

function convert(args: ToolArguments, schema: JsonSchema): ToolArguments {
  const properties = schema['properties'];
  if (!isObject(properties)) {
    return args;
  }
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, isObject(property) ? convertValue(value, property) : value];
    }),
  );
}

function convertValue(value: unknown, schema: Readonly<Record<string, Json>>): unknown {
  const types = Array.isArray(schema['type']) ? (schema['type'] as readonly Json[]) : [schema['type']];
  if (types.includes('array') && !Array.isArray(value) && !types.includes(typeof value)) {
    const items = schema['items'];
    return [isObject(items) ? convertValue(value, items) : value];
  }
  if (typeof value !== 'string' || types.includes('string')) {
    return value;
  }
  const text = value.trim();
  if ((types.includes('number') || types.includes('integer')) && /^[+-]?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  if (types.includes('boolean') && /^(?:true|false)$/i.test(text)) {
    return text.toLowerCase() === 'true';
  }
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
