import type { Json, JsonSchema, ToolArguments } from '../core/tool';

/**
 * Arguments whose types are set right where the schema leaves no doubt: `"12"` for a number, `"true"` for a truth
 * value, JSON text for a list or an object, one item for a list, a number for a text. `null` and empty text for an
 * optional argument that could not be that count as left out. Everything else stays as it is, for the check to find.
 */
export function coerceArguments(schema: JsonSchema, args: ToolArguments): ToolArguments {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : [];
  const entries = Object.entries(args).flatMap(([name, value]): [string, unknown][] => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isSchema(property)) {
      return [[name, value]];
    }
    return isLeftOut(property, value) && !required.includes(name) ? [] : [[name, coerce(property, value)]];
  });
  return Object.fromEntries(entries);
}

function isLeftOut(schema: JsonSchema, value: unknown): boolean {
  const isUntyped = schema['type'] === undefined;
  return !isUntyped && ((value === null && !allows(schema, 'null')) || (value === '' && !allows(schema, 'string')));
}

function coerce(schema: JsonSchema, value: unknown): unknown {
  if (typeof value === 'string') {
    return coerceText(schema, value);
  }
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isSchema(items) ? value.map((item: unknown) => coerce(items, item)) : value;
  }
  if (typeof value === 'object' && value !== null) {
    return isListOnly(schema, 'object') ? coerce(schema, [value]) : coerceArguments(schema, value as ToolArguments);
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    return value;
  }
  const fits = allows(schema, typeof value) || (typeof value === 'number' && allows(schema, 'integer'));
  if (!fits && allows(schema, 'string')) {
    return String(value);
  }
  return !fits && isListOnly(schema, typeof value) ? coerce(schema, [value]) : value;
}

function coerceText(schema: JsonSchema, value: string): unknown {
  const text = value.trim();
  if (allows(schema, 'string')) {
    const choices = schema['enum'];
    return Array.isArray(choices) && !choices.includes(value) && choices.includes(text) ? text : value;
  }
  if ((allows(schema, 'number') || allows(schema, 'integer')) && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) {
    return Number(text);
  }
  if (allows(schema, 'boolean') && /^(?:true|false)$/i.test(text)) {
    return text.toLowerCase() === 'true';
  }
  const parsed = allows(schema, 'array') || allows(schema, 'object') ? parseJson(text) : undefined;
  if (Array.isArray(parsed) ? allows(schema, 'array') : typeof parsed === 'object' && parsed !== null) {
    return coerce(schema, parsed);
  }
  return isListOnly(schema, 'string') ? coerce(schema, [value]) : value;
}

/** Whether a schema wants a list and no value of `type`. */
function isListOnly(schema: JsonSchema, type: string): boolean {
  return allows(schema, 'array') && !allows(schema, type);
}

/** Whether a schema names a type. One that names none is left alone, whatever it says besides. */
function allows(schema: JsonSchema, type: string): boolean {
  const own = schema['type'];
  return Array.isArray(own) ? own.includes(type) : own === type;
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
