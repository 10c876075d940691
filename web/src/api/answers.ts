/** The answers of the service, as far as the page reads them. */

export type Level = "error" | "warning" | "info";

export interface Stretch {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

export interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Finding {
  readonly rule: string;
  readonly name: string;
  readonly severity: Level;
  readonly message: string;
  readonly hint: string | null;
  readonly location: Stretch;
  readonly object: Named | null;
  readonly fingerprint: string;
  readonly related: readonly { readonly location: Stretch; readonly message: string }[];
  readonly others: readonly Stretch[];
}

export interface Report {
  readonly tool: { readonly version: string };
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  readonly rules: readonly { readonly id: string; readonly name: string; readonly summary: string }[];
  readonly summary: {
    readonly files: number;
    readonly objects: number;
    readonly not_analysed: readonly {
      readonly reason: string;
      readonly paths: readonly string[];
      readonly hint: string | null;
    }[];
    readonly notes: readonly string[];
  };
}

export interface Workspace {
  readonly name: string;
  readonly kind: string;
  readonly files: number;
  readonly objects: number;
  readonly revision: number;
}

export interface Excerpt {
  readonly file: string;
  readonly first: number;
  readonly lines: readonly string[];
}

export interface Example {
  readonly title: string;
  readonly kind: "bad" | "good";
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly { readonly file: string; readonly line: number }[];
  readonly fixed: Readonly<Record<string, string>>;
}

export interface RulePage {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly severity: Level;
  readonly profile: string;
  readonly confidence: string;
  readonly meshes: readonly string[];
  readonly rationale: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly examples: readonly Example[];
}
