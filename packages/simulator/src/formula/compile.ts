import { OptionsError } from 'busbar';
import jsep, { type Expression, type ExpressionOf } from 'jsep';
import type { Value } from '../value.js';
import { BINARY, type FormulaMoment, FUNCTIONS, isTrue, type Term, UNARY } from './operators.js';

/** Makes the reader of a point's value. @throws OptionsError if there is no such point. */
type Reader = (name: string) => () => Value;

/** Nobody writes more by hand; it also bounds how deep a formula can be nested. */
const MAX_LENGTH = 1000;

/**
 * Reads a formula. Names are points; functions are those of this package, and nothing else can be reached.
 *
 * @throws OptionsError with the place of the problem.
 */
export function compileFormula(source: string, reader: Reader): (moment: FormulaMoment) => Value {
  if (source.length > MAX_LENGTH) throw refused(`expected at most ${MAX_LENGTH} characters, found ${source.length}`);
  return new Compiler(reader).term(parse(source));
}

function parse(source: string): Expression {
  try {
    return jsep(source);
  } catch (error) {
    const { message } = error as Error;
    throw refused(`expected a formula, found a mistake: ${message[0]?.toLowerCase()}${message.slice(1)}`);
  }
}

function refused(problem: string): OptionsError {
  return new OptionsError([], problem);
}

class Compiler {
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  term(node: Expression): Term {
    switch (node.type) {
      case 'Literal':
        return this.#literal(node);
      case 'Identifier':
      case 'MemberExpression':
        return this.#reader(nameOf(node));
      case 'UnaryExpression':
        return this.#unary(node);
      case 'BinaryExpression':
        return this.#binary(node);
      case 'ConditionalExpression':
        return this.#conditional(node);
      case 'CallExpression':
        return this.#call(node);
      case 'Compound':
        throw refused(
          node.body.length === 0 ? 'expected a formula, found none' : 'expected an operator between two parts',
        );
      default:
        throw refused(`${SYNTAX[node.type]} is not part of formulas`);
    }
  }

  #literal({ value, raw }: ExpressionOf<'Literal'>): Term {
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return () => value;
    throw refused(`${raw} is not part of formulas`);
  }

  #unary({ operator, argument }: ExpressionOf<'UnaryExpression'>): Term {
    const operate = UNARY.get(operator);
    if (operate === undefined) throw unknownOperator(operator);
    const term = this.term(argument);
    return (moment) => operate(term(moment));
  }

  #binary({ operator, left, right }: ExpressionOf<'BinaryExpression'>): Term {
    const [first, second] = [this.term(left), this.term(right)];
    if (operator === '&&') return (moment) => isTrue(first(moment)) && isTrue(second(moment));
    if (operator === '||') return (moment) => isTrue(first(moment)) || isTrue(second(moment));
    const operate = BINARY.get(operator);
    if (operate === undefined) throw unknownOperator(operator);
    return (moment) => operate(first(moment), second(moment));
  }

  #conditional({ test, consequent, alternate }: ExpressionOf<'ConditionalExpression'>): Term {
    const [condition, one, other] = [this.term(test), this.term(consequent), this.term(alternate)];
    return (moment) => (isTrue(condition(moment)) ? one(moment) : other(moment));
  }

  #call({ callee, arguments: given }: ExpressionOf<'CallExpression'>): Term {
    const name = nameOf(callee);
    if (name === 'point') return this.#reader(quotedName(given));
    const called = FUNCTIONS.get(name);
    if (called === undefined)
      throw refused(`no function ${name}; known are point, ${[...FUNCTIONS.keys()].join(', ')}`);
    const { count, more = false, apply } = called;
    if (given.length < count || (given.length > count && !more)) {
      throw refused(`${name} takes ${count}${more ? ' or more' : ''} arguments, found ${given.length}`);
    }
    const terms = given.map((each) => this.term(each));
    return (moment) =>
      apply(
        terms.map((term) => Number(term(moment))),
        moment,
      );
  }
}

/** `flow`, or `boiler.flow`. */
function nameOf(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed) throw refused('expected a name such as flow or boiler.flow');
  return `${nameOf(node.object)}.${nameOf(node.property)}`;
}

/** For names that a formula would take apart: `point("flow-1")`. */
function quotedName([given, ...more]: readonly Expression[]): string {
  if (given?.type === 'Literal' && typeof given.value === 'string' && more.length === 0) return given.value;
  throw refused('expected point("name"), with the name in quotes');
}

function unknownOperator(operator: string): OptionsError {
  const advice = operator === '^' ? '; a power is written **' : operator === '===' ? '; write ==' : '';
  return refused(`the operator ${operator} is not part of formulas${advice}`);
}

const SYNTAX = {
  ArrayExpression: 'a list',
  SequenceExpression: 'a comma',
  ThisExpression: 'this',
};
