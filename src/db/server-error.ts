/** An error that the server raised for a statement, with the fields of its report under their names in the manual. */
export class ServerError extends Error {
  readonly sqlState: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Where in the statement, in code points from 1. */
  readonly position: number | undefined;
  /** The statement that a function ran when it failed, and where in that. */
  readonly internalQuery: string | undefined;
  readonly internalPosition: number | undefined;
  /** The calls that led there, innermost first. */
  readonly context: string | undefined;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = "ServerError";
    this.sqlState = report.code;
    this.detail = report.detail;
    this.hint = report.hint;
    this.position = optionalNumber(report.position);
    this.internalQuery = report.internal_query;
    this.internalPosition = optionalNumber(report.internal_position);
    this.context = report.where;
  }
}

/** The report as the driver hands it over. */
export interface ErrorReport {
  readonly message: string;
  readonly code: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: string | undefined;
  readonly internal_query?: string | undefined;
  readonly internal_position?: string | undefined;
  readonly where?: string | undefined;
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
