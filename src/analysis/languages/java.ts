import { lambdaOf, linesOf } from '../program/build';
import type { Field, FunctionIr, Program, Statement } from '../program/ir';
import type { Language } from '../language';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { javaLibrary } from './javaLibrary';
import { JavaStatements } from './javaStatements';
import { typeOf } from './javaTypes';
import { textIn } from './lowering';

/** Reads Java up to Java 21: whole files, and fragments of them. */
class JavaLowering extends JavaStatements {
  private readonly main: Statement[] = [];

  lower(root: SyntaxNode): Program {
    this.collectMethods(root);
    this.program(root);
    return this.finish('java', root, this.main);
  }

  private collectMethods(node: SyntaxNode): void {
    for (const inner of named(node)) {
      if (inner.type === 'method_declaration') {
        this.ownMethods.add(textIn(inner, 'name'));
      } else if (inner.type.endsWith('_declaration') || inner.type.endsWith('_body')) {
        this.collectMethods(inner);
      }
    }
  }

  /** Declarations become functions and classes; loose statements of a fragment are what runs. */
  private program(root: SyntaxNode): void {
    for (const node of named(root)) {
      this.topLevel(node);
    }
  }

  protected topLevel(node: SyntaxNode): void {
    switch (node.type) {
      case 'class_declaration':
      case 'interface_declaration':
      case 'enum_declaration':
      case 'record_declaration':
        this.classDeclaration(node);
        break;
      case 'method_declaration':
      case 'constructor_declaration':
        this.method(node, undefined);
        break;
      case 'import_declaration':
      case 'package_declaration':
      case 'annotation_type_declaration':
        break;
      case 'ERROR':
      case 'class_body':
        for (const inner of named(node)) {
          this.topLevel(inner);
        }
        break;
      case 'field_declaration':
        this.main.push(...this.declarations(node));
        break;
      default:
        this.main.push(...this.statement(node));
    }
  }

  private classDeclaration(node: SyntaxNode): void {
    const name = textIn(node, 'name');
    const bases = node.children.filter((inner) => inner.type === 'superclass' || inner.type === 'super_interfaces').flatMap((inner) => named(inner).map(textOf));
    const fields: Field[] = [];
    const methods: FunctionIr[] = [];
    const parameters = child(node, 'parameters');
    if (node.type === 'record_declaration' && parameters !== undefined) {
      for (const parameter of this.parameters(parameters)) {
        fields.push({ name: parameter.name, type: parameter.type, lines: linesOf(parameters) });
      }
    }
    const body = child(node, 'body');
    if (body !== undefined) {
      this.members(body, name, fields, methods);
    }
    this.classes.push({ name, bases, fields, methods, lines: linesOf(node) });
  }

  protected members(body: SyntaxNode, owner: string, fields: Field[], methods: FunctionIr[]): void {
    for (const inner of named(body)) {
      switch (inner.type) {
        case 'field_declaration':
        case 'constant_declaration':
          for (const statement of this.declarations(inner)) {
            if (statement.kind === 'declare') {
              fields.push({ name: statement.name, type: statement.type, value: statement.value, lines: statement.lines });
            }
          }
          break;
        case 'method_declaration':
        case 'constructor_declaration':
        case 'compact_constructor_declaration':
          methods.push(this.method(inner, owner));
          break;
        case 'class_declaration':
        case 'interface_declaration':
        case 'enum_declaration':
        case 'record_declaration':
          this.classDeclaration(inner);
          break;
        case 'static_initializer':
        case 'block': {
          const block = inner.type === 'block' ? inner : childOfType(inner, 'block');
          const fn = { ...lambdaOf([], this.body(block), linesOf(inner), '<clinit>'), owner };
          this.functions.push(fn);
          methods.push(fn);
          break;
        }
        case 'enum_body_declarations':
        case 'ERROR':
          this.members(inner, owner, fields, methods);
          break;
        default:
      }
    }
  }

  private method(node: SyntaxNode, owner: string | undefined): FunctionIr {
    const modifiers = childOfType(node, 'modifiers');
    const type = child(node, 'type');
    const at = this.functions.length;
    this.functions.push(undefined as unknown as FunctionIr);
    const fn: FunctionIr = {
      name: textIn(node, 'name'),
      owner,
      params: this.parameters(child(node, 'parameters')),
      result: type === undefined ? undefined : typeOf(type, child(node, 'dimensions')),
      body: this.body(child(node, 'body')),
      lines: linesOf(node),
      memoized: false,
      exported: modifiers === undefined || !/\bprivate\b/.test(textOf(modifiers)),
      constructs: node.type !== 'method_declaration',
    };
    this.functions[at] = fn;
    return fn;
  }
}

export const java: Language = {
  ids: ['java'],
  grammar: 'tree-sitter-java',
  library: javaLibrary,
  lower(root: SyntaxNode): Program {
    return new JavaLowering().lower(root);
  },
};
