/** A table of ready cells, laid out once and rendered as text or Markdown. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

export interface TableColumn {
  readonly title: string;
  /** A heading over neighbouring columns of the same group; null for none. */
  readonly group: string | null;
  /** Numbers are flush right so that their digits line up. */
  readonly align: 'left' | 'right';
}

/** A column that knows how to write its cell of a row. */
export interface ColumnOf<Row> extends TableColumn {
  cell(row: Row): string;
}

/** Null when there are no rows: an empty table says nothing. */
export function tableOf<Row>(columns: readonly ColumnOf<Row>[], rows: readonly Row[]): Table | null {
  if (rows.length === 0) return null;
  return {
    columns: columns.map(({ title, group, align }) => ({ title, group, align })),
    rows: rows.map((row) => columns.map((column) => column.cell(row))),
  };
}

export function textColumn<Row>(title: string, cell: (row: Row) => string): ColumnOf<Row> {
  return { title, group: null, align: 'left', cell };
}

export function numberColumn<Row>(
  title: string,
  cell: (row: Row) => string,
  group: string | null = null,
): ColumnOf<Row> {
  return { title, group, align: 'right', cell };
}

/** Parts of a report in reading order; both renderers show the same. */
export interface ReportDocument {
  readonly title: string;
  readonly lead: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly table: Table | null;
  /** Facts that belong to this table. */
  readonly notes: readonly string[];
  /** What the statistic measures and what it does not; empty when the table needs none. */
  readonly explanation: string;
  /** Wanted in a document that is kept, too long for a terminal. */
  readonly detail: boolean;
}
