// What is used of the package jsep, whose own types cannot be imported from ES modules.

/** Reads an expression of JavaScript's notation. @throws Error with the place of the problem. */
export default function jsep(source: string): Expression;

export type Expression =
  | { readonly type: 'Literal'; readonly value: unknown; readonly raw: string }
  | { readonly type: 'Identifier'; readonly name: string }
  | {
      readonly type: 'MemberExpression';
      readonly computed: boolean;
      readonly object: Expression;
      readonly property: Expression;
    }
  | { readonly type: 'UnaryExpression'; readonly operator: string; readonly argument: Expression }
  | {
      readonly type: 'BinaryExpression';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'ConditionalExpression';
      readonly test: Expression;
      readonly consequent: Expression;
      readonly alternate: Expression;
    }
  | { readonly type: 'CallExpression'; readonly callee: Expression; readonly arguments: readonly Expression[] }
  | { readonly type: 'Compound'; readonly body: readonly Expression[] }
  | { readonly type: 'ArrayExpression' | 'SequenceExpression' | 'ThisExpression' };

/** The expressions of one type. */
export type ExpressionOf<Type extends Expression['type']> = Extract<Expression, { readonly type: Type }>;
