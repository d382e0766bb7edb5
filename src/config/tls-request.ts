import type { Settings } from "./parameters.ts";
import type { SslMode } from "./supported-values.ts";

/** What the steps that make up the TLS options have in common. */
export interface TlsRequest {
  readonly settings: Settings;
  readonly mode: SslMode;
  /** Returns the absolute path of a file, or of a file in ~/.postgresql when none is given. */
  readonly path: (parameter: string, fallback: string) => string;
}
