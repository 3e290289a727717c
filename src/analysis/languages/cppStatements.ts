import { assignOf, callOf, linesOf, memberOf, nameOf, statementOf, unknownOf } from '../program/build';
import {
  unknownType,
  type Block,
  type Expression,
  type FunctionIr,
  type Lines,
  type Parameter,
  type Statement,
  type SwitchCase,
  type Type,
} from '../program/ir';
import { typeNamed } from '../library';
import { child, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { containers } from './cppCalls';
import { CppExpressions } from './cppExpressions';
import { placeOf, rangeBetween } from './cppIterators';
import { cppLibrary } from './cppLibrary';
import { CppTypes, type Declarator } from './cppTypes';
import { textIn } from './lowering';

/** Global C arrays of a whole program with at least so many items are room for any input. */
const roomy = 1000;

/** Statements and declarations of C++. */
export abstract class CppStatements extends CppExpressions {
  protected isProgram = false;

  /** Reads a class, function or other declaration that stands on its own. */
  protected abstract topLevel(node: SyntaxNode): void;

  protected abstract functionDefinition(node: SyntaxNode, owner: string | undefined, exported: boolean): FunctionIr;

  /** A class that is declared where its type is used: `struct Node { … } nodes[10];` */
  protected abstract ownType(node: SyntaxNode): void;

  /** What a `#define` says. */
  protected abstract directive(node: SyntaxNode): Statement[];

  protected parameter(node: SyntaxNode): Parameter[] {
    if (node.type !== 'parameter_declaration' && node.type !== 'optional_parameter_declaration' && node.type !== 'variadic_parameter_declaration') {
      return [];
    }
    const declarator = this.types.declarator(this.baseType(node), child(node, 'declarator'));
    if (declarator.name !== '') {
      this.declared.set(declarator.name, declarator.type);
    }
    const type = declarator.fn !== undefined ? typeNamed(cppLibrary, 'function') : this.baseType(node) === undefined ? undefined : declarator.type;
    return [{ name: declarator.name, type, defaultValue: this.optional(child(node, 'default_value')), byReference: declarator.byReference || declarator.pointers > 0 }];
  }

  protected baseType(node: SyntaxNode): Type | undefined {
    const type = child(node, 'type');
    return type === undefined ? unknownType : this.types.read(type);
  }

  protected body(node: SyntaxNode | undefined): Block {
    if (node === undefined) {
      return [];
    }
    return node.type === 'compound_statement' ? named(node).flatMap((inner) => this.statement(inner)) : this.statement(node);
  }

  protected statement(node: SyntaxNode, isTopLevel = false): Statement[] {
    const lines = linesOf(node);
    switch (node.type) {
      case 'declaration':
      case 'field_declaration':
        this.ownType(node);
        return this.declarations(node, isTopLevel);
      case 'expression_statement':
        return named(node).flatMap((inner) => this.expressionStatement(inner));
      case 'if_statement': {
        const clause = child(node, 'condition');
        const alternative = child(node, 'alternative');
        const before = this.beforeCondition(clause);
        const condition = this.condition(clause);
        const statement: Statement = {
          kind: 'if', lines, condition, then: this.body(child(node, 'consequence')),
          else: alternative === undefined ? [] : this.body(alternative.type === 'else_clause' ? named(alternative)[0] : alternative),
        };
        return [...before, statement];
      }
      case 'while_statement':
        return [this.whileStatement(node)];
      case 'do_statement':
        return [{ kind: 'while', lines, condition: this.condition(child(node, 'condition')), body: this.body(child(node, 'body')), testLast: true }];
      case 'for_statement':
        return [this.forStatement(node)];
      case 'for_range_loop': {
        const before = child(node, 'initializer');
        const declarator = this.types.declarator(this.baseType(node), child(node, 'declarator'));
        const right = child(node, 'right');
        const iterable = right?.type === 'initializer_list' ? ({ kind: 'list', lines, type: 'list', items: this.all(named(right)) } as const) : this.expressionIn(node, 'right');
        const type = this.baseType(node);
        const kind = this.typeOf(iterable);
        if (declarator.name !== '' && (type ?? kind?.args[0]) !== undefined) {
          this.declared.set(declarator.name, type === undefined ? (kind?.args[0] ?? unknownType) : declarator.type);
        }
        return [
          ...(before === undefined ? [] : this.statement(before)),
          {
            kind: 'forEach', lines, target: this.target(declarator, lines), type: type === undefined ? undefined : declarator.type,
            iterable: kind?.kind === 'map' || kind?.kind === 'sortedMap' ? callOf(memberOf(iterable, '@entries', lines), [], lines) : iterable,
            body: this.body(child(node, 'body')),
          },
        ];
      }
      case 'return_statement':
      case 'co_return_statement':
        return [{ kind: 'return', lines, value: this.optional(named(node)[0]) }];
      case 'co_yield_statement':
        return [{ kind: 'yield', lines, value: this.optional(named(node)[0]) }];
      case 'break_statement':
        return [{ kind: 'break', lines }];
      case 'continue_statement':
        return [{ kind: 'continue', lines }];
      case 'throw_statement':
        return [{ kind: 'throw', lines, value: this.optional(named(node)[0]) }];
      case 'labeled_statement':
        return named(node).slice(1).flatMap((inner) => this.statement(inner));
      case 'switch_statement':
        return [...this.beforeCondition(child(node, 'condition')), this.switchStatement(node)];
      case 'try_statement':
        return [
          {
            kind: 'try', lines, body: this.body(child(node, 'body')),
            handlers: node.children.filter((inner) => inner.type === 'catch_clause').map((inner) => this.body(child(inner, 'body'))),
          },
        ];
      case 'compound_statement':
      case 'ERROR':
      case 'preproc_if':
      case 'preproc_ifdef':
      case 'init_statement':
        return named(node).flatMap((inner) => this.statement(inner, isTopLevel));
      case 'preproc_def':
      case 'preproc_function_def':
        return this.directive(node);
      case 'alias_declaration':
      case 'type_definition':
        this.ownType(node);
        this.alias(node);
        return [];
      case 'function_definition': {
        // Inside a function this is a macro with a block, or a nested function of GNU C.
        const fn = this.functionDefinition(node, undefined, isTopLevel);
        return isTopLevel ? [] : [{ kind: 'function', lines, function: fn }];
      }
      case 'class_specifier':
      case 'struct_specifier':
      case 'template_declaration':
        this.topLevel(node);
        return [];
      case 'comment':
      case 'using_declaration':
      case 'namespace_alias_definition':
      case 'preproc_include':
      case 'preproc_call':
      case 'static_assert_declaration':
      case 'goto_statement':
      case 'enum_specifier':
      case 'union_specifier':
      case 'friend_declaration':
      case 'concept_definition':
      case 'template_instantiation':
      case ';':
        return [];
      default:
        return this.expressionStatement(node);
    }
  }

  protected alias(node: SyntaxNode): void {
    const type = child(node, 'type');
    const base = type === undefined ? undefined : this.types.read(type);
    if (node.type === 'alias_declaration') {
      this.types.aliases.set(textIn(node, 'name'), base ?? unknownType);
      return;
    }
    for (const part of childrenIn(node, 'declarator')) {
      const declarator = this.types.declarator(base, part);
      this.types.aliases.set(declarator.name, declarator.fn === undefined ? declarator.type : typeNamed(cppLibrary, 'function'));
    }
  }

  private beforeCondition(clause: SyntaxNode | undefined): Statement[] {
    const initial = clause === undefined ? undefined : child(clause, 'initializer');
    return [...(initial === undefined ? [] : this.statement(initial)), ...this.declaredIn(clause)];
  }

  /** `if (int x = f())` declares before it tests. */
  private declaredIn(clause: SyntaxNode | undefined): Statement[] {
    const value = clause === undefined ? undefined : child(clause, 'value');
    if (value?.type !== 'declaration') {
      return [];
    }
    const declarator = this.types.declarator(this.baseType(value), child(value, 'declarator'));
    return [{ kind: 'declare', lines: linesOf(value), name: declarator.name, type: this.baseType(value) === undefined ? undefined : declarator.type, value: this.optional(child(value, 'value')) }];
  }

  private condition(clause: SyntaxNode | undefined): Expression {
    if (clause === undefined) {
      return unknownOf([], { start: 1, end: 1 });
    }
    const value = clause.type === 'condition_clause' ? child(clause, 'value') : clause;
    if (value === undefined) {
      return unknownOf([], linesOf(clause));
    }
    return value.type === 'declaration' ? nameOf(this.types.declarator(undefined, child(value, 'declarator')).name, linesOf(value)) : this.expression(value);
  }

  private whileStatement(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const clause = child(node, 'condition');
    const value = clause === undefined ? undefined : child(clause, 'value');
    if (value?.type === 'declaration') {
      const [declaration] = this.declaredIn(clause);
      if (declaration?.kind === 'declare' && declaration.value !== undefined) {
        return {
          kind: 'while', lines, condition: assignOf(nameOf(declaration.name, lines), declaration.value, lines), body: this.body(child(node, 'body')), testLast: false,
        };
      }
    }
    const words = value === undefined ? undefined : this.wordsOf(value);
    if (words !== undefined) {
      return { kind: 'forEach', lines, target: words.target, iterable: words.stream, body: this.body(child(node, 'body')) };
    }
    return { kind: 'while', lines, condition: untilEnd(this.condition(clause)), body: this.body(child(node, 'body')), testLast: false };
  }

  /** `while (words >> w)` and `while (getline(words, w, ','))` go over the parts of a text. */
  private wordsOf(node: SyntaxNode): { target: Expression; stream: Expression } | undefined {
    const [left, right] =
      node.type === 'binary_expression' && textIn(node, 'operator') === '>>'
        ? [child(node, 'left'), child(node, 'right')]
        : node.type === 'call_expression' && textIn(node, 'function').replace('std::', '') === 'getline'
          ? named(child(node, 'arguments') ?? node)
          : [];
    if (left?.type !== 'identifier' || right === undefined || this.declared.get(textOf(left))?.name !== 'stringstream') {
      return undefined;
    }
    return { target: this.expression(right), stream: this.expression(left) };
  }

  private forStatement(node: SyntaxNode): Statement {
    const lines = linesOf(node);
    const initializer = child(node, 'initializer');
    const conditionNode = child(node, 'condition');
    const updateNode = child(node, 'update');
    const init = initializer === undefined ? [] : this.statement(initializer);
    const condition = conditionNode === undefined ? undefined : this.condition(conditionNode);
    const step = updateNode === undefined ? [] : this.expressionStatement(updateNode);
    const words = conditionNode === undefined || updateNode !== undefined ? undefined : this.wordsOf(conditionNode);
    if (words !== undefined) {
      return { kind: 'block', lines, body: [...init, { kind: 'forEach', lines, target: words.target, iterable: words.stream, body: this.body(child(node, 'body')) }] };
    }
    const [first] = init;
    // for (auto it = c.begin(); it != c.end(); ++it) goes over c.
    if (init.length === 1 && step.length === 1 && first?.kind === 'declare' && first.value !== undefined && condition?.kind === 'binary' && condition.left.kind === 'name') {
      const range = condition.operator === '!=' || condition.operator === '<' ? rangeBetween(first.value, condition.right) : undefined;
      if (range !== undefined && condition.left.name === first.name && placeOf(first.value)?.offset === undefined) {
        const type = this.typeOf(range);
        const isMap = type?.kind === 'map' || type?.kind === 'sortedMap';
        return {
          kind: 'forEach', lines, target: nameOf(first.name, lines), iterable: isMap ? callOf(memberOf(range, '@entries', lines), [], lines) : range, body: this.body(child(node, 'body')),
        };
      }
    }
    return { kind: 'for', lines, init, condition: condition === undefined ? undefined : untilEnd(condition), step, body: this.body(child(node, 'body')) };
  }

  private switchStatement(node: SyntaxNode): Statement {
    const cases: SwitchCase[] = [];
    const body = child(node, 'body');
    let patterns: Expression[] = [];
    for (const group of body === undefined ? [] : named(body)) {
      if (group.type !== 'case_statement') {
        continue;
      }
      const value = child(group, 'value');
      if (value !== undefined) {
        patterns.push(this.expression(value));
      }
      const inside = named(group).filter((inner) => inner !== value);
      // Labels without statements belong to the next group.
      if (inside.length > 0) {
        cases.push({ patterns, body: inside.flatMap((inner) => this.statement(inner)) });
        patterns = [];
      }
    }
    return { kind: 'switch', lines: linesOf(node), subject: this.condition(child(node, 'condition')), cases };
  }

  private target(declarator: Declarator, lines: Lines): Expression {
    return declarator.bindings === undefined
      ? nameOf(declarator.name, lines)
      : { kind: 'list', lines, type: 'tuple', items: declarator.bindings.map((name) => nameOf(name, lines)) };
  }

  private declarations(node: SyntaxNode, isTopLevel: boolean): Statement[] {
    const base = this.baseType(node);
    return childrenIn(node, 'declarator').flatMap((part): Statement[] => {
      const lines = linesOf(part);
      const isInitialised = part.type === 'init_declarator';
      const declarator = this.types.declarator(base, isInitialised ? child(part, 'declarator') : part);
      const valueNode = isInitialised ? child(part, 'value') : child(node, 'value');
      if (declarator.fn !== undefined && !isInitialised) {
        // `vector<int> dp(n);` reads as a prototype; at the top of a file it is one.
        if (isTopLevel || declarator.pointers > 0) {
          return [];
        }
        const args = CppTypes.parametersOf(declarator.fn).map((inner) => this.argumentOfParameter(inner));
        this.declared.set(declarator.name, declarator.type);
        return [{ kind: 'declare', lines, name: declarator.name, type: declarator.type, value: this.constructed(declarator.type, args, lines, false) }];
      }
      if (valueNode?.type === 'lambda_expression' && declarator.name !== '') {
        return [this.boundLambda(valueNode, declarator.name)];
      }
      const value = this.initialValue(declarator, valueNode, node, isTopLevel);
      if (declarator.bindings !== undefined) {
        return value === undefined ? [] : [{ kind: 'assign', lines, target: this.target(declarator, lines), value }];
      }
      const inferred = base ?? (value === undefined ? undefined : this.typeOf(value));
      if (inferred !== undefined) {
        this.declared.set(declarator.name, base === undefined ? inferred : declarator.type);
      } else {
        this.declared.delete(declarator.name);
      }
      const constant = value === undefined ? undefined : this.constantOf(value);
      if (constant !== undefined && childrenIn(node, 'type').length > 0 && node.children.some((inner) => inner.type === 'type_qualifier')) {
        this.constants.set(declarator.name, constant);
      }
      if (value !== undefined && declarator.sizes.length > 0 && node.children.some((inner) => inner.type === 'storage_class_specifier' && textOf(inner) === 'static')) {
        // It is made once and stays from call to call: no variable of the function.
        return [{ kind: 'assign', lines, target: nameOf(declarator.name, lines), value }];
      }
      return [{ kind: 'declare', lines, name: declarator.name, type: base === undefined ? undefined : declarator.type, value, byReference: declarator.byReference || declarator.pointers > 0 ? true : undefined }];
    });
  }

  /** What a variable or field holds at first; a container without a value is empty, an object is constructed. */
  protected initialValue(declarator: Declarator, node: SyntaxNode | undefined, declaration: SyntaxNode, isGlobal = false): Expression | undefined {
    const lines = linesOf(node ?? declaration);
    const { type } = declarator;
    if (declarator.sizes.length > 0 && (node === undefined || node.type === 'initializer_list')) {
      const items = node === undefined ? [] : named(node);
      const sizes = this.all(declarator.sizes);
      if (isGlobal && this.isProgram && items.length === 0 && sizes.some((size) => (this.constantOf(size) ?? 0) >= roomy)) {
        // Room for the largest input is not the size of this one: that stays open, under a name.
        const open = sizes.map((size, at) => ((this.constantOf(size) ?? 0) >= roomy ? nameOf(`len(${declarator.name}${'[0]'.repeat(at)})`, lines) : size));
        return { kind: 'new', lines, type, args: [], dimensions: open };
      }
      // A size that is given says more than the few values before zeros.
      return { kind: 'new', lines, type, args: [], dimensions: sizes, items: items.length > 1 ? items.map((inner) => this.expression(inner, type.args[0])) : undefined };
    }
    if (node !== undefined) {
      if (node.type === 'argument_list') {
        return this.constructed(type, this.all(named(node)), lines, false);
      }
      if (node.type === 'initializer_list') {
        return this.braced(node, type);
      }
      const value = this.expression(node, type);
      const isPlace = value.kind === 'name' || value.kind === 'member' || value.kind === 'index';
      return isPlace && !declarator.byReference && declarator.pointers === 0 && containers.has(type.kind) ? { kind: 'slice', lines, object: value } : value;
    }
    const typeNode = child(declaration, 'type');
    const length = typeNode?.type === 'template_type' ? child(typeNode, 'arguments') : undefined;
    if (type.kind === 'array' && !declarator.isArray && length !== undefined) {
      const [element, size] = named(length);
      const dimension = textIn(typeNode ?? declaration, 'name') === 'bitset' ? element : size;
      return { kind: 'new', lines, type, args: [], dimensions: dimension === undefined ? [] : [this.expression(dimension)] };
    }
    if (typeNode?.type === 'template_type' && /^(?:std::)?(?:shared_ptr|unique_ptr|weak_ptr|optional)\b/.test(textOf(typeNode))) {
      return undefined;
    }
    const isConstructed = containers.has(type.kind) || (type.kind === 'object' && declarator.pointers === 0 && type.name !== '');
    return isConstructed && !declarator.byReference && !declarator.isArray ? { kind: 'new', lines, type, args: [] } : undefined;
  }

  private constantOf(expression: Expression): number | undefined {
    if (expression.kind === 'literal') {
      return typeof expression.value === 'number' ? expression.value : undefined;
    }
    if (expression.kind === 'name') {
      return this.constants.get(expression.name);
    }
    if (expression.kind !== 'binary') {
      return undefined;
    }
    const [left, right] = [this.constantOf(expression.left), this.constantOf(expression.right)];
    if (left === undefined || right === undefined) {
      return undefined;
    }
    const { operator } = expression;
    return operator === '+' ? left + right : operator === '*' ? left * right : operator === '-' ? left - right : operator === '<<' ? left * 2 ** right : undefined;
  }

  private boundLambda(node: SyntaxNode, name: string): Statement {
    const lines = linesOf(node);
    const fn = this.define(() => this.lambda(node, name));
    return { kind: 'function', lines, function: fn };
  }

  private expressionStatement(node: SyntaxNode): Statement[] {
    if (node.type === 'comma_expression') {
      return [child(node, 'left'), child(node, 'right')].flatMap((inner) => (inner === undefined ? [] : this.expressionStatement(inner)));
    }
    if (node.type === 'assignment_expression') {
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (left?.type === 'identifier' && right?.type === 'lambda_expression') {
        return [this.boundLambda(right, textOf(left))];
      }
    }
    const reads = this.reads(node);
    if (reads !== undefined) {
      return reads.map(statementOf);
    }
    const value = this.expression(node);
    if (value.kind === 'assign' && value.operator === '+' && this.typeOf(value.target)?.kind === 'string') {
      return [statementOf(callOf(memberOf(value.target, 'append', value.lines), [value.value], value.lines))];
    }
    return [statementOf(value)];
  }
}

/** `it != c.end()` of a loop that moves `it`: as many rounds as `c` has items. */
function untilEnd(condition: Expression): Expression {
  if (condition.kind !== 'binary') {
    return condition;
  }
  if (condition.operator === '&&' || condition.operator === '||') {
    return { ...condition, left: untilEnd(condition.left), right: untilEnd(condition.right) };
  }
  const place = condition.operator === '!=' || condition.operator === '<' ? placeOf(condition.right) : undefined;
  const isMoved = condition.left.kind === 'name' && place?.from === 'end' && place.offset === undefined;
  return isMoved ? { ...condition, operator: '<', right: callOf(memberOf(place.object, 'size', condition.lines), [], condition.lines) } : condition;
}
