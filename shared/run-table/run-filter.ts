export const filterOperators = ['<=', '>=', '!=', '=', '<', '>', '~'] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** What a run must fulfil: one term of a filter. All terms of a filter hold at once. */
export type FilterTerm =
  | {
      readonly kind: 'word';
      /** Lower case. */
      readonly text: string;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'comparison';
      readonly column: string;
      readonly operator: FilterOperator;
      /** Several mean any of them (`=`) or none of them (`!=`). Null is "no value". */
      readonly operands: readonly (number | string | null)[];
      readonly negated: boolean;
    };

/**
 * Whether a value fulfils a comparison. A run that has no value fulfils only what asks for that (`= none`), so that
 * `lock-in > 100` and `lock-in <= 100` both leave out runs that never locked in.
 * @param value a number, NaN for none; or text, null for none
 */
export function fulfils(
  value: number | string | null,
  { operator, operands }: Extract<FilterTerm, { kind: 'comparison' }>,
): boolean {
  const absent = value === null || Number.isNaN(value);
  switch (operator) {
    case '=':
      return operands.some((operand) => (operand === null ? absent : !absent && equal(value, operand)));
    case '!=':
      return operands.every((operand) => (operand === null ? !absent : !absent && !equal(value, operand)));
    case '~':
      return (
        !absent &&
        operands.some((operand) => String(value).toLowerCase().includes(String(operand).toLowerCase()))
      );
    default:
      return !absent && operands.some((operand) => operand !== null && ordered(value, operator, operand));
  }
}

function equal(value: number | string, operand: number | string): boolean {
  return typeof value === 'number'
    ? value === operand
    : value.toLowerCase() === String(operand).toLowerCase();
}

function ordered(
  value: number | string,
  operator: '<' | '<=' | '>' | '>=',
  operand: number | string,
): boolean {
  switch (operator) {
    case '<':
      return value < operand;
    case '<=':
      return value <= operand;
    case '>':
      return value > operand;
    case '>=':
      return value >= operand;
  }
}
