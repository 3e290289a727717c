import { linesOf, memberOf, nameOf, numberOf, parseNumber } from '../program/build';
import { receiverName, unknownType, type Field, type FunctionIr, type Parameter, type Program, type Statement } from '../program/ir';
import type { Language } from '../language';
import { typeNamed } from '../library';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { cppLibrary } from './cppLibrary';
import { withoutMacros } from './cppMacros';
import { CppStatements } from './cppStatements';
import { CppTypes } from './cppTypes';
import { closed, textIn } from './lowering';

/** Reads C++ up to C++23, and C. */
class CppLowering extends CppStatements {
  private readonly main: Statement[] = [];

  lower(root: SyntaxNode): Program {
    this.isProgram = /\bmain\s*\(/.test(root.source);
    for (const node of named(root)) {
      this.topLevel(node);
    }
    return this.finish('cpp', root, this.main);
  }

  protected topLevel(node: SyntaxNode): void {
    switch (node.type) {
      case 'class_specifier':
      case 'struct_specifier':
      case 'union_specifier':
        this.classSpecifier(node);
        break;
      case 'function_definition':
        this.functionDefinition(node, undefined, true);
        break;
      case 'template_declaration':
      case 'linkage_specification':
      case 'namespace_definition':
      case 'declaration_list':
      case 'preproc_if':
      case 'preproc_ifdef':
      case 'preproc_else':
      case 'ERROR':
        for (const inner of named(node)) {
          this.topLevel(inner);
        }
        break;
      case 'type_identifier':
      case 'identifier':
      case 'namespace_identifier':
      case 'template_parameter_list':
      case 'string_literal':
        break;
      default:
        this.main.push(...this.statement(node, true));
    }
  }

  protected directive(node: SyntaxNode): Statement[] {
    const name = textIn(node, 'name');
    const value = textIn(node, 'value').replace(/\/[/*].*$/, '').trim();
    if (node.type === 'preproc_function_def') {
      if (/\bbegin\s*\(/.test(value) && /\bend\s*\(/.test(value)) {
        this.rangeMacros.add(name);
      }
      return [];
    }
    const number = parseNumber(value.replace(/^\((.*)\)$/, '$1'));
    if (value !== '' && !Number.isNaN(number)) {
      const lines = linesOf(node);
      this.constants.set(name, number);
      return [{ kind: 'declare', lines, name, type: typeNamed(cppLibrary, 'int'), value: numberOf(number, lines) }];
    }
    if (/^(?:unsigned |signed )?(?:long|int|short|char|double|float)\b[\w ]*$/.test(value)) {
      this.types.aliases.set(name, typeNamed(cppLibrary, 'int'));
    } else if (/^\w+$/.test(value)) {
      this.macros.set(name, value);
    } else if (/^(?:std::)?(vector|pair|map|set|queue|unordered_map|unordered_set)\s*<[\w\s,:]*>$/.test(value)) {
      this.types.aliases.set(name, typeNamed(cppLibrary, value.replace(/^std::/, '').replace(/\s*<.*$/, '')));
    }
    return [];
  }

  // Classes and functions

  private classSpecifier(node: SyntaxNode): void {
    const name = textIn(node, 'name').replace(/<.*$/s, '');
    const body = child(node, 'body');
    if (body === undefined) {
      return;
    }
    const bases = node.children.filter((inner) => inner.type === 'base_class_clause').flatMap((inner) => named(inner).filter((base) => base.type !== 'access_specifier').map(textOf));
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    this.methodsOf.set(name, methods);
    // Constructors may initialise fields that are declared after them.
    this.fields(body, fields);
    this.methods(body, name, methods, node.type !== 'class_specifier');
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }

  private fields(body: SyntaxNode, fields: Field[]): void {
    for (const inner of named(body)) {
      if (inner.type === 'field_declaration') {
        this.ownType(inner);
        const base = this.baseType(inner);
        const values = inner.children;
        values.forEach((part, at) => {
          if (part.field !== 'declarator') {
            return;
          }
          const declarator = this.types.declarator(base, part);
          if (declarator.fn !== undefined && declarator.pointers === 0 && childOfType(part, 'parenthesized_declarator') === undefined) {
            return;
          }
          this.declared.set(declarator.name, declarator.type);
          // The value follows its declarator: `int a = 1, b;`
          const next = values.slice(at + 1).find((other) => other.field === 'default_value' || other.field === 'declarator');
          const value = next?.field === 'default_value' ? next : undefined;
          fields.push({ name: declarator.name, type: declarator.type, value: this.initialValue(declarator, value, inner), lines: linesOf(inner) });
        });
      } else if (inner.type === 'alias_declaration' || inner.type === 'type_definition') {
        this.alias(inner);
      } else if (inner.type === 'preproc_if' || inner.type === 'preproc_ifdef') {
        this.fields(inner, fields);
      }
    }
  }

  private methods(body: SyntaxNode, owner: string, methods: FunctionIr[], publicAtFirst: boolean): void {
    let exported = publicAtFirst;
    for (const inner of named(body)) {
      switch (inner.type) {
        case 'access_specifier':
          exported = textOf(inner).startsWith('public');
          break;
        case 'function_definition':
          methods.push(this.functionDefinition(inner, owner, exported));
          break;
        case 'template_declaration':
        case 'preproc_if':
        case 'preproc_ifdef':
        case 'ERROR':
          this.methods(inner, owner, methods, exported);
          break;
        case 'struct_specifier':
        case 'class_specifier':
        case 'union_specifier':
          this.classSpecifier(inner);
          break;
        default:
      }
    }
  }

  /** A class that is declared where its type is used: `struct Node { … } nodes[10];` */
  protected ownType(node: SyntaxNode): void {
    const type = child(node, 'type');
    if (type !== undefined && (type.type === 'struct_specifier' || type.type === 'class_specifier' || type.type === 'union_specifier') && child(type, 'body') !== undefined) {
      this.classSpecifier(type);
    }
  }

  protected functionDefinition(node: SyntaxNode, owner: string | undefined, exported: boolean): FunctionIr {
    return this.define(() => {
      const declarator = this.types.declarator(this.baseType(node), child(node, 'declarator'));
      const { fn } = declarator;
      const params = fn === undefined ? [] : CppTypes.parametersOf(fn).flatMap((inner) => this.parameter(inner));
      let { name } = declarator;
      let ownerName = owner;
      const qualified = /^(?:.*::)?(\w+)(?:<.*>)?::(~?\w+|operator.+)$/s.exec(name);
      if (qualified?.[1] !== undefined && qualified[2] !== undefined) {
        name = qualified[2];
        ownerName = qualified[1];
      }
      const constructs = ownerName !== undefined && name === ownerName;
      const prologue = this.fieldInitialisers(childOfType(node, 'field_initializer_list'), params);
      const made: FunctionIr = {
        name,
        owner: ownerName,
        params,
        result: child(node, 'type') === undefined ? undefined : declarator.type,
        body: [...prologue, ...this.body(child(node, 'body'))],
        lines: linesOf(node),
        memoized: false,
        exported,
        constructs,
      };
      if (ownerName !== undefined && owner === undefined) {
        this.methodsOf.get(ownerName)?.push(made);
      }
      return made;
    });
  }

  /** `: p(n), size(n, 1)` are the first statements of a constructor. */
  private fieldInitialisers(list: SyntaxNode | undefined, params: readonly Parameter[]): Statement[] {
    return (list === undefined ? [] : named(list)).flatMap((inner): Statement[] => {
      const [field, value] = named(inner);
      if (field === undefined || value === undefined) {
        return [];
      }
      const lines = linesOf(inner);
      const type = this.declared.get(textOf(field)) ?? unknownType;
      const name = textOf(field);
      const args = this.all(named(value));
      const [only] = args;
      // A pointer is set to what is given; an object is made of it, or copied.
      const isLink = type.kind === 'object' && args.length === 1 && only !== undefined && (only.kind === 'name' || only.kind === 'member' || only.kind === 'new' || (only.kind === 'literal' && only.type === 'null'));
      const target = params.some((param) => param.name === name) ? memberOf(nameOf(receiverName, lines), name, lines) : nameOf(name, lines);
      return [{ kind: 'assign', lines, target, value: isLink ? only : this.constructed(type, args, lines, value.type === 'initializer_list') }];
    });
  }
}

export const cpp: Language = {
  ids: ['cpp', 'c'],
  grammar: 'tree-sitter-cpp',
  library: cppLibrary,
  prepare: (source) => closed(withoutMacros(source)),
  lower(root: SyntaxNode): Program {
    return new CppLowering().lower(root);
  },
};
